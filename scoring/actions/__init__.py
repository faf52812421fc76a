"""Writes of scoring."""
