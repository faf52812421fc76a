"""Evidence windows of places, and all that a form prints.

A window given at the option, the column or the row holds before that of the item. PURE.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from dgready.lru_cache import LruCache
from dgready.same_objects import SameObjects
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument, Item, Option, TableColumn, TableRow
from survey.instrument.windows import EvidenceWindow, Period


def window_of(
    item: Item, row: TableRow | None = None, column: TableColumn | None = None, option: Option | None = None
) -> EvidenceWindow:
    """The window that holds for the evidence of an item, or of its cell or option."""
    return next((part.window for part in (option, column, row) if part and part.window), item.window)


def window_at(instrument: CompiledInstrument, address: str) -> EvidenceWindow:
    """The window of the evidence place at an address of this instrument."""
    item = instrument.items[item_id_of(address)]
    field, _, key = address.partition("=")
    if item.kind != "table":
        return window_of(item, option=item.by_key.get(key))
    *_, row_key, column_key = field.split("/")
    column = next((c for c in item.columns if c.key == column_key), None)
    option = column.by_key.get(key) if column else None
    return window_of(item, dict(item.answer_rows).get(row_key), column, option)


@dataclass(frozen=True, slots=True)
class PrintedWindow:
    """The days that some questions ask their evidence from. `codes`: these questions; none where all of them do."""

    first: date
    last: date
    codes: tuple[str, ...] = ()


def printed_windows(instrument: CompiledInstrument, period: Period) -> list[PrintedWindow]:
    """The evidence windows of a form in a round with this period, in the order of the form."""
    if instrument.has_one_window:
        return [PrintedWindow(*period)]
    return _printed.get((SameObjects(instrument), period), lambda: list(_read_windows(instrument, period)))


_printed: Final[LruCache[list[PrintedWindow]]] = LruCache(32)


def _read_windows(instrument: CompiledInstrument, period: Period) -> Iterator[PrintedWindow]:
    codes: dict[Period, dict[str, None]] = {}
    for question in instrument.questions:
        for window in _windows_of_card(question):
            if span := window.span(period):
                codes.setdefault(span, {})[question.code or question.id] = None
    for span, found in codes.items():
        yield PrintedWindow(*span, tuple(found))


def _windows_of_card(question: Item) -> Iterator[EvidenceWindow]:
    """The windows of everything on a card that is asked with evidence or takes a month."""
    for item in question.card():
        if item.evidence == "required" or item.kind == "month_year":
            yield item.window
        yield from (window_of(item, option=option) for option in item.options if option.evidence != "none")
        for _, row in item.answer_rows:
            for column in item.columns:
                if column.evidence == "required":
                    yield window_of(item, row, column)
                picked = (option for option in column.options if option.evidence != "none")
                yield from (window_of(item, row, column, option) for option in picked)
