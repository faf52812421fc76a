"""Putting contributions together: comparing, choosing, merging (pure)."""

from __future__ import annotations

import re
from functools import cache
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.content import sample_values, values_by_question
from survey.consolidating.compare import compare_contributions
from survey.consolidating.comparison import Contribution, FieldComparison
from survey.consolidating.merge import drop_closed_values, merge_contributions, merge_method
from survey.consolidating.merge_choices import (
    MergeChoices,
    propose_choices,
    record_left_out_rows,
    take_contribution,
    unite_contributions,
)
from survey.consolidating.merge_options import merge_options
from survey.consolidating.same_answer import is_same_answer
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue, AnswerValues, CompiledInstrument, Item
from survey.instrument.values import item_or_column_at, parse_posted_card
from tests.survey.consolidating.forms import REAL_FORM, TRIAL_FORM, question

FORMS = (TRIAL_FORM, REAL_FORM)
SPACES = re.compile(r" ")


@cache
def agency(form: int, number: int) -> dict[str, dict[str, AnswerValue]]:
    """What one of a dozen agencies answered to a whole form; made once, for it takes long."""
    return values_by_question(FORMS[form], sample_values(FORMS[form], f"agency {number}", 0.9))


def noisy(values: AnswerValues, rng: Random) -> dict[str, AnswerValue]:
    """The same answer as another typist would have it: more spaces, Thai digits."""
    out: dict[str, AnswerValue] = {}
    for address, value in values.items():
        text = isinstance(value, str) and " " in value and rng.random() < 0.5
        out[address] = SPACES.sub("  ", value) if text else value  # type: ignore[arg-type]
    return out


@st.composite
def worlds(draw: st.DrawFn) -> tuple[CompiledInstrument, Item, list[Contribution], dict[str, AnswerValue]]:
    """A question, what two to five agencies answered to it, and what the province has."""
    which = draw(st.integers(0, 1))
    form = FORMS[which]
    answers = [agency(which, n) for n in draw(st.lists(st.integers(0, 11), min_size=2, max_size=5))]
    if draw(st.booleans()):
        rng = Random(draw(st.integers(0, 99)))
        answers[-1] = {q: noisy(v, rng) for q, v in answers[0].items()}
    item = draw(st.sampled_from([q for q in form.questions if any(q.id in a for a in answers)]))
    givens = [Contribution(n + 1, a.get(item.id, {})) for n, a in enumerate(answers)]
    current = answers[0].get(item.id, {}) if draw(st.booleans()) else {}
    return form, item, givens, dict(current)


def leaves(form: CompiledInstrument, values: AnswerValues) -> set[tuple[str, str]]:
    """Every value with the item it belongs to, rows aside; options one by one."""
    out = set()
    for address, value in values.items():
        owner = item_or_column_at(form, address)
        assert owner is not None
        if owner.kind == "repeat":
            continue
        place = re.sub(r"#r[0-9a-z]+", "#", address)
        out |= {(place, v) for v in (value if isinstance(value, list) else [value])}
    return out


def submitted(values: AnswerValues) -> dict[str, list[str]]:
    return {a: v if isinstance(v, list) else [v] for a, v in values.items()}


def decided(comparison, seed: int) -> MergeChoices:
    """Some way for every field, never typed; some of the rows."""
    rng = Random(seed)
    picks = {}
    for line in comparison.fields:
        picks[line.address] = rng.choice([w.code for w in merge_options(line) if w.code != "edit"])
    rows = {}
    for repeat in comparison.repeats:
        ids = [r.id for r in repeat.rows if rng.random() < 0.7]
        rows[repeat.address] = tuple(ids[: repeat.item.max_rows])
    return MergeChoices(picks, {}, rows)


# -- properties -----------------------------------------------------------------------------------


@given(worlds())
def test_taking_one_contribution_gives_exactly_that_one(world) -> None:
    form, item, givens, current = world
    for one in givens:
        if not one.values:
            continue
        comparison = compare_contributions(item, givens, current)
        merged = merge_contributions(comparison, take_contribution(comparison, one.key))
        assert merged.is_complete
        assert is_same_answer(item, merged.values, one.values)
        assert leaves(form, merged.values) == leaves(form, one.values)
        assert all(one.key in keys for keys in merged.sources.values())


@given(worlds(), st.integers(0, 1000))
def test_no_value_appears_that_nobody_had(world, seed: int) -> None:
    form, item, givens, current = world
    comparison = compare_contributions(item, givens, current)
    choices = decided(comparison, seed)
    merged = merge_contributions(comparison, choices)
    had = set().union(*(leaves(form, g.values) for g in givens), leaves(form, current))
    made = {re.sub(r"#r[0-9a-z]+", "#", a) for a, code in choices.picks.items() if code in ("sum", "join")}
    assert {leaf for leaf in leaves(form, merged.values) if leaf[0] not in made} <= had


