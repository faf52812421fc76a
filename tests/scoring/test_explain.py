"""The explanation accounts for the whole score: for every answer changed, the whole difference, exactly."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine import Facts, score
from scoring.shares import kept_in_all, shares
from scoring.sheet import ScoreSheet
from survey.instrument.path import resolve
from survey.instrument.schema import Value
from tests.scoring.test_properties import EXTERNALS, answers, full_places, some_of
from tests.scoring.worlds import full_answers, sheet_of, world

ALL = {"3.3": Decimal("49.83"), "4.2": Decimal("69.52"), "4.3": Decimal("49.52"), "2.2": Decimal("33.33")}
both = pytest.mark.parametrize("name", ["real", "trial"])


def accounted(sheet: ScoreSheet) -> Decimal:
    """Checks the sums of a sheet's explanation; what is kept in all."""
    found = shares(sheet)
    kept = kept_in_all(found)
    assert kept == sheet.low
    assert kept + sum(s.lost for s in found.values()) == sheet.known_weight
    assert all(s.kept >= 0 and s.lost >= 0 for s in found.values())
    for sub in sheet.sub_pillars:
        if sub.score is not None and sub.weight:
            mine = sum(found[c.id].kept for c in sub.walk())
            assert mine == sub.score * sub.weight.value / 100
    return kept


def mutations(values: Mapping[str, Value]) -> list[tuple[str, dict[str, Value]]]:
    """Every answer left out, one at a time; of several picks or rows also each without the last."""
    out: list[tuple[str, dict[str, Value]]] = []
    for address, value in values.items():
        without = {a: v for a, v in values.items() if a != address}
        out.append((address, without))
        if isinstance(value, list) and len(value) > 1:
            out.append((address, {**without, address: value[:-1]}))
        elif value not in ("1", "no", "none") and isinstance(value, str) and value.isdigit():
            out.append((address, {**without, address: "1"}))
    return out


@both
def test_each_answer_changed_is_accounted_for(name: str) -> None:
    values = full_answers(name)
    before = sheet_of(name, values, externals=ALL)
    was, moved = accounted(before), 0
    assert before.total == before.low, "everything is known"
    told = {c.id: (c.points, c.reason, c.trace) for c in before.criteria}
    parts = shares(before)
    for address, changed in mutations(values):
        after = sheet_of(name, changed, externals=ALL)
        assert after.total is not None
        assert before.total is not None
        assert accounted(after) - was == after.total - before.total, address
        moved += after.total != before.total
        now = shares(after)
        for sub in after.sub_pillars:
            if all((c.points, c.reason, c.trace) == told[c.id] for c in sub.walk()):
                assert all(now[c.id] == parts[c.id] for c in sub.walk()), "an untouched sub-pillar keeps its shares"
    assert moved > 10


@both
def test_each_mark_taken_away_is_accounted_for(name: str) -> None:
    values = full_answers(name)
    places = full_places(name)
    instrument, scheme = world(name)
    path = resolve(instrument, values)
    was = accounted(score(instrument, scheme, Facts(path, places, ALL)))
    for place in sorted(places):
        after = score(instrument, scheme, Facts(path, places - {place}, ALL))
        assert accounted(after) - was == after.low - was
        named = {leaf.address for c in after.criteria for leaf in c.unproven}
        counted = {p for c in after.criteria for leaf in c.counted for p in leaf.places}
        asked = {p for c in after.criteria for leaf in c.trace.walk() for p in leaf.places}
        if place in asked and not path.places[place].url:
            assert place in named, "the place that lacks its mark is named"
        assert place not in counted or path.places[place].url


@both
@given(data=st.data())
def test_any_form_is_accounted_for(name: str, data: st.DataObject) -> None:
    values = data.draw(answers(name))
    marked = some_of(data, full_places(name))
    accounted(sheet_of(name, values, marked, data.draw(EXTERNALS)))
