"""Tests of accounts/lists and its pages."""
