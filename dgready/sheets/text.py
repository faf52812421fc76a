"""Delimited text (a CSV file, or cells pasted from a spreadsheet) as the cells of a sheet. PURE."""

from __future__ import annotations

from dgready.limits import WorkbookLimits
from dgready.sheets.workbook import (
    TOO_LARGE,
    Sheet,
    SheetCell,
    SheetFault,
    WantedHeadings,
    find_heading_row,
    with_limit,
)
from dgready.typed.csv_text import read_csv
from dgready.typed.result import Refusal


def read_text_sheet(
    content: bytes, limits: WorkbookLimits, wanted: WantedHeadings | None = None
) -> tuple[Sheet | None, list[SheetFault]]:
    """The sheet from its headings on (from its first row where none has them), and what is wrong with the file."""
    if len(content) > limits.size:
        return None, [SheetFault("", "", with_limit(TOO_LARGE, limits.size // 1024**2))]
    # A row more for the headings, as in a workbook.
    result = read_csv(content, max_rows=limits.rows + 1)
    if isinstance(result, Refusal):
        return None, [SheetFault("", "", result.reason)]
    rows = tuple(
        cells
        for number, row in enumerate(result.value.rows, 1)
        if (cells := {n: SheetCell(n, number, text) for n, text in enumerate(row[: limits.columns], 1) if text})
    )
    head = find_heading_row(rows, wanted) if wanted else None
    return Sheet("", rows[head or 0 :], result.words), []
