"""One act for many provinces, with its preview."""
