"""The range of a score: always around the best estimate, as wide as the unpublished leaves it, no wider."""

import csv
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.facts import ResponseFacts
from scoring.engine.range_types import SheetRanges
from scoring.engine.score import compute_score_sheet
from scoring.engine.score_range import _schemes_by_level_rule, compute_sheet_ranges
from scoring.engine.score_tables import score_table
from scoring.engine.sheet import ScoreSheet
from scoring.scheme.load import parse_scheme
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue
from tests.scoring.engine.test_properties import EXTERNALS, answers, full_places, some_of
from tests.scoring.worlds import ROOT, full_answers, text, world

ALL = {"3.3": Decimal("49.83"), "4.2": Decimal("69.52"), "4.3": Decimal("49.52"), "2.2": Decimal("33.33")}
both = pytest.mark.parametrize("name", ["real", "trial"])


def ranged(
    name: str,
    values: Mapping[str, AnswerValue],
    externals: Mapping[str, Decimal] | None = None,
    marked: frozenset[str] | None = None,
) -> tuple[ScoreSheet, SheetRanges]:
    instrument, scheme = world(name)
    path = resolve_path(instrument, values)
    facts = ResponseFacts(path, frozenset(path.places) if marked is None else marked, externals or {})
    sheet = compute_score_sheet(instrument, scheme, facts)
    return sheet, compute_sheet_ranges(instrument, scheme, facts, sheet)


@both
@given(data=st.data())
def test_the_best_estimate_lies_in_its_range(name: str, data: st.DataObject) -> None:
    marked = some_of(data, full_places(name))
    sheet, found = ranged(name, data.draw(answers(name)), data.draw(EXTERNALS), marked)
    spans = [found.total, *found.pillars.values(), *found.sub_pillars.values(), *found.criteria.values()]
    assert all(0 <= s.low <= s.high <= 100 for s in spans)
    assert all(s.low <= s.best <= s.high for s in spans if s.best is not None)
    assert found.total.low <= sheet.low
    assert sheet.high <= found.total.high
    for span in (found.total, *found.sub_pillars.values(), *found.pillars.values()):
        if span.level is not None and (span is not found.total or sheet.is_complete):
            assert span.level_low is not None
            assert span.level_high is not None
            assert span.level_low <= span.level_high


def test_a_full_form_rests_on_published_steps_where_there_are_some() -> None:
    sheet, found = ranged("real", full_answers("real"), ALL)
    assert found.sub_pillars["1.1"].low == found.sub_pillars["1.1"].high == 100, "level 5 is published"
    assert found.sub_pillars["2.4"].low == 80, "its full points are assumed"
    assert found.sub_pillars["3.3"].low == found.sub_pillars["3.3"].high == Decimal("49.83"), "entered from outside"
    assert sheet.total is not None
    assert found.total.low < sheet.total == found.total.high


def test_steps_below_a_published_one_stay_below_it() -> None:
    _, found = ranged("real", {"P1.1": "done", "P1.1a2": ["1", "2", "3", "4", "5", "6"]})
    span = found.criteria["issues-covered"]
    assert (span.low, span.best, span.high) == (60, 80, 80)


def test_exempt_rows_may_count() -> None:
    values: dict[str, AnswerValue] = {
        f"P2.4/{row}/state": "exempt" for row, _ in world("real")[0].items["P2.4"].answer_rows
    }
    _, found = ranged("real", values)
    span = found.criteria["privacy-items"]
    assert (span.low, span.best, span.high) == (0, 0, 100)


def test_what_is_not_known_is_open_from_end_to_end() -> None:
    _, found = ranged("real", {})
    assert (found.sub_pillars["3.3"].low, found.sub_pillars["3.3"].best, found.sub_pillars["3.3"].high) == (
        0,
        None,
        100,
    )
    assert found.total.high == 15


def test_every_reading_of_the_levels_fits_what_is_published() -> None:
    """Domain facts §5: Nong Khai 2567 has six pillars at level 3 or higher and level 3; the best province level 4."""
    scheme, _ = parse_scheme(text("fixtures/schemes/dg-province-2567.yaml"))
    assert scheme is not None
    assert scheme.levels is not None
    rules = [r.levels for r in _schemes_by_level_rule(world("real")[1])]
    assert len(rules) == 3
    tables: dict[str, dict[str, Decimal]] = {}
    with (ROOT / "fixtures/results/2567.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "sub_pillar":
                tables.setdefault(row["subject"], {})[row["code"]] = Decimal(row["score"])
    for rule in rules:
        object.__setattr__(scheme, "levels", rule)
        ours = score_table(scheme, tables["TH-43"])
        assert sum((p.level or 0) >= 3 for p in ours.pillars) == 6
        assert ours.level == 3
        assert max(ours.pillars, key=lambda p: p.index or 0).number == "7"
        assert min(ours.pillars, key=lambda p: p.index or 0).number == "2"
        assert score_table(scheme, tables["rank-1"]).level == 4


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("readings: [{id: a, name: {th: ก}, from: assumed}]", "one of `steps`, `answers`, `levels`"),
        ("readings: [{id: a, name: {th: ก}, from: assumed, steps: {less: 5}}]", "{less: points, more: points}"),
        ("readings: [{id: a, name: {th: ก}, from: assumed, answers: {nobody: [x]}}]", "unknown criterion 'nobody'"),
        ("work: {item: {name: {th: ก}, effort: {value: 1.5, from: assumed}, say: {th: ก}}}", "whole number above 0"),
        ("work: {item: {name: {th: ก}, effort: {value: 1, from: assumed}, say: {th: ก}}}", "'evidence' is missing"),
    ],
)
def test_faults_of_readings_and_work(more: str, fault: str) -> None:
    base = text("tests/instruments/dg-trial-2570-scheme.yaml").split("\nreadings:")[0]
    _, faults = parse_scheme(f"{base}\n{more}\n")
    assert any(fault in str(f) for f in faults), faults
