"""The explanation accounts for the whole score: for every answer changed, the whole difference, exactly."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.facts import ResponseFacts
from scoring.engine.score import compute_score_sheet
from scoring.engine.shares import compute_score_shares, sum_kept_points
from scoring.engine.sheet import ScoreSheet
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue, Item, Option
from tests.scoring.engine.test_properties import EXTERNALS, answers, full_places, owner_of, some_of
from tests.scoring.worlds import fill, full_answers, sheet_of, world

ALL = {"3.3": Decimal("49.83"), "4.2": Decimal("69.52"), "4.3": Decimal("49.52"), "2.2": Decimal("33.33")}
both = pytest.mark.parametrize("name", ["real", "trial"])


def accounted(sheet: ScoreSheet) -> Decimal:
    """Checks the sums of a sheet's explanation; what is kept in all."""
    found = compute_score_shares(sheet)
    kept = sum_kept_points(found)
    assert kept == sheet.low
    assert kept + sum(s.lost for s in found.values()) == sheet.known_weight
    assert all(s.kept >= 0 and s.lost >= 0 for s in found.values())
    for sub in sheet.sub_pillars:
        if sub.score is not None and sub.weight:
            mine = sum(found[c.id].kept for c in sub.walk())
            assert mine == sub.score * sub.weight.value / 100
    return kept


def mutations(name: str, values: Mapping[str, AnswerValue]) -> Iterator[tuple[str, dict[str, AnswerValue]]]:
    """Every answer changed, one at a time, in every way its type allows.

    Left out; each other option of a choice, with what that option opens filled in and then each of that left out; of
    several picks each taken away; of a list its last row; a number at its least.
    """
    instrument, _ = world(name)
    for address, value in values.items():
        without = {a: v for a, v in values.items() if a != address}
        yield address, without
        owner = owner_of(instrument.items, address)
        if isinstance(value, list):
            gone = [[x for x in value if x != one] for one in value] if owner.kind == "multi" else [value[:-1]]
            yield from ((address, {**without, address: some}) for some in gone if some)
        elif owner.kind == "single":
            for option in owner.options:
                if option.key != value:
                    yield from _other(instrument.items, address, option, without)
        elif owner.kind == "number":
            yield address, {**without, address: "0"}


def _other(
    items: Mapping[str, Item], address: str, option: Option, rest: Mapping[str, AnswerValue]
) -> Iterator[tuple[str, dict[str, AnswerValue]]]:
    opened: dict[str, AnswerValue] = {}
    prefix = address[: address.rindex("/") + 1] if "#" in address else ""
    for item in _then(items, address, option):
        fill(item, prefix, opened)
    changed = {**rest, address: option.key, **opened}
    yield address, changed
    for child in opened:
        yield child, {a: v for a, v in changed.items() if a != child}


def _then(items: Mapping[str, Item], address: str, option: Option) -> Sequence[Item]:
    if "#" in address or "/" not in address:
        return option.then
    table, row, column = address.split("/")
    found = next(r for key, r in items[table].answer_rows if key == row)
    return found.then.get(f"{column}={option.key}", ())


def fields(name: str) -> set[str]:
    """Every field of the form: items, and cells of tables."""
    out: set[str] = set()
    for item in world(name)[0].items.values():
        if item.kind == "table":
            out |= {f"{item.id}/{key}/{c.key}" for key, _row in item.answer_rows for c in item.columns}
        elif item.kind != "group":
            out.add(item.id)
    return out


@pytest.mark.slow
@both
def test_each_answer_changed_is_accounted_for(name: str) -> None:
    """All fields of the form, not a sample; the difference to the last digit, criterion by criterion."""
    values = full_answers(name)
    before = sheet_of(name, values, externals=ALL)
    was, moved = accounted(before), 0
    assert before.total == before.low, "everything is known"
    told = {c.id: (c.points, c.reason, c.trace) for c in before.criteria}
    parts = compute_score_shares(before)
    seen: set[str] = set()
    for address, changed in mutations(name, values):
        seen.add(address.rsplit("#", 1)[-1].partition("/")[2] if "#" in address else address)
        after = sheet_of(name, changed, externals=ALL)
        assert after.total is not None
        assert before.total is not None
        assert accounted(after) - was == after.total - before.total, address
        moved += after.total != before.total
        now = compute_score_shares(after)
        assert sum(now[c].kept - parts[c].kept for c in now) == after.total - before.total
        for sub in after.sub_pillars:
            if all((c.points, c.reason, c.trace) == told[c.id] for c in sub.walk()):
                assert all(now[c.id] == parts[c.id] for c in sub.walk()), "an untouched sub-pillar keeps its shares"
    assert moved > 10
    assert fields(name) <= seen, "every field was changed"


@both
def test_each_mark_taken_away_is_accounted_for(name: str) -> None:
    values = full_answers(name)
    places = full_places(name)
    instrument, scheme = world(name)
    path = resolve_path(instrument, values)
    was = accounted(compute_score_sheet(instrument, scheme, ResponseFacts(path, places, ALL)))
    for place in sorted(places):
        after = compute_score_sheet(instrument, scheme, ResponseFacts(path, places - {place}, ALL))
        assert accounted(after) - was == after.low - was <= 0, "a mark taken away never raises"
        named = {leaf.address for c in after.criteria for leaf in c.unproven}
        counted = {p for c in after.criteria for leaf in c.counted for p in leaf.evidence_places}
        asked = {p for c in after.criteria for leaf in c.trace.walk() for p in leaf.evidence_places}
        if place in asked and not path.places[place].url:
            assert place in named, "the place that lacks its mark is named"
        assert place not in counted or path.places[place].url


@both
@given(data=st.data())
def test_any_form_is_accounted_for(name: str, data: st.DataObject) -> None:
    values = data.draw(answers(name))
    marked = some_of(data, full_places(name))
    accounted(sheet_of(name, values, marked, data.draw(EXTERNALS)))
