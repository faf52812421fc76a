"""A played round of the real form is whole, and the pages a secretariat works with are small and cheap.

That they stay so with thirty agencies is held by tests/survey: contributing/test_board.py (board, assignments),
consolidating/test_consolidation_size.py and test_consolidation_played.py.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from accounts.roles import Role
from survey.models import Round
from tests.demo.simulation.conftest import Play
from tests.demo.simulation.test_play import whole
from tests.trial import REAL, publish

QUERIES, BYTES = 10, 100_000


@pytest.mark.once
@pytest.mark.django_db
def test_the_pages_of_a_played_round(here, play: Play) -> None:
    publish(REAL)
    told = play(here.code, agencies=3, year="2568")
    round_ = Round.objects.get()
    whole(round_)
    assert told["consolidated"] > 50
    client = Client()
    client.force_login(Membership.objects.filter(province=here, role=Role.SECRETARIAT).earliest("pk").user)
    response = round_.responses.get(agency=None)
    for name, args in (
        ("survey:board", [here.code, round_.year]),
        ("survey:consolidate", [response.pk]),
        ("survey:assignments", [here.code, round_.year]),
    ):
        url = reverse(name, args=args)
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            page = client.get(url)
        assert page.status_code == 200, name
        assert len(found) <= QUERIES, name
        assert len(page.content) <= BYTES, name
