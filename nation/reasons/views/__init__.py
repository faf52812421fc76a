"""Views of reasons and examples."""