@given(worlds(), st.integers(0, 1000))
def test_what_comes_out_is_valid_and_settled(world, seed: int) -> None:
    form, item, givens, current = world
    comparison = compare_contributions(item, givens, current)
    merged = merge_contributions(comparison, decided(comparison, seed))
    assert merged.undecided == ()
    values, invalid = parse_posted_card(item, submitted(merged.values))
    assert (values, invalid) == (merged.values, [])
    closed = drop_closed_values(resolve_path(form, {}), item, merged.values)
    for address, value in closed.items():
        had = merged.values[address]
        # A repeat may lose rows that hold nothing once what was closed is gone; nothing else changes.
        assert value == had or (isinstance(value, list) and set(value) < set(had))
    assert drop_closed_values(resolve_path(form, {}), item, closed) == closed


@given(worlds())
def test_the_order_of_contributions_does_not_matter(world) -> None:
    _form, item, givens, current = world
    first = compare_contributions(item, givens, current)
    for order in list(permutations(givens))[:6]:
        again = compare_contributions(item, order, current)
        assert again == first
    # Neither does who is number one: united, they say the same.
    turned = [Contribution(len(givens) + 1 - g.key, g.values) for g in givens]
    other = compare_contributions(item, turned, {})
    base = compare_contributions(item, givens, {})
    for one, two in zip(_united(base), _united(other), strict=True):
        assert one == two
    assert other.agreement == base.agreement


def _united(comparison) -> list[object]:
    """What is offered and united, without rows' ids and without an order of its own."""
    out: list[object] = []
    for line in comparison.fields:
        for way in merge_options(line):
            if way.code in ("union", "sum"):
                out.append((re.sub(r"#r[0-9a-z]+", "#", line.address), way.code, str(way.value)))
    out += [(r.item.id, len(r.rows)) for r in comparison.repeats]
    return sorted(out, key=repr)


@given(worlds())
def test_merging_again_gives_the_same_rows_and_keeps_those_that_stand(world) -> None:
    _form, item, givens, current = world
    first = merge_contributions(
        compare_contributions(item, givens, current), unite_contributions(compare_contributions(item, givens, current))
    )
    settled = {a: v for a, v in first.values.items() if a not in first.undecided}
    again = compare_contributions(item, givens, settled)
    for repeat in again.repeats:
        standing = settled.get(repeat.address, [])
        assert [r.id for r in repeat.rows if r.is_current] == standing
        united = {r.id for r in repeat.rows}
        assert set(standing) <= united
    second = merge_contributions(again, propose_choices(again))
    for address, value in settled.items():
        assert second.values.get(address) == value


@given(worlds())
def test_every_value_has_its_sources(world) -> None:
    _form, item, givens, _current = world
    comparison = compare_contributions(item, givens, {})
    merged = merge_contributions(comparison, unite_contributions(comparison))
    values = {g.key: g.values for g in givens}
    for address, keys in merged.sources.items():
        assert keys
        for key in keys:
            assert any(comparison.provincial_address(key, a) == address for a in values[key])
    assert merged.sources.keys() == merged.values.keys()


@given(worlds())
def test_choices_survive_storing(world) -> None:
    _form, item, givens, current = world
    comparison = compare_contributions(item, givens, current)
    choices = record_left_out_rows(comparison, unite_contributions(comparison))
    assert MergeChoices.from_json(choices.json()) == choices


# -- single cases ---------------------------------------------------------------------------------


def line(
    givens: list[Contribution], address: str, item_id: str = "", current: AnswerValues | None = None
) -> FieldComparison:
    item = question(item_id or address.partition("/")[0])
    return next(n for n in compare_contributions(item, givens, current or {}).fields if n.address == address)


def test_options_are_united_in_the_instruments_order_and_none_gives_way() -> None:
    givens = [
        Contribution(1, {"T2": ["weekend"]}),
        Contribution(2, {"T2": ["evening"]}),
        Contribution(3, {"T2": ["never"]}),
    ]
    union = next(w for w in merge_options(line(givens, "T2")) if w.code == "union")
    assert union.value == ["evening", "weekend"]
    alone = [Contribution(1, {"T2": ["never"]}), Contribution(2, {"T2": ["never"]})]
    assert "union" not in {w.code for w in merge_options(line(alone, "T2"))}
    assert line(alone, "T2").agreement == "agree"


def test_numbers_can_be_summed_unless_that_is_more_than_there_can_be() -> None:
    two = [Contribution(1, {"T3": "8"}), Contribution(2, {"T3": "8"})]
    assert next(w for w in merge_options(line(two, "T3")) if w.code == "sum").value == "16"
    three = [*two, Contribution(3, {"T3": "9.5"})]
    assert "sum" not in {w.code for w in merge_options(line(three, "T3"))}  # a day has 24 hours
    assert compare_contributions(question("T3"), two, {}).may_add_up


