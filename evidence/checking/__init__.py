"""Checking marks against the texts of their files: what became of each passage, kept with the mark."""
