"""Places of an instrument that may carry official wording, in the order in which the paper prints them. PURE."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from survey.instrument.schema import CompiledInstrument, Item, Option

PlaceKind = Literal["question", "option", "row", "column", "definition", "note"]


@dataclass(frozen=True, slots=True)
class OfficialPlace:
    """Where a wording belongs: an item, or a part of it.

    `part`: the option's key, the row's key ("#2": the second heading between rows), the column's key, or
    "COLUMN=OPTION". `owner` is the item id, of a definition the section id.
    """

    kind: PlaceKind
    owner: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class SoughtPlace:
    """A place with what the search knows of it: our wording, printed code, own number, question and opener."""

    place: OfficialPlace
    label: str
    question: str
    code: str = ""
    number: str = ""
    opener: OfficialPlace | None = None


def row_part(number: int, key: str | None) -> str:
    """The part of a table row: its key, or "#N" for a heading between rows."""
    return key if key is not None else f"#{number}"


def sought_places(instrument: CompiledInstrument) -> list[SoughtPlace]:
    """Every place of the instrument in document order: an item, its options with what they open, rows, columns."""
    return [place for section in instrument.sections for item in section.items for place in _of_item(item, None)]


def _of_item(item: Item, opener: OfficialPlace | None) -> Iterator[SoughtPlace]:
    if item.own:
        return
    own, question = OfficialPlace("question", item.id), item.question or item.id
    yield SoughtPlace(own, item.ask.th, question, item.code or "", "", opener)
    for column in item.columns:
        part = OfficialPlace("column", item.id, column.key)
        yield SoughtPlace(part, column.label.th, question, opener=own)
        for option in (o for o in column.options if not o.own):
            part = OfficialPlace("option", item.id, f"{column.key}={option.key}")
            yield SoughtPlace(part, option.label.th, question, opener=own)
    for option in (o for o in item.options if not o.own):
        yield from _of_option(item, option, question, own)
    for number, row in enumerate(item.rows):
        part = OfficialPlace("row", item.id, row_part(number, row.key))
        yield SoughtPlace(part, row.label.th, question, number=row.key or "", opener=own)
        for opened in (i for items in row.then.values() for i in items):
            yield from _of_item(opened, part)
    for child in item.items:
        yield from _of_item(child, own)


def _of_option(item: Item, option: Option, question: str, own: OfficialPlace) -> Iterator[SoughtPlace]:
    part = OfficialPlace("option", item.id, option.key)
    number = option.key if option.key[-1].isdigit() else ""
    yield SoughtPlace(part, option.label.th, question, number=number, opener=own)
    for opened in option.then:
        yield from _of_item(opened, part)
