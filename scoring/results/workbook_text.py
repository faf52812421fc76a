"""The sheet of a workbook that has the table, as CSV text; run in a child process (dgready.children). PURE."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO, Final

from openpyxl import load_workbook

from dgready.typed.tables import SEARCHED_ROWS, best_heading_row, fold_heading

MOST_SHEETS: Final = 20  # looked through for the table


def csv_text(file: BinaryIO, rows: int, headings: Sequence[str]) -> str:
    """Of the first sheet that has all `headings` in a row, else of the first sheet; its lines are the sheet's rows.

    Raises ValueError when there are more than `rows`.
    """
    sheets = load_workbook(file, read_only=True, data_only=True).worksheets[:MOST_SHEETS]
    sheet = next((sheet for sheet in sheets if _has_table(sheet, headings)), sheets[0])
    out = io.StringIO()
    writer = csv.writer(out)
    for number, row in enumerate(sheet.iter_rows()):
        if number > rows:
            raise ValueError("too many rows")
        writer.writerow([_cell(cell) for cell in row])
    return out.getvalue()


def _has_table(sheet: Any, headings: Sequence[str]) -> bool:
    rows = [[_cell(cell) for cell in row] for row in islice(sheet.iter_rows(), SEARCHED_ROWS)]
    if not rows:
        return False
    found = rows[best_heading_row(rows, {name: (name,) for name in headings})]
    return {fold_heading(name) for name in headings} <= {fold_heading(cell) for cell in found}


def _cell(cell: Any) -> str:
    """A cell of a workbook as text: numbers without the noise of binary fractions, shares as per cent."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool | date):
        return str(value)
    if isinstance(value, int | float):
        number = Decimal(repr(value)) * (100 if "%" in (cell.number_format or "") else 1)
        text = f"{round(number, 6):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value).replace("\n", " ").strip()
