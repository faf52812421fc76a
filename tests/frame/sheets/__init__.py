"""Tests of dgready/sheets."""
