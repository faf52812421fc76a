"""Fixtures of the survey's tests."""

import pytest

from tests.flow import Flow, make_flow
from tests.people import People


@pytest.fixture
def flow(people: People) -> Flow:
    """A draft of province a for the made-up year 2570, with everybody of the province."""
    return make_flow(people)
