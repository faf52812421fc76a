"""Reading the national report: few queries whatever the data, the states of now, groups, last year, what is kept."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dgready.localized_text import LocalizedText
from nation.facts.types import NationalReport, Population
from nation.figures import national_queries
from nation.figures.national_queries import UnknownGroup, list_members, read_national
from nation.models import ProvinceFigures
from survey.models import Response
from tests.nation.figures.worlds import make_nation
from tests.trial import ROOT, publish

pytestmark = pytest.mark.django_db
NEXT = ROOT / "tests/instruments/dg-trial-2571.yaml"
COLD, WARM = 6, 3


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(national_queries, "_reports", type(national_queries._reports)(64))


def queries(population: Population) -> tuple[int, NationalReport]:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        report = read_national(population)
    return len(asked), report


@pytest.mark.parametrize("provinces", [1, 3, 76])
def test_the_report_takes_six_queries_and_three_when_it_is_kept(provinces: int) -> None:
    instrument = publish()
    make_nation(instrument, provinces)
    national_queries.compiled_instrument(instrument)  # compiled once per process
    cold, report = queries(Population(instrument.year))
    warm, again = queries(Population(instrument.year))
    assert cold <= COLD
    assert warm <= WARM
    assert again is report
    assert len(report.provinces) == provinces
    block = report.block("question.T1")
    assert block is not None
    assert block.asked == provinces
    assert {code for row in block.rows for code in row.provinces} <= set(report.provinces)


def test_states_are_those_of_now_and_a_new_count_is_seen() -> None:
    responses = make_nation(publish(), 4)
    year = responses[0].round.year
    assert len(read_national(Population(year)).provinces) == 4
    Response.objects.filter(pk=responses[0].pk).update(state=Response.State.RETURNED)  # reopened, not counted again yet
    Response.objects.filter(pk=responses[1].pk).update(state=Response.State.SUBMITTED)
    approved = read_national(Population(year))
    assert len(approved.provinces) == 2
    assert len(read_national(Population(year, submitted=True)).provinces) == 3
    rates = approved.block("rates")
    assert rates is not None
    assert {row.key: row.count for row in rates.rows} == {"answered": 3, "approved": 2, "submitted": 1, "open": 1}
    figures = ProvinceFigures.objects.get(response=responses[2])
    figures.facts["items"]["T1"], figures.counted_at = "none", timezone.now()
    figures.save()
    assert read_national(Population(year)) is not approved


def test_groups_are_parts_of_the_whole() -> None:
    year = make_nation(publish(), 5)[0].round.year
    members = list_members("region", year)
    assert members == ["north", "south"]
    parts = [read_national(Population(year, "region", member)) for member in members]
    assert [len(part.provinces) for part in parts] == [3, 2]
    whole = read_national(Population(year)).block("question.T5.1")
    counted = [part.block("question.T5.1") for part in parts]
    assert whole is not None
    for at, row in enumerate(whole.rows):
        assert row.count == sum(block.rows[at].count or 0 for block in counted if block)
    for wrong in (Population(year, "region", "moon"), Population(year, "region"), Population(year, "colour", "red")):
        with pytest.raises(UnknownGroup):
            read_national(wrong)


def test_last_year_stands_beside_this_one(settings: object) -> None:
    settings.LINK_DIRS = [str(ROOT / "tests/instruments/links")]  # type: ignore[attr-defined]
    make_nation(publish(), 3)
    year = make_nation(publish(NEXT), 3)[0].round.year
    report = read_national(Population(year))
    block, levels = report.block("question.T8") or report.block("question.T10"), report.block("levels.1")
    assert block is not None
    assert levels is not None
    assert all(row.before is not None for row in block.rows)
    assert "เทียบปีก่อน" in levels.sentence.th
    assert len(levels.rows) == len([row for row in levels.rows if row.before is not None])


def test_examples_and_codes_are_part_of_what_is_kept() -> None:
    year = make_nation(publish(), 2)[0].round.year
    text = LocalizedText("ตู้บริการหน้าตลาด")
    assert read_national(Population(year)).block("examples.repeats.T6") is None
    told = read_national(Population(year), examples={"repeats.T6": [text]}).block("examples.repeats.T6")
    assert told is not None
    assert [row.label for row in told.rows] == [text]


def test_a_year_without_rounds_has_no_blocks() -> None:
    report = read_national(Population(publish().year))
    assert report.blocks == ()
