"""Fixtures of rounds that each agency answers."""

import pytest

from tests.nation.agency_rounds.world import AgencyWorld, make_agency_world
from tests.people import People


@pytest.fixture
def agency_world(people: People) -> AgencyWorld:
    """Province a with a round that its six asked agencies answer."""
    return make_agency_world(people)
