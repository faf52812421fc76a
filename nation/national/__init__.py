"""The national report: reading its blocks, pages, files."""
