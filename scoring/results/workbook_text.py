"""The first sheet of a workbook as CSV text; run in a child process (dgready.children). PURE."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import load_workbook


def csv_text(file: BinaryIO, rows: int) -> str:
    """The rows that have anything in them. Raises ValueError when there are more than `rows`."""
    book = load_workbook(file, read_only=True, data_only=True)
    out = io.StringIO()
    writer = csv.writer(out)
    for number, row in enumerate(book.worksheets[0].iter_rows()):
        if number > rows:
            raise ValueError("too many rows")
        cells = [_cell(cell) for cell in row]
        if any(cells):
            writer.writerow(cells)
    return out.getvalue()


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
