"""The world of notices."""

from __future__ import annotations

import pytest

from survey.models import Notice
from tests.assigned import Assigned, make_assigned
from tests.people import People


@pytest.fixture
def world(people: People) -> Assigned:
    made = make_assigned(people)
    Notice.objects.all().delete()  # of being assigned
    return made
