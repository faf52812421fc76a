"""What must hold for any answers: evidence never costs points, closed answers never count, nothing crashes."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.as_json import serialize_score_sheet
from scoring.engine.facts import ResponseFacts
from scoring.engine.score import compute_score_sheet
from scoring.engine.sheet import ScoreSheet
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue, Item, TableColumn
from tests.scoring.worlds import full_answers, world

pytestmark = pytest.mark.slow

NAMES = ("real", "trial")
both = pytest.mark.parametrize("name", NAMES)
EXTERNALS = st.dictionaries(st.sampled_from(["3.3", "4.2", "4.3", "2.2"]), st.decimals(0, 100, places=2), max_size=4)


def _any_value(owner: Item | TableColumn, random: Random) -> AnswerValue:
    keys = [o.key for o in owner.options]
    if owner.kind == "single":
        return random.choice(keys)
    if owner.kind == "multi":
        return random.sample(keys, random.randint(1, len(keys)))
    if owner.kind == "number":
        return random.choice(["0", "1", "7.5", "10", "100"])
    if owner.kind == "url":
        return "https://a.example.org"
    return "2025-01" if owner.kind == "month_year" else "x"


def some_of(data: st.DataObject, places: frozenset[str]) -> frozenset[str]:
    """Any part of a set, from a seed."""
    random = Random(data.draw(st.integers(0, 2**32)))
    share = data.draw(st.sampled_from([0.0, 0.2, 0.8, 1.0]))
    return frozenset(p for p in sorted(places) if random.random() < share)


@st.composite
def answers(draw: st.DrawFn, name: str) -> dict[str, AnswerValue]:
    """Part of the form answered in any way its types allow, on the path or not.

    Drawn from a seed: hundreds of single draws per example would take most of the time of all tests.
    """
    instrument, _ = world(name)
    whole = full_answers(name)
    random = Random(draw(st.integers(0, 2**32)))
    share = draw(st.sampled_from([0.1, 0.5, 0.9, 1.0]))
    values: dict[str, AnswerValue] = {}
    for address, best in whole.items():
        owner = owner_of(instrument.items, address)
        if random.random() < share:
            keep = owner.kind == "repeat" or random.random() < share
            values[address] = best if keep else _any_value(owner, random)
    return values


def owner_of(items: Mapping[str, Item], address: str) -> Item | TableColumn:
    last = address.rsplit("#", 1)[-1]
    item = items[last.split("/")[1] if "#" in address and "/" in last else address.split("/")[0].split("#")[0]]
    if item.kind != "table":
        return item
    return next(c for c in item.columns if c.key == address.rsplit("/", 1)[-1])


def sheet(name: str, values: Mapping[str, AnswerValue], marked: frozenset[str], externals: dict) -> ScoreSheet:
    instrument, scheme = world(name)
    return compute_score_sheet(instrument, scheme, ResponseFacts(resolve_path(instrument, values), marked, externals))


def figures(found: ScoreSheet) -> list[Decimal]:
    """Total, pillars and sub-pillars."""
    scores = [found.total, *(p.score for p in found.pillars), *(s.score for s in found.sub_pillars)]
    return [Decimal(0) if x is None else x for x in scores]


@both
@given(data=st.data())
def test_adding_evidence_never_lowers_a_score(name: str, data: st.DataObject) -> None:
    instrument, _ = world(name)
    values = data.draw(answers(name))
    places = frozenset(resolve_path(instrument, values).places)
    some = some_of(data, places)
    more = some | some_of(data, places)
    externals = data.draw(EXTERNALS)
    before, after = sheet(name, values, some, externals), sheet(name, values, more, externals)
    assert all(a <= b for a, b in zip(figures(before), figures(after), strict=True))
    levels = [(a.level or 0, b.level or 0) for a, b in zip(before.pillars, after.pillars, strict=True)]
    assert all(a <= b for a, b in levels)


@both
@given(data=st.data())
def test_what_is_off_the_path_never_counts(name: str, data: st.DataObject) -> None:
    instrument, _ = world(name)
    values = data.draw(answers(name))
    on_path = resolve_path(instrument, values).values
    marked = some_of(data, full_places(name))
    with_closed = sheet(name, values, marked, {})
    without = sheet(name, dict(on_path), marked, {})
    assert serialize_score_sheet(with_closed) == serialize_score_sheet(without)


@both
@given(data=st.data())
def test_the_order_of_answers_does_not_matter(name: str, data: st.DataObject) -> None:
    values = data.draw(answers(name))
    items = list(values.items())
    Random(data.draw(st.integers(0, 2**32))).shuffle(items)
    shuffled = dict(items)
    marked = full_places(name)
    assert sheet(name, values, marked, {}) == sheet(name, shuffled, marked, {})


@both
@given(data=st.data())
def test_a_score_is_always_in_range_and_bounded(name: str, data: st.DataObject) -> None:
    found = sheet(name, data.draw(answers(name)), full_places(name), data.draw(EXTERNALS))
    assert all(0 <= x <= 100 for x in figures(found))
    assert found.low <= (found.total if found.total is not None else found.low) <= found.high
    assert found.high - found.low == 100 - found.known_weight
    for criterion in found.criteria:
        assert criterion.points is None or 0 <= criterion.points <= criterion.maximum


@both
@given(data=st.data())
def test_no_stored_value_crashes(name: str, data: st.DataObject) -> None:
    addresses = st.sampled_from(sorted(full_answers(name))) | st.text(max_size=12)
    flat = st.text(max_size=8) | st.sampled_from(["yes", "done", "NaN", "Infinity", "-5", "1e999", "0"])
    value = flat | st.lists(st.sampled_from(["r1", "a", "yes", "1"]), max_size=3)
    values = {**full_answers(name), **data.draw(st.dictionaries(addresses, value, max_size=12))}
    try:
        path = resolve_path(world(name)[0], values)
    except (TypeError, AttributeError, ArithmeticError):
        return  # not a value of its type: answers.parse never stores one
    instrument, scheme = world(name)
    found = compute_score_sheet(instrument, scheme, ResponseFacts(path, frozenset(path.places), {}))
    assert all(0 <= x <= 100 for x in figures(found))


@cache
def full_places(name: str) -> frozenset[str]:
    """Every evidence place there can be."""
    instrument, _ = world(name)
    return frozenset(resolve_path(instrument, full_answers(name)).places)
