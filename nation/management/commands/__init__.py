"""Commands of nation."""
