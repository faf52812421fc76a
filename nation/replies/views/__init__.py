"""Views of the right of reply: of a province, of the centre."""
