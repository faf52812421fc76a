"""The proof: a nation whose answers have the published figures of a year gives every one of them back."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from django.core.management import call_command

from demo.national.allocation import Allocation
from demo.national.expressions import Expression
from demo.national.published import Figure, OpenPoints
from demo.national.sample import CannotSample, PublishedYear, read_published_year
from demo.national.standings import ImpossibleShares, spread
from nation.facts.folding import fold_reason
from nation.facts.tally import CENT
from nation.facts.types import FactBlock, FactRow, NationalReport, Population
from nation.figures.actions import count_year, find_differences
from nation.figures.national_queries import read_national
from scoring.models import OfficialResult
from survey.models import Answer, FrozenResponse, Response
from survey.verifying import verify
from tests.nation.facts.recount import check, countable
from tests.trial import REAL, publish

TABLE = Path("benchmarks/2567.csv")


def test_levels_have_the_published_shares() -> None:
    assert spread([(3, 3, 21)], 76, even=True)[3] == 21
    dealt = spread([(4, 4, 36), (3, 5, 59)], 76, even=True)
    assert (dealt[4], dealt[3] + dealt[4] + dealt[5], sum(dealt.values())) == (36, 59, 76)
    assert spread([(3, 3, 76)], 76) == {1: 0, 2: 0, 3: 76, 4: 0, 5: 0}
    with pytest.raises(ImpossibleShares):
        spread([(3, 3, 40), (4, 4, 40)], 76)


def row_of(report: NationalReport, published: PublishedYear, one: Expression) -> FactRow | None:
    place = published.expressing.place(one)
    block = report.block(place.block)
    rows = [part for row in (block.rows if block else ()) for part in (row, *row.parts)]
    return next((row for row in rows if row.key == place.row), None)


def comes_back(row: FactRow | None, figure: Figure) -> bool:
    """Whether a printed share (of those asked, or of all provinces) or a printed number is what the report says."""
    if row is None:
        return False
    if figure.percent is not None:
        return any(found is not None and abs(found - figure.percent) <= CENT for found in (row.percent, row.of_all))
    return Decimal(figure.count or 0) == (row.value if row.value is not None else row.count)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.once
def test_every_published_figure_comes_back(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("load_provinces", "load_results"):  # one province has a real result of the year, which stays
        call_command(command, stdout=StringIO())
    real = OfficialResult.objects.get(year=2567, province__code="TH-43", kind="total").score
    publish(REAL)
    told = StringIO()
    call_command("national", "sample", "--like", str(TABLE), "--seed", "7", "--format", "json", stdout=told)
    published, year = read_published_year(TABLE), json.loads(told.getvalue())["year"]
    count_year(year)
    coding = {
        (one.address, fold_reason(one.figure.label.th)): (one.value, one.figure.label)
        for one in published.expressions
        if one.kind == "reason"
    }
    report = read_national(Population(year), reasons=coding)
    back = {one.figure.key for one in published.expressions if comes_back(row_of(report, published, one), one.figure)}
    missing = [figure for figure in published.figures if figure.key not in back]
    shares = [figure for figure in published.figures if figure.percent is not None]
    with capsys.disabled():
        print(f"\n{len(back)} of {len(published.figures)} figures come back, ", end="")
        print(f"{sum(figure.key in back for figure in shares)} of {len(shares)} percentages")
    assert (len(published.figures), [figure.key for figure in missing]) == (197, [])
    assert json.loads(told.getvalue())["not_expressed"] == 0
    assert (year, published.form.year) == (2567, 2567), "answered on the form of the survey's own year"
    assert OfficialResult.objects.get(year=2567, province__code="TH-43", kind="total").score == real
    check_answers(year, report)


@pytest.mark.django_db
@pytest.mark.slow
def test_the_form_of_the_year_after_says_what_its_links_say() -> None:
    """Without the form of the survey's own year the figures go through the year links, and 28 find no field."""
    publish(REAL)
    published = read_published_year(TABLE)
    allocation = Allocation(published.form, published.expressions, published.points, 76, Random(7))
    allocation.run()
    said = {one.figure.key for one in published.expressions} - {one.figure.key for one in allocation.failed}
    assert (published.form.year, len(said)) == (2568, 169)
    assert {figure.code for figure in published.figures if figure.key not in said} == set(published.points.cannot)
    with pytest.raises(CannotSample, match="2600"):
        read_published_year(TABLE, 2600)


def check_answers(year: int, report: NationalReport) -> None:
    """Fifty random figures against the raw answers; journals, versions and kept figures are sound."""
    stored: dict[str, dict[str, object]] = {}
    rows = Answer.objects.filter(response__round__year=year, response__agency=None)
    for code, value in rows.values_list("response__round__province__code", "value"):
        stored.setdefault(code, {}).update(value)
    figures: list[tuple[FactBlock, FactRow]] = list(countable(report.blocks))
    for block, row in Random(11).sample(figures, 50):
        check(list(stored.values()), block, row)
    responses = Response.objects.filter(round__year=year, agency=None)
    assert {response.state for response in responses} == {Response.State.APPROVED}
    assert FrozenResponse.objects.filter(response__in=responses, voided_at=None).count() == len(stored) == 76
    assert verify.verify_journal().faults == []
    assert find_differences(year) == []


@pytest.mark.django_db
@pytest.mark.slow
def test_the_same_seed_answers_alike_and_another_does_not() -> None:
    publish(REAL)
    published = read_published_year(TABLE)
    few = [one for one in published.expressions if one.address in ("G1", "P1.1", "P1.1a1", "P1.3")]

    def answers(seed: str) -> object:
        return Allocation(published.form, few, OpenPoints(), 76, Random(seed)).run()

    assert answers("1") == answers("1") != answers("2")
