"""What one provincial answer adds to the blocks of the national report, as JSON that is kept. PURE.

Only what is on the path and not contradicted by another answer; an open field without an answer is kept as None, so
that "not answered" is never "none". Keys: `form` (key of the form) · `items` (answers by item id; numbers and months as
texts, options as keys) · `cells` (of tables, by address) · `rows` (of repeats: how many) · `inner` (fields in repeats:
options with their number of rows, or the numbers) · `reasons` (free texts for "none", by the item that asks).
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from nation.facts.form_facts import read_form_facts
from survey.instrument.path import OpenField, QuestionnairePath
from survey.instrument.schema import AnswerValue

FORMAT: Final = 1  # grows when something else is kept: figures of an earlier one are counted again
COUNTED: Final = frozenset({"single", "multi", "number", "month_year"})  # texts and addresses are not added up


def contribute(path: QuestionnairePath) -> dict[str, Any]:
    """The contribution of an answer, by its path."""
    found = _Contribution(path)
    for field in path.fields.values():
        found.add(field)
    return found.json()


class _Contribution:
    """What is gathered in one pass over the open fields."""

    def __init__(self, path: QuestionnairePath) -> None:
        self.path = path
        self.reason_items = read_form_facts(path.instrument).reason_items
        self.items: dict[str, AnswerValue | None] = {}
        self.cells: dict[str, AnswerValue | None] = {}
        self.rows: dict[str, int] = {}
        self.chosen: dict[str, Counter[str]] = {}
        self.numbers: dict[str, list[str]] = {}
        self.reasons: dict[str, str] = {}

    def add(self, field: OpenField) -> None:
        """Adds what an open field says, or that it says nothing."""
        item, address = field.item, field.address
        value = None if address in self.path.contradicted else self.path.values.get(address)
        kind = field.column.kind if field.column else item.kind
        if item.own or (kind not in COUNTED and kind != "repeat" and item.id not in self.reason_items):
            return
        if item.repeat:
            self.add_inner(item.id, kind, value)
        elif field.column:
            self.cells[address] = value
        elif kind == "repeat":
            self.rows[item.id] = len(value) if value else 0
        elif item.id not in self.reason_items:
            self.items[item.id] = value
        elif isinstance(value, str):
            self.reasons[item.id] = value

    def add_inner(self, item: str, kind: str, value: AnswerValue | None) -> None:
        """Adds a field of a row: rows are added up, whoever filled them in."""
        if kind == "repeat":
            self.numbers.setdefault(item, []).append(str(len(value) if value else 0))
        elif kind == "number":
            self.numbers.setdefault(item, []).extend([value] if isinstance(value, str) else [])
        elif kind in COUNTED and value:
            self.chosen.setdefault(item, Counter()).update(value if isinstance(value, list) else [value])

    def json(self) -> dict[str, Any]:
        """As it is kept: plain JSON that is the same when it is read again."""
        inner: dict[str, Any] = {item: dict(sorted(counts.items())) for item, counts in self.chosen.items()}
        return {
            "form": self.path.instrument.key,
            "items": self.items,
            "cells": self.cells,
            "rows": self.rows,
            "inner": inner | self.numbers,
            "reasons": self.reasons,
        }
