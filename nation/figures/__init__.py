"""Figures of every provincial answer, counted once and kept."""
