"""make bench-nation: a nation of many provinces and years, copied from one played year, and what its pages cost."""