def test_texts_agree_whatever_their_spaces_and_digits() -> None:
    givens = [Contribution(1, {"T5.2": "ปี ๒๕๗๐  ดี"}), Contribution(2, {"T5.2": " ปี 2570 ดี"})]
    found = line(givens, "T5.2")
    assert found.agreement == "agree"
    assert found.proposals[0].spelled_by(2) == " ปี 2570 ดี"


def test_texts_are_joined_or_typed() -> None:
    givens = [Contribution(1, {"T5.2": "หนึ่ง"}), Contribution(2, {"T5.2": "สอง"})]
    comparison = compare_contributions(question("T5.2"), givens, {})
    joined = merge_contributions(comparison, MergeChoices({"T5.2": "join"}))
    assert joined.values == {"T5.2": "หนึ่ง\nสอง"}
    assert joined.sources == {"T5.2": (1, 2)}
    typed = merge_contributions(comparison, MergeChoices({"T5.2": "edit"}, {"T5.2": ("หนึ่งและสอง",)}))
    assert typed.values == {"T5.2": "หนึ่งและสอง"}
    assert (typed.edited, merge_method(comparison, typed)) == ({"T5.2"}, "edit")


def test_what_differs_is_left_open_and_what_is_typed_wrong_is_told() -> None:
    givens = [Contribution(1, {"T8": "yes", "T8.1": "3", "T8.1.of": "5"}), Contribution(2, {"T8": "no"})]
    comparison = compare_contributions(question("T8"), givens, {})
    assert comparison.agreement == "differ"
    merged = merge_contributions(comparison, propose_choices(comparison))
    assert merged.undecided == ("T8",)
    wrong = merge_contributions(
        comparison, MergeChoices({"T8": "from:1", "T8.1": "edit", "T8.1.of": "from:1"}, {"T8.1": ("มาก",)})
    )
    assert [i.address for i in wrong.invalid] == ["T8.1"]


def test_what_the_taken_option_closes_is_left_out() -> None:
    givens = [Contribution(1, {"T8": "yes", "T8.1": "3", "T8.1.of": "5"}), Contribution(2, {"T8": "no"})]
    comparison = compare_contributions(question("T8"), givens, {})
    merged = merge_contributions(comparison, MergeChoices({"T8": "from:2", "T8.1": "from:1", "T8.1.of": "from:1"}))
    assert drop_closed_values(resolve_path(TRIAL_FORM, {}), question("T8"), merged.values) == {"T8": "no"}


def test_table_cells_are_compared_one_by_one_within_what_each_was_asked() -> None:
    one = Contribution(1, {"T4/kiosk/state": "no"}, frozenset({"T4"}))
    two = Contribution(2, {"T4/kiosk/state": "no", "T4/van/state": "yes", "T4/van/amount": "2"}, frozenset({"T4"}))
    found = {n.address: n.agreement for n in compare_contributions(question("T4"), [one, two], {}).fields}
    assert found == {"T4/kiosk/state": "agree", "T4/van/state": "some", "T4/van/amount": "some"}
    parts = [Contribution(1, {"T8": "yes", "T8.1": "3"}, frozenset({"T8", "T8.1"}))]
    parts.append(Contribution(2, {"T8": "yes", "T8.1.of": "5"}, frozenset({"T8", "T8.1.of"})))
    assert compare_contributions(question("T8"), parts, {}).agreement == "agree"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([{}, {}], "nobody"),
        ([{"T8": "no"}, {}], "single"),
        ([{"T8": "no"}, {"T8": "no"}], "agree"),
        ([{"T8": "yes", "T8.1": "3"}, {"T8": "yes"}], "partly"),
        ([{"T8": "yes"}, {"T8": "no"}], "differ"),
    ],
)
def test_how_the_whole_question_stands(values: list[AnswerValues], expected: str) -> None:
    givens = [Contribution(n, v) for n, v in enumerate(values, 1)]
    assert compare_contributions(question("T8"), givens, {}).agreement == expected


def test_how_an_answer_came_about() -> None:
    givens = [Contribution(1, {"T2": ["evening"]}), Contribution(2, {"T2": ["weekend"]})]
    comparison = compare_contributions(question("T2"), givens, {"T2": ["evening", "weekend"]})
    ways_to = {
        code: merge_method(comparison, merge_contributions(comparison, MergeChoices({"T2": code})))
        for code in ("from:1", "union")
    }
    assert ways_to == {"from:1": "take", "union": "merge"}
    assert merge_method(comparison, merge_contributions(comparison, MergeChoices({"T2": "keep"}))) == "edit"
    equal = compare_contributions(
        question("T2"), [Contribution(1, {"T2": ["evening"]}), Contribution(2, {"T2": ["evening"]})], {}
    )
    assert merge_method(equal, merge_contributions(equal, propose_choices(equal))) == "agreed"
