"""Pages of the centre take as much with many agencies and years as with few, and ten queries for 76 provinces."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pytest
from django.db import connection
from django.template import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext, _TestState

from accounts.models import Agency
from accounts.roles import Role
from nation.models import ProvinceFigures
from survey.models import Response, Round
from tests.bench.pages import count_calls, get_page
from tests.factories import MembershipFactory
from tests.nation.desk.worlds import make_nation

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]

PAGES: Final = ("", "?size=all", "act/", "act/message/", "report/", "report/1/", "replies/", "examples/")
QUERIES, BYTES = 10, 150_000
GROWTH: Final = 1.02  # of calls: how many a warm request takes differs a little from one to the next


@pytest.fixture
def centre() -> Client:
    client = Client()
    client.force_login(MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user)
    return client


def _open_earlier(rounds: Iterable[Round], years: Iterable[int]) -> None:
    """The same round in earlier years, with approved answers and figures."""
    rounds = list(rounds)
    dates = ("opens_on", "agency_due", "committee_on", "closes_at", "period_from", "period_to", "instrument_id")
    copies = [
        Round(province_id=one.province_id, year=year, **{name: getattr(one, name) for name in dates})
        for one in rounds
        for year in years
    ]
    made = Round.objects.bulk_create(copies)
    answers = Response.objects.bulk_create(Response(round=one, state=Response.State.APPROVED) for one in made)
    counted_at = ProvinceFigures.objects.values_list("counted_at", flat=True)[0]
    ProvinceFigures.objects.bulk_create(
        ProvinceFigures(
            response=one,
            province_id=one.round.province_id,
            year=one.round.year,
            version=0,
            state=one.state,
            counted_at=counted_at,
            facts={},
        )
        for one in answers
    )


def _add_agencies(rounds: Iterable[Round], numbers: Iterable[int]) -> None:
    numbers = list(numbers)
    Agency.objects.bulk_create(
        Agency(province_id=one.province_id, code=f"g{number}", name_th=f"หน่วยงาน {number}")
        for one in rounds
        for number in numbers
    )


def test_nothing_grows_with_agencies_and_years(centre: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # Test runs note each template that is rendered, with a copy of all it was given; what ships does not.
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)  # type: ignore[attr-defined]
    rounds = make_nation(76)
    year = rounds[0].year
    _add_agencies(rounds, range(1))
    _open_earlier(rounds, [year - 1])
    few = {name: count_calls(centre, f"/nation/{year}/{name}") for name in PAGES}
    _add_agencies(rounds, range(1, 12))
    _open_earlier(rounds, range(year - 4, year - 1))
    many = {name: count_calls(centre, f"/nation/{year}/{name}") for name in PAGES}
    print(few, many, sep="\n")
    assert not {name: (few[name], many[name]) for name in PAGES if many[name] > few[name] * GROWTH}


@pytest.mark.parametrize("number", [1, 3, 76])
def test_ten_queries_and_little_html_whatever_the_number(centre: Client, number: int) -> None:
    rounds = make_nation(number)
    for name in PAGES:
        address = f"/nation/{rounds[0].year}/{name}"
        get_page(centre, address)
        with CaptureQueriesContext(connection) as asked:
            html = get_page(centre, address)
        assert len(asked) <= QUERIES, [one["sql"][:90] for one in asked]
        assert len(html) <= BYTES
