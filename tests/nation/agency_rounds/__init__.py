"""Tests of years that each agency answers for itself."""
