"""Views of years that each agency answers: all provinces, one province, their files."""
