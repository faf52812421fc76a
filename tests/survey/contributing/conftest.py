import pytest

from tests.assigned import Assigned, make_assigned
from tests.people import People


@pytest.fixture
def world(people: People) -> Assigned:
    return make_assigned(people)
