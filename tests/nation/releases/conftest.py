"""The nation of the tests of releases."""

from __future__ import annotations

import pytest

from tests.nation.released import Nation, make_nation
from tests.people import People


@pytest.fixture
def nation(people: People) -> Nation:
    return make_nation(people)
