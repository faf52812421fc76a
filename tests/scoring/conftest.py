"""Fixtures of the tests of scoring."""

import pytest

from tests.trial import Trial, make_trial


@pytest.fixture
def trial(db: None) -> Trial:
    """An open round of the made-up year with an empty provincial response."""
    return make_trial()
