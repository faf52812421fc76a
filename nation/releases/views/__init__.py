"""Views of releases: the centre's, and what the public sees."""
