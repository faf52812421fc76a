"""A small nation copied as `make bench-nation` copies a large one: its journals hold, its pages ask no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.actions.log_chain import link_account_events
from accounts.models import Province
from nation.figures.actions import count_year, find_differences
from reports.models import Job
from reports.proof.files import FileCheck
from reports.proof.verify import verify_all
from survey.models import Answer, Event, Response, Round
from tests.bench.nation.asking import Asked, ask_pages
from tests.bench.nation.forms import publish_years
from tests.bench.nation.goals import MOST_BYTES, MOST_QUERIES
from tests.bench.nation.growing import grow_provinces
from tests.bench.nation.pages import Places
from tests.bench.nation.seed import play_years
from tests.nation.scale.padding import ROWS, pad

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db]
PROVINCES, YEARS, AGENCIES = 3, 2, 2


@pytest.fixture
def years(settings: Any, tmp_path: Path) -> list[int]:
    """The years of one province, played and copied; the files of their schemes are the test's own."""
    from django.core.management import call_command

    settings.SCHEME_DIRS = [str(tmp_path)]
    call_command("load_provinces", verbosity=0)
    found = publish_years(YEARS, tmp_path)
    play_years(found, AGENCIES, 1, lambda _line: None)
    for year in found:
        count_year(year)
    return found


def test_a_copied_nation_holds(years: list[int]) -> None:
    """Rows are as many as they should be, every journal verifies, kept figures are what a count says, and no page asks
    more than it did for one province; with full tables no page reads one of them row by row."""
    rows = {model: model._default_manager.count() for model in (Round, Response, Answer, Event)}
    assert rows[Round] == YEARS
    assert rows[Response] == YEARS * (AGENCIES + 1)
    one = {page.name: page for page in ask_pages(years[-1]).pages}

    grow_provinces(PROVINCES, lambda _line: None)
    cache.clear()

    assert {model: model._default_manager.count() for model in rows} == {m: n * PROVINCES for m, n in rows.items()}
    link_account_events()
    report = verify_all(files=FileCheck.NONE)
    assert report.ok, [fault.text("en") for fault in report.faults[:5]]
    assert report.events == rows[Event] * PROVINCES
    count_year(years[0], everything=True)  # the pattern has results published of the year before, the copies have none
    assert [difference for year in years for difference in find_differences(year)] == []

    for page in ask_pages(years[-1]).pages:
        _assert_no_growth(one[page.name], page)
    _assert_indexed(years[-1])


def _assert_no_growth(one: Asked, nation: Asked) -> None:
    assert nation.status == 200, nation.path
    if nation.national:
        assert nation.queries <= MOST_QUERIES, nation.name
        assert nation.bytes <= MOST_BYTES, nation.name
    else:
        assert nation.queries <= one.queries, nation.name


def _assert_indexed(year: int) -> None:
    """Carries out every query of the main pages among ROWS rows a table, and looks how PostgreSQL found them."""
    places = Places(year)
    elsewhere = Province.objects.exclude(pk=places.province.pk)[0]
    Job.objects.create(
        kind="result", state="cancelled", province=elsewhere, by=places.centre, created_at=timezone.now()
    )
    pad()
    looked_through = {
        (page.name, scan["kind"], scan["table"], scan["rows"], scan["sql"][:400])
        for page in ask_pages(year, plans=True).pages
        for scan in page.scans
        if scan["rows"] >= ROWS // 2  # an index that is gone through from end to end is no better
    }
    assert not looked_through
