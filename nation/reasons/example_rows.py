"""What of an answer can be picked as an example: rows of repeating groups, and free texts. PURE.

Left out are: items that ask who answers (what is suggested is a person's name or address) with their whole section,
texts that must be an address, reasons for "none" (they are counted, not quoted), and texts that no block is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nation.facts.form_facts import read_form_facts
from survey.instrument.addresses import repeat_row_address
from survey.instrument.path import OpenField, QuestionnairePath
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, TableColumn

_WITH_BLOCK: Final = frozenset({"single", "multi", "table"})  # kinds that the report counts in a block


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """A row of a repeating group, or a free text: its address and what it says in Thai."""

    address: str
    text: str


def example_items(form: CompiledInstrument) -> dict[str, Item]:
    """The items whose answers can be picked, by id, in the order of the form."""
    about_people = {item.section for item in form.items.values() if item.suggest and item.suggest.startswith("user.")}
    reasons = read_form_facts(form).reason_items
    return {
        item.id: item
        for item in form.items.values()
        if item.section not in about_people
        and item.id not in reasons
        and not (item.own or item.repeat)
        and _says_something(item)
        and block_of(form, item)
    }


def _says_something(item: Item) -> bool:
    if item.kind == "repeat":
        return any(inner.kind == "text" for inner in item.descendants())
    return item.kind == "text" and item.format is None and item.suggest is None


def block_of(form: CompiledInstrument, item: Item) -> str:
    """The key of the block of the national report that the examples of an item belong to; "" where there is none.

    That of the group itself, or of the choice that opens the text.
    """
    if item.kind == "repeat":
        return f"repeats.{item.id}"
    above = form.items.get(item.parent or "")
    while above is not None and above.kind not in _WITH_BLOCK:
        above = form.items.get(above.parent or "")
    return "" if above is None else f"question.{above.id}"


def item_of(address: str) -> str:
    """The id of the item that an example's address is of."""
    return address.partition("#")[0]


def example_rows(path: QuestionnairePath, item: Item) -> list[ExampleRow]:
    """What an answer has at such an item, on the path and not empty."""
    value = path.values.get(item.id)
    if not value or item.id not in path.fields:
        return []
    if item.kind != "repeat":
        return [ExampleRow(item.id, str(value))]
    rows = [(address, _row_text(path, address)) for key in value if (address := repeat_row_address(item.id, key))]
    return [ExampleRow(address, text) for address, text in rows if text]


def _row_text(path: QuestionnairePath, row: str) -> str:
    """The fields of a row, one after the other; choices by their labels."""
    inside = (field for address, field in path.fields.items() if address.startswith(f"{row}/"))
    return " · ".join(text for field in inside for text in _field_texts(path, field))


def _field_texts(path: QuestionnairePath, field: OpenField) -> Iterator[str]:
    value = path.values.get(field.address)
    if value is None or field.item.kind in ("repeat", "month_year"):
        return
    yield from _told(field.column or field.item, value)


def _told(asked: Item | TableColumn, value: AnswerValue) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        option = asked.by_key.get(one)
        yield " ".join((option.label.th if option else one).split())
