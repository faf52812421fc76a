"""Uploaded tables, workbooks or delimited text, as JSON carries them. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO, Final

from dgready.guard.readers.delimited import read_csv, read_text_sheet
from dgready.limits import WorkbookLimits
from dgready.localized_text import LocalizedText
from dgready.sheets.workbook import SheetCell, WantedHeadings
from dgready.typed.result import Refusal

MOMENT: Final = "moment"
_FOREIGN: Final = (b"PK", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")  # what no delimited text begins with


def sheet(file: BinaryIO, most: Mapping[str, int], wanted: Sequence[Any] | None) -> dict[str, Any]:
    """The cells of the sheet that has the table, its name, how it was read, and what is wrong with it as a file."""
    content, limits = _content(file, most)
    read = read_text_sheet
    if content.startswith(_FOREIGN):
        # openpyxl is half of what the child does, and delimited text needs nothing of it.
        from dgready.guard.readers.workbooks import read_table_sheet as read
    found, faults = read(content, limits, WantedHeadings(*wanted) if wanted else None)
    return {
        "faults": [[f.sheet, f.ref, _words(f.say)] for f in faults],
        "name": found and found.name,
        "read_as": _words(found.read_as) if found else None,
        "rows": [[_plain(c) for c in row.values()] for row in found.rows] if found else [],
    }


def texts(file: BinaryIO, most: Mapping[str, int], headings: Sequence[str]) -> dict[str, Any]:
    """The rows of the table as texts; or why there are none, in both languages."""
    content, limits = _content(file, most)
    if content.startswith(_FOREIGN):
        from dgready.guard.readers.workbooks import read_texts

        rows = read_texts(content, limits, headings)
        return {"refused": _words(rows)} if isinstance(rows, LocalizedText) else {"rows": rows}
    result = read_csv(content, max_rows=limits.rows + 1)
    if isinstance(result, Refusal) and result.code != "empty":
        return {"refused": _words(result.reason)}
    return {"rows": [] if isinstance(result, Refusal) else [list(row) for row in result.value.rows]}


def _content(file: BinaryIO, most: Mapping[str, int]) -> tuple[bytes, WorkbookLimits]:
    limits = WorkbookLimits(**most)
    return file.read(limits.size + 1), limits


def _words(text: LocalizedText) -> list[str]:
    return [text.th, text.en]


def _plain(cell: SheetCell) -> list[Any]:
    value = cell.value
    if isinstance(value, date):
        value = {MOMENT: value.isoformat()}
    elif not isinstance(value, str | int | float):
        value = str(value)
    return [cell.column, cell.row, value, cell.bad]
