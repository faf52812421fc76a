"""Renditions: the PDF of an office document, made in the background for looking at it and for the binder."""
