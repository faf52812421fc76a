"""Workbooks that come back filled in, as plain cells of all their sheets; formulas by their results. PURE."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, BinaryIO, Final

from openpyxl import load_workbook

from dgready.guard.readers.tables import MOMENT
from dgready.guard.readers.workbooks import refusal
from dgready.limits import WorkbookLimits
from dgready.localized_text import LocalizedText
from dgready.sheets.workbook import NOT_XLSX, TOO_MANY_ROWS, TOO_MANY_SHEETS, with_limit

FORMULA: Final = "f"
ERROR: Final = "e"
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")


def filled(file: BinaryIO, most: Mapping[str, int], sheets: int) -> dict[str, Any]:
    """The sheets with their cells (column, value, "f" for a formula, "e" for an error), and their merged ranges.

    Or why the file is not read, in both languages.
    """
    limits = WorkbookLimits(**most)
    content = file.read(limits.size + 1)
    if (reason := refusal(content, limits)) is not None:
        return _refused(reason)
    try:
        typed = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        stored = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        if len(typed.worksheets) > sheets:
            return _refused(with_limit(TOO_MANY_SHEETS, sheets))
        read = [_sheet(*pair, limits) for pair in zip(typed.worksheets, stored.worksheets, strict=True)]
    except Exception:  # openpyxl raises whatever its parsers raise
        return _refused(NOT_XLSX)
    if any(sheet is None for sheet in read):
        return _refused(with_limit(TOO_MANY_ROWS, limits.rows))
    return {"sheets": read}


def _refused(reason: LocalizedText) -> dict[str, Any]:
    return {"refused": [reason.th, reason.en]}


def _sheet(typed: Any, stored: Any, limits: WorkbookLimits) -> dict[str, Any] | None:
    """The cells of a sheet; None where it has too many rows."""
    rows = []
    for sheet in (typed, stored):
        sheet.reset_dimensions()  # what the file says of its own size is not trusted
    area = {"max_row": limits.rows + 1, "max_col": limits.columns}
    pairs = zip(typed.iter_rows(**area), stored.iter_rows(**area), strict=False)
    for number, (row, results) in enumerate(pairs, start=1):
        cells = list(_cells(row, results))
        if cells and number > limits.rows:
            return None
        if cells:
            rows.append([number, cells])
    return {"name": str(typed.title), "rows": rows, "merged": _merged_ranges(typed, limits)}


def _cells(row: tuple[Any, ...], results: tuple[Any, ...]) -> Iterator[list[Any]]:
    for column, (cell, result) in enumerate(zip(row, results, strict=False), start=1):
        if cell.value is None or cell.value == "":
            continue
        kind = cell.data_type if cell.data_type in (FORMULA, ERROR) else ""
        value = cell.value
        if kind == FORMULA:
            kind, value = (ERROR, None) if result.data_type == ERROR else (FORMULA, result.value)
        yield [column, _plain(value), kind]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return {MOMENT: value.isoformat()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _merged_ranges(sheet: Any, limits: WorkbookLimits) -> list[str]:
    """The merged ranges of a sheet, which the reader for large sheets leaves out."""
    with sheet._get_source() as part:
        found = _MERGED.finditer(part.read(limits.unpacked))
        return [match[1].decode() for match in islice(found, limits.rows)]
