"""Tests of respondents that are departments."""
