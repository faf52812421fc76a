"""Embargo, and versions of the national report that never change."""
