"""Small worlds for tests: one factory per model, in alphabetical order."""

import factory  # noqa: F401
