"""Views of the national report."""
