"""What departments did for the provinces: of each table whose rows are provinces, "done for k of 76". PURE.

Part 8 of the national report is answered by departments; nothing of it is counted among the answers of provinces.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from dgready.localized_text import LocalizedText
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, TableColumn

HUNDREDTH: Final = Decimal("0.01")
PROVINCE_CODE: Final = re.compile(r"TH-[0-9]{2}\Z")  # as rows about provinces are keyed


@dataclass(frozen=True, slots=True)
class DepartmentAnswer:
    """An approved answer of a department along its path: flat values by address."""

    code: str
    name: LocalizedText
    values: Mapping[str, AnswerValue]


@dataclass(frozen=True, slots=True)
class SupportRow:
    """A department: for how many provinces each option was chosen; `told`: provinces of which it said anything."""

    code: str
    name: LocalizedText
    cells: tuple[int, ...]  # in the order of the block's options
    told: int


@dataclass(frozen=True, slots=True)
class SupportBlock:
    """A column of a table about the provinces. `provinces`: rows of the table; `options`: key and label."""

    item: str
    title: LocalizedText
    column: LocalizedText
    options: tuple[tuple[str, LocalizedText], ...]
    provinces: int
    rows: tuple[SupportRow, ...]

    def total(self, option: str) -> int:
        """Provinces with that option over all departments."""
        place = [key for key, _label in self.options].index(option)
        return sum(row.cells[place] for row in self.rows)

    def percent(self, option: str) -> Decimal | None:
        """Its share of all cells that were told, two places; None where nothing was."""
        told = sum(row.told for row in self.rows)
        if not told:
            return None
        return (Decimal(100 * self.total(option)) / told).quantize(HUNDREDTH, ROUND_HALF_UP)

    @property
    def sentences(self) -> list[LocalizedText]:
        """One sentence for each option."""
        return [self.sentence(key) for key, _label in self.options]

    def sentence(self, option: str) -> LocalizedText:
        """What the report says of an option."""
        label = dict(self.options)[option]
        told, share = sum(row.told for row in self.rows), self.percent(option)
        return LocalizedText(
            f"{label.th} {self.total(option)} จาก {told} คู่ของหน่วยงานและจังหวัด ({share}%)",
            f"{label.to('en')}: {self.total(option)} of {told} pairs of department and province ({share}%)",
        )


def count_support(form: CompiledInstrument, answers: Sequence[DepartmentAnswer]) -> tuple[SupportBlock, ...]:
    """A block for each column of one choice in each table whose rows are keyed by codes of provinces.

    A department that was not asked a table, or answered none of it, has no row there; not answered is never "none".
    """
    return tuple(
        _block(item, column, answers)
        for item in form.items.values()
        if item.kind == "table" and _is_about_provinces(item)
        for column in item.columns
        if column.kind == "single"
    )


def _is_about_provinces(item: Item) -> bool:
    keys = [key for key, _row in item.answer_rows]
    return bool(keys) and all(PROVINCE_CODE.match(key) for key in keys)


def _block(item: Item, column: TableColumn, answers: Sequence[DepartmentAnswer]) -> SupportBlock:
    keys = [key for key, _row in item.answer_rows]
    rows, options = [], tuple((option.key, option.title) for option in column.options)
    for answer in answers:
        given = [answer.values.get(f"{item.id}/{key}/{column.key}") for key in keys]
        counts = Counter(value for value in given if isinstance(value, str) and value)
        if counts:
            cells = tuple(counts[key] for key, _label in options)
            rows.append(SupportRow(answer.code, answer.name, cells, sum(counts.values())))
    return SupportBlock(item.id, item.ask, column.label, options, len(keys), tuple(rows))
