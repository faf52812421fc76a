"""Evidence of a contribution that changed after the provincial answer took it over."""
