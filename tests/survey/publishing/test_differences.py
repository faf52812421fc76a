"""What a form changes of the one before: every kind of part, in its section; and made-up answers that open it all."""

from dataclasses import fields

import pytest

from dgready.structure import StructureChange
from survey.instrument.check import check_instrument
from survey.instrument.path import resolve_path
from survey.instrument.schema import CompiledInstrument, Item
from survey.instrument.values import parse_posted_card
from survey.publishing.form_differences import _ITEM_LEFT_OUT, form_differences
from survey.publishing.made_up_answers import made_up_answers
from tests.survey.publishing.conftest import NEXT_FORM, read
from tests.trial import REAL, ROOT

pytestmark = pytest.mark.no_database


def compiled(text: str) -> CompiledInstrument:
    form, faults = check_instrument(text)
    assert form is not None, faults
    return form


OLD = compiled(read())


def changes(old: str, new: str) -> list[tuple[str, str, StructureChange]]:
    """Section, item and change of the made-up form with one text changed."""
    assert old in read()
    sections = form_differences(OLD, compiled(read().replace(old, new, 1)))
    return [(s.key, i.item, change) for s in sections for i in s.items for change in i.changes]


def test_the_same_form_has_no_differences() -> None:
    assert form_differences(OLD, compiled(read())) == []
    first, second = (compiled(read(ROOT / f"fixtures/instruments/dg-province-2568{v}.yaml")) for v in ("", ".v2"))
    assert all(section.key in second.by_section or section.key == "" for section in form_differences(first, second))


@pytest.mark.parametrize(
    ("old", "new", "path", "sides"),
    [
        ("label: {th: ไม่มี, en:", "label: {th: ไม่มีเลย, en:", ("label", "th"), ("ไม่มี", "ไม่มีเลย")),
        ("to: 2027-05-31", "to: 2027-06-30", ("period",), ("2026-06-01, 2027-05-31", "2026-06-01, 2027-06-30")),
    ],
)
def test_a_changed_part_is_told_with_both_sides(
    old: str, new: str, path: tuple[str, ...], sides: tuple[str, str]
) -> None:
    found = [c for _s, _i, c in changes(old, new) if c.path[-len(path) :] == path]
    assert found
    assert {(c.kind, c.before, c.after) for c in found} == {("changed", *sides)}


def test_items_options_rows_columns_conditions_and_evidence_are_told() -> None:
    new = compiled(read(NEXT_FORM))
    told = [(i.item, c.kind, c.path[0]) for s in form_differences(OLD, new) for i in s.items for c in i.changes]
    assert ("T11", "added", "item") in told
    assert ("T3", "removed", "item") in told
    assert any(path == "options" for _item, _kind, path in told)


def test_every_part_of_an_item_is_compared() -> None:
    """A new field of an item is compared without a word here; what is left out is told by its place in the tree."""
    assert {f.name for f in fields(Item)} >= _ITEM_LEFT_OUT - {"then"}
    form = compiled(read())
    for name in ("when", "options", "rows", "columns", "evidence", "unit", "min_rows", "help"):
        assert name == "when" or name not in _ITEM_LEFT_OUT
    conditioned = next(i for i in form.items.values() if i.when)
    text = read()
    assert "when:" in text
    line = next(one for one in text.splitlines() if "when:" in one)
    without = text.replace(line + "\n", "", 1) if line.strip().startswith("when:") else ""
    if without:
        found = [c for s in form_differences(form, compiled(without)) for i in s.items for c in i.changes]
        assert any(c.path == ("when",) and c.before for c in found)
    assert conditioned.when is not None


@pytest.mark.parametrize("path", [None, REAL], ids=["made-up", "real"])
def test_made_up_answers_are_answers_and_leave_no_open_field_empty(path: object) -> None:
    form = OLD if path is None else compiled(read(REAL))
    values = made_up_answers(form)
    found = resolve_path(form, values)
    assert not found.missing()
    for question in form.questions:
        if question.id not in found.on_items:
            continue
        posted = {a: v if isinstance(v, list) else [v] for a, v in found.values.items()}
        posted |= {a: ["1", v[:4]] for a, v in found.values.items() if isinstance(v, str) and v == "2025-01"}
        _clean, invalid = parse_posted_card(question, posted)
        assert [i for i in invalid if i.reason != "month"] == []
