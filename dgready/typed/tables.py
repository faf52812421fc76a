"""Finding a table among rows of cells by the headings of its columns: below titles, behind cover sheets. PURE."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.thai import fold_text
from dgready.typed.characters import clean_name
from dgready.typed.result import Refusal, Understood

SEARCHED_ROWS: Final = 60  # rows of a sheet that the headings are looked for in

Row = Sequence[str]
ColumnHeadings = Mapping[str, Collection[str]]

MESSAGES: Final = {
    "missing": LocalizedText("ไม่พบหัวคอลัมน์ {names}", "The heading {names} was not found"),
    "missing_row": LocalizedText("แถว {row} ไม่มีหัวคอลัมน์ {names}", "Row {row} has no heading {names}"),
    "twice": LocalizedText("หัวคอลัมน์ “{name}” มีสองครั้ง (แถว {row})", "The heading “{name}” stands twice (row {row})"),
    "found": LocalizedText("หัวตารางอยู่แถว {row}", "The headings of the table are in row {row}"),
    "found_sheet": LocalizedText(
        "ตารางอยู่ในแผ่น “{sheet}” หัวตารางแถว {row}", "The table is in sheet “{sheet}”, its headings in row {row}"
    ),
}


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table is: the sheet (from 0), the row of its headings (from 0), each column by its name (from 0).

    `others`: headings that name no known column, by column.
    """

    sheet: int
    heading_row: int
    columns: Mapping[str, int]
    others: Mapping[int, str] = field(default_factory=dict)


def find_table(rows: Sequence[Row], headings: ColumnHeadings, required: Collection[str]) -> Understood[Table] | Refusal:
    """The table in one sheet. `headings`: the headings that each column may have."""
    return find_in_sheets([("", rows)], headings, required)


def find_in_sheets(
    sheets: Sequence[tuple[str, Sequence[Row]]], headings: ColumnHeadings, required: Collection[str]
) -> Understood[Table] | Refusal:
    """The first sheet, and in it the first row, that has every heading required; else what the best row lacks."""
    names = {fold_heading(heading): name for name, known in headings.items() for heading in known}
    best: tuple[int, int, frozenset[str]] | None = None
    for number, (sheet, rows) in enumerate(sheets):
        for index, row in enumerate(rows[:SEARCHED_ROWS]):
            found = _named(row, names)
            known = {name for name in found if name}
            if known >= set(required):
                return _table(number, index, row, found, sheet)
            if known and (best is None or len(known) > best[0]):
                best = len(known), index, frozenset(known)
    if best is None:
        return Refusal("missing", MESSAGES["missing"].filled(names=_listed(required, headings)))
    lacking = [name for name in required if name not in best[2]]
    return Refusal("missing", MESSAGES["missing_row"].filled(row=best[1] + 1, names=_listed(lacking, headings)))


def best_heading_row(rows: Sequence[Row], headings: ColumnHeadings) -> int:
    """The row (from 0) that has most of the headings, the first among equals; 0 where none has any."""
    names = {fold_heading(heading): name for name, known in headings.items() for heading in known}
    found = [len(set(_named(row, names)) - {""}) for row in rows[:SEARCHED_ROWS]]
    return found.index(max(found)) if found else 0


def fold_heading(heading: str) -> str:
    """A heading as it is compared: no case, no mark of a required column, no colon."""
    return fold_text(clean_name(heading).strip("*:： ")).strip()


def _named(row: Row, names: Mapping[str, str]) -> list[str]:
    return [names.get(fold_heading(cell), "") if cell else "" for cell in row]


def _table(sheet: int, index: int, row: Row, found: Sequence[str], name: str) -> Understood[Table] | Refusal:
    columns: dict[str, int] = {}
    for column, known in enumerate(found):
        if known in columns:
            return Refusal("twice", MESSAGES["twice"].filled(name=clean_name(row[column]), row=index + 1))
        if known:
            columns[known] = column
    others = {i: clean_name(cell) for i, cell in enumerate(row) if not found[i] and clean_name(cell)}
    words = MESSAGES["found_sheet" if name else "found"].filled(sheet=name, row=index + 1)
    return Understood(Table(sheet, index, columns, others), words, differs=bool(sheet or index))


def _listed(names: Collection[str], headings: ColumnHeadings) -> str:
    return ", ".join(f"“{next(iter(headings[name]), name)}”" for name in names)
