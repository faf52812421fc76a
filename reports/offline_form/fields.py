"""Every field of a form by the pattern of its address, and cells as the texts that the page would post. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from dgready.thai import BE_OFFSET
from dgready.typed.characters import fold_typed
from survey.instrument.addresses import cell_address, repeat_row_address
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, TableColumn, TableRow

TICK: Final = "✓"
_NOT_TICKED: Final = frozenset({"", "0", "false", "no", "ไม่", "ไม่ใช่", "-", "✗", "☐"})
_TICKED: Final = frozenset({"1", "true", "yes", "ใช่", "มี", "x", "/", "✓", "✔", "☑", "√", "v"})
_ROW_ID: Final = re.compile(r"#r[0-9a-z]{1,12}(?=/|\Z)")
_ANY_ROW: Final = "#*"
_MONTH_PARTS: Final = re.compile(r"(.+?)\s*[/.\- ]\s*(\d{4}|\d{2})\Z")
_FIRST_BE_YEAR: Final = 2400  # a date cell with a later year was typed in the Buddhist era


class NoTick(ValueError):
    """A cell for a tick holds something else."""


@dataclass(frozen=True, slots=True, eq=False)
class FieldDefinition:
    """A field of the form: what owns it, its item, and for a table cell the row."""

    owner: Item | TableColumn
    item: Item
    row: TableRow | None = None

    @property
    def question(self) -> str:
        """Id of the question that its answer belongs to."""
        return self.item.question or self.item.id

    @property
    def options(self) -> Mapping[str, str]:
        """The Thai titles of its options by key."""
        return {option.key: option.title.th for option in self.owner.options}


def find_field(instrument: CompiledInstrument, address: str) -> FieldDefinition | None:
    """The field at an address, in whatever repeat row; of a repeat row the repeat; None where the form has none."""
    return _fields_by_pattern(instrument).get(_ROW_ID.sub(_ANY_ROW, address).removesuffix(_ANY_ROW))


@lru_cache(maxsize=16)
def _fields_by_pattern(instrument: CompiledInstrument) -> Mapping[str, FieldDefinition]:
    found: dict[str, FieldDefinition] = {}
    for section in instrument.sections:
        for item in section.items:
            found.update(_patterns(item, ""))
    return found


def _patterns(item: Item, prefix: str) -> Iterator[tuple[str, FieldDefinition]]:
    address = prefix + item.id
    if item.kind == "table":
        for key, row in item.answer_rows:
            yield from ((cell_address(address, key, c.key), FieldDefinition(c, item, row)) for c in item.columns)
    elif item.kind != "group":
        yield address, FieldDefinition(item, item)
    inner = repeat_row_address(address, "*") + "/" if item.kind == "repeat" else prefix
    for child in item.children:
        yield from _patterns(child, inner)


def list_name(address: str) -> str:
    """The name of the list that a field is picked from: its address without the repeat rows around it."""
    return address.rsplit("#", 1)[-1].split("/", 1)[-1] if "#" in address else address


def cell_text(value: Any) -> str:
    """What a cell holds as a person would type it: numbers without binary noise, dates in the Buddhist era."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        year = value.year if value.year >= _FIRST_BE_YEAR else value.year + BE_OFFSET
        return f"{value.day}/{value.month}/{year}"
    if isinstance(value, int | float):
        try:
            text = f"{round(Decimal(repr(value)), 6):f}"
        except InvalidOperation:  # more digits than a number of a form can have
            return str(value)
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def is_ticked(value: Any) -> bool:
    """Whether a cell holds a tick. Raises NoTick for what is neither a tick nor none."""
    word = fold_typed(cell_text(value)).casefold()
    if word in _NOT_TICKED:
        return False
    if word in _TICKED or cell_text(value).strip() in _TICKED:
        return True
    raise NoTick(word)


def posted_texts(owner: Item | TableColumn, value: Any, options: Mapping[str, str]) -> Sequence[str]:
    """A cell as the page would post it. `options`: the titles by key that the form was made with.

    A title that is none of these is posted as it is, and refused by the cleaner like any unknown choice.
    """
    if owner.kind == "month_year":
        return _month_texts(value)
    text = cell_text(value)
    if owner.kind == "single":
        return [_option_key(text, options)]
    return [text]


def _option_key(text: str, options: Mapping[str, str]) -> str:
    wanted = _folded(text)
    return next((key for key, title in options.items() if _folded(title) == wanted), text.strip())


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _month_texts(value: Any) -> Sequence[str]:
    if isinstance(value, date):
        return [str(value.month), str(value.year if value.year < _FIRST_BE_YEAR else value.year - BE_OFFSET)]
    text = fold_typed(cell_text(value))
    if not text:
        return []
    if re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII):
        return [text]
    match = _MONTH_PARTS.match(text)
    return [match[1], match[2]] if match else [text, ""]


def value_text(owner: Item | TableColumn, value: AnswerValue | None, options: Mapping[str, str]) -> str:
    """A stored value as its cell shows it: the option's title, month and year of the Buddhist era, or the text."""
    if not isinstance(value, str):
        return ""
    if owner.kind == "single":
        return options.get(value, "")
    if owner.kind == "month_year":
        return f"{value[5:]}/{int(value[:4]) + BE_OFFSET}"
    return value
