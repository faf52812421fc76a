"""Pages of second factors."""
