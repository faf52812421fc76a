"""Tests of a nation's size."""
