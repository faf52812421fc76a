"""The rows of a table as records: cells by the columns that their headings name, and what is wrong with them. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.sheets.names import column_letters
from dgready.sheets.workbook import Sheet, SheetCell, SheetFault, WantedHeadings, row_texts
from dgready.typed.tables import best_heading_row, fold_heading

NO_HEADING: Final = LocalizedText("ไม่พบหัวคอลัมน์ “{name}”", "The heading “{name}” was not found")
HEADING_TWICE: Final = LocalizedText("หัวคอลัมน์ “{name}” มีสองครั้ง", "The heading “{name}” stands twice")
NO_ROWS: Final = LocalizedText("ไม่มีแถวข้อมูล", "There are no rows")
EMPTY_CELL: Final = LocalizedText("ต้องระบุ{name}", "{name} is missing")


@dataclass(frozen=True, slots=True)
class Record:
    """A row: its number in the sheet, its cells by column name, and where each column stands (from 1).

    `complete`: no required cell is missing; one that is has its fault already.
    """

    row: int
    cells: Mapping[str, SheetCell]
    columns: Mapping[str, int]
    complete: bool = True

    def ref(self, column: str) -> str:
        """The name of its cell in a column, empty or not, as B7; of the first column for one the table lacks."""
        return f"{column_letters(self.columns.get(column, 1))}{self.row}"

    def text(self, column: str) -> str:
        """The cell as text; empty when there is nothing."""
        cell = self.cells.get(column)
        return "" if cell is None else str(cell.value)


def read_records(sheet: Sheet, wanted: WantedHeadings, faults: list[SheetFault]) -> list[Record]:
    """The rows below the headings, less those with a cell that cannot be read; adds what is wrong to `faults`."""
    if not sheet.rows:
        faults.append(SheetFault(sheet.name, "A1", NO_ROWS))
        return []
    rows = sheet.rows[best_heading_row(row_texts(sheet.rows), wanted.headings) :]
    columns = _read_headings(sheet.name, rows[0], wanted, faults)
    if columns is None:
        return []
    if len(rows) == 1:
        row_below = max(cell.row for cell in rows[0].values()) + 1
        faults.append(SheetFault(sheet.name, f"A{row_below}", NO_ROWS))
    return [record for cells in rows[1:] if (record := _read_row(sheet.name, cells, columns, wanted, faults))]


def _read_headings(
    sheet: str, cells: Mapping[int, SheetCell], wanted: WantedHeadings, faults: list[SheetFault]
) -> dict[str, int] | None:
    """Where each column stands, by its heading in any of its spellings; None when that is not clear."""
    names = {fold_heading(heading): name for name, known in wanted.headings.items() for heading in known}
    columns: dict[str, int] = {}
    before = len(faults)
    for number, cell in cells.items():
        name = names.get(fold_heading(str(cell.value)))
        if name in columns:
            faults.append(SheetFault(sheet, cell.ref, HEADING_TWICE.filled(name=str(cell.value))))
        elif name is not None:
            columns[name] = number
    for missing in (name for name in wanted.required if name not in columns):
        ref = f"A{min(c.row for c in cells.values())}"
        faults.append(SheetFault(sheet, ref, NO_HEADING.filled(name=_heading(wanted, missing))))
    return columns if len(faults) == before else None


def _read_row(
    sheet: str,
    cells: Mapping[int, SheetCell],
    columns: Mapping[str, int],
    wanted: WantedHeadings,
    faults: list[SheetFault],
) -> Record | None:
    """The record of a row; None when it has no cell of the table or a bad one (which has its fault already)."""
    by_column = {name: cells[number] for name, number in columns.items() if number in cells}
    if not by_column or any(cell.bad for cell in by_column.values()):
        return None
    missing = [name for name in wanted.required if name not in by_column]
    record = Record(next(iter(by_column.values())).row, by_column, columns, complete=not missing)
    faults += [SheetFault(sheet, record.ref(name), EMPTY_CELL.filled(name=_heading(wanted, name))) for name in missing]
    return record


def _heading(wanted: WantedHeadings, name: str) -> LocalizedText:
    """A column's heading in both languages: its first two spellings."""
    return LocalizedText(*list(wanted.headings[name])[:2])
