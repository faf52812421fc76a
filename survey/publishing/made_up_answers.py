"""Made-up answers to a form, for looking at it before anybody fills it: whatever can open is open. PURE."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from survey.instrument.path import OpenField, resolve_path
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, Option, TableColumn

MOST_PASSES: Final = 30  # each opens what the answers of the one before it opened
_ROW_ID: Final = "rpreview"
_TEXTS: Final = {"email": "name@example.go.th", "phone": "0 2000 0000"}


def made_up_answers(instrument: CompiledInstrument) -> dict[str, AnswerValue]:
    """An answer to every field of the form that can open, by address."""
    values: dict[str, AnswerValue] = {}
    for _ in range(MOST_PASSES):
        path = resolve_path(instrument, values)
        added = {address: _answer(field) for address, field in path.fields.items() if address not in values}
        if not added:
            break
        values |= added
    return values


def _answer(field: OpenField) -> AnswerValue:
    owner: Item | TableColumn = field.column or field.item
    if owner.kind == "repeat":
        return [_ROW_ID]
    if owner.kind in ("single", "multi"):
        return _picked(owner.options, owner.kind == "multi", field)
    if owner.kind == "number":
        return _number(owner)
    if owner.kind == "url":
        return "https://www.example.go.th/"
    if owner.kind == "month_year":
        return "2025-01"
    return _TEXTS.get(getattr(owner, "format", None) or "", "ข้อความตัวอย่าง")


def _picked(options: Sequence[Option], several: bool, field: OpenField) -> AnswerValue:
    """The option that opens most and skips nothing; of several all that go together."""
    if several:
        return [option.key for option in options if not option.exclusive] or [options[0].key]

    def opens(option: Option) -> tuple[bool, int, bool]:
        row = field.address.split("/")[1] if field.column else ""
        below = next((r.then for key, r in field.item.answer_rows if key == row), {})
        opened = len(option.then) + len(below.get(f"{field.column.key}={option.key}", ()) if field.column else ())
        return option.skip_to is None, opened, option.evidence != "none"

    return max(options, key=opens).key


def _number(owner: Item | TableColumn) -> str:
    least = getattr(owner, "minimum", None) or "0"
    most = getattr(owner, "maximum", None)
    return least if least not in ("", "0") else "1" if most is None or float(most) >= 1 else most
