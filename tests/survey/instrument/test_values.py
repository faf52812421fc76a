"""Cleaning: no input crashes, what is valid is kept, Thai digits are digits."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.instrument.check import check_instrument
from survey.instrument.path import resolve_path
from survey.instrument.values import drop_empty_rows, parse_posted_card
from tests import trial

REAL = trial.form(trial.REAL)
INSTRUMENTS = (REAL, trial.form(trial.TRIAL))
FORMS = sorted((trial.ROOT / "fixtures/instruments").glob("*.yaml"))
text = st.text(max_size=40) | st.sampled_from(
    ["yes", "no", "1", "ra", "rb", "๑๒", "2568", "06", "http://a.b/", "-1", "9" * 40]
)


@pytest.mark.parametrize(("raw", "value"), [("๑๒", "12"), ("1,200", "1200"), ("0", "0"), ("007", "7"), ("", None)])
def test_numbers(raw: str, value: str | None) -> None:
    question = REAL.items["P4.1"]
    item = next(i for i in question.card() if i.kind == "number")
    values, invalid = parse_posted_card(question, {"P4.1": ["count"], item.id: [raw]})
    assert values.get(item.id) == value
    assert not invalid


@pytest.mark.parametrize("raw", ["1.5", "-1", "abc", "1e5", "9" * 30, "²"])
def test_bad_numbers_are_explained_and_the_rest_is_kept(raw: str) -> None:
    question = REAL.items["P4.1"]
    item = next(i for i in question.card() if i.kind == "number")
    values, invalid = parse_posted_card(question, {"P4.1": ["count"], item.id: [raw]})
    assert values == {"P4.1": "count"}
    assert [i.address for i in invalid] == [item.id]
    assert invalid[0].message()
    assert invalid[0].message("en")


def test_month_and_year_in_the_buddhist_era() -> None:
    item = next(i for i in REAL.items.values() if i.kind == "month_year")
    question = REAL.items[item.question or ""]
    assert parse_posted_card(question, {item.id: ["06", "2568"]})[0][item.id] == "2025-06"
    assert parse_posted_card(question, {item.id: ["06", "๒๕๖๘"]})[0][item.id] == "2025-06"
    assert parse_posted_card(question, {item.id: ["", ""]})[0] == {}
    assert parse_posted_card(question, {item.id: ["06", ""]})[1][0].reason == "month"
    assert parse_posted_card(question, {item.id: ["13", "2568"]})[1][0].reason == "month"


def test_multi_keeps_the_order_of_the_form_and_refuses_strangers() -> None:
    question = REAL.items["P1.1"]
    values, _ = parse_posted_card(question, {"P1.1": ["done"], "P1.1a2": ["7", "1", "7"]})
    assert values["P1.1a2"] == ["1", "7"]
    assert parse_posted_card(question, {"P1.1a2": ["99"]})[1][0].reason == "choice"


def test_tidy_drops_empty_and_unlisted_rows() -> None:
    values: dict[str, Any] = {
        "R": ["ra", "rb", "rc"],
        "R#ra/x": "1",
        "R#rc/S": ["rd"],
        "R#rz/x": "gone",
        "T": ["1", "2"],
    }
    items = {name: SimpleNamespace(kind="repeat") for name in "RS"}
    assert drop_empty_rows(values, items) == {"R": ["ra"], "R#ra/x": "1", "T": ["1", "2"]}  # type: ignore[arg-type]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_no_picked_option_is_taken_for_a_row(path: Path) -> None:
    """The key of an option may look like the id of a row, as "relevance" does."""
    form = check_instrument(path.read_text(encoding="utf8"))[0]
    assert form is not None
    picked = [{item.id: [key]} for item in form.items.values() if item.kind == "multi" for key in item.by_key]
    assert [values for values in picked if drop_empty_rows(values, form.items) != values] == []


@given(data=st.data())
def test_no_input_crashes(data: st.DataObject) -> None:
    instrument = data.draw(st.sampled_from(INSTRUMENTS))
    question = data.draw(st.sampled_from(instrument.questions))
    names = [i.id for i in question.card()] + [
        f"{i.id}/{k}/{c.key}" for i in question.card() for k, _ in i.answer_rows for c in i.columns
    ]
    names += [f"{i.repeat}#ra/{i.id}" for i in question.card() if i.repeat]
    posted = data.draw(st.dictionaries(st.sampled_from(names) | text, st.lists(text, max_size=4), max_size=12))
    values, invalid = parse_posted_card(question, posted)
    clean, again = parse_posted_card(question, {a: v if isinstance(v, list) else [v] for a, v in values.items()})
    assert (clean, again) == (values, [])
    path = resolve_path(instrument, drop_empty_rows(values, instrument.items))
    assert set(path.values) <= set(values)
    assert all(i.message() for i in invalid)


@given(data=st.data())
def test_off_path_values_are_never_on_the_path(data: st.DataObject) -> None:
    keys = {q.id: sorted(q.by_key) for q in REAL.questions if q.kind == "single"}
    values: dict[str, Any] = {q: data.draw(st.sampled_from(k)) for q, k in keys.items()}
    path = resolve_path(REAL, values)
    for address in path.values:
        assert REAL.items[address].id in path.on_items
    for item in path.off:
        assert item not in path.values
    assert resolve_path(REAL, dict(reversed(values.items()))).values == path.values
