"""Workbooks as plain cells or as texts, without running a formula. PURE."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO, Final

from openpyxl import load_workbook

from dgready.limits import WorkbookLimits
from dgready.localized_text import LocalizedText
from dgready.sheets.workbook import (
    BOMB,
    BROKEN,
    FORMULA,
    MACROS,
    NOT_XLSX,
    TOO_LARGE,
    TOO_MANY_ROWS,
    Sheet,
    SheetCell,
    SheetFault,
    WantedHeadings,
    find_heading_row,
    with_limit,
)
from dgready.typed.characters import clean_line
from dgready.typed.tables import SEARCHED_ROWS, best_heading_row, fold_heading

MAX_SHEETS: Final = 20  # looked through for the table
MAX_TEXT_COLUMNS: Final = 200  # of a sheet read as texts, as of delimited text
DOCTYPE_BYTES: Final = 4096  # bytes of each XML part that are looked through for a document type


def read_table_sheet(
    content: bytes, limits: WorkbookLimits, wanted: WantedHeadings | None = None
) -> tuple[Sheet | None, list[SheetFault]]:
    """The sheet with the table, and what is wrong with it as a file. Formulas are faults, never values.

    What stands above the headings is left out. Without `wanted`, and where no sheet has the headings, it is the
    first sheet.
    """
    if (fault := refusal(content, limits)) is not None:
        return None, [SheetFault("", "", fault)]
    return read_cells(io.BytesIO(content), limits.rows, limits.columns, wanted)


def read_cells(
    file: BinaryIO, rows: int, columns: int, wanted: WantedHeadings | None = None
) -> tuple[Sheet | None, list[SheetFault]]:
    """The same of a workbook that is not refused."""
    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception:  # openpyxl raises whatever its parsers raise
        return None, [SheetFault("", "", NOT_XLSX)]
    try:
        return _find_sheet(book, rows, columns, wanted)
    except Exception:  # a sheet is parsed while it is read
        return None, [SheetFault("", "", NOT_XLSX)]
    finally:
        book.close()


def refusal(content: bytes, limits: WorkbookLimits) -> LocalizedText | None:
    """Why a file is not to be opened, if so."""
    if len(content) > limits.size:
        return with_limit(TOO_LARGE, limits.size // 1024**2)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            # Reading stops at the declared size, so the declared sizes bound what can come out.
            if len(members) > limits.members or sum(p.file_size for p in members) > limits.unpacked:
                return BOMB
            names = {p.filename.casefold() for p in members}
            if any(n.endswith("vbaproject.bin") for n in names):
                return MACROS
            if "[content_types].xml" not in names or not any(n.startswith("xl/") for n in names):
                return NOT_XLSX
            if any(_has_doctype(archive, p) for p in members if p.filename.casefold().endswith((".xml", ".rels"))):
                return NOT_XLSX
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return NOT_XLSX
    return None


def _has_doctype(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Workbooks never declare a document type; entities, which could grow without bound, need one."""
    with packed.open(part) as stream:
        head = stream.read(DOCTYPE_BYTES).replace(b"\x00", b"")
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head


def _find_sheet(
    book: Any, most: int, columns: int, wanted: WantedHeadings | None
) -> tuple[Sheet | None, list[SheetFault]]:
    first: tuple[Sheet, list[SheetFault]] | None = None
    for worksheet in book.worksheets[: MAX_SHEETS if wanted else 1]:
        sheet, faults = _rows(worksheet, most, columns)
        head = find_heading_row(sheet.rows, wanted) if wanted else None
        if head is not None:
            top = min(cell.row for cell in sheet.rows[head].values())
            return Sheet(sheet.name, sheet.rows[head:]), [f for f in faults if _row_of(f.ref) >= top]
        first = first or (sheet, faults)
    return first or (None, [SheetFault("", "", NOT_XLSX)])


def _row_of(ref: str) -> int:
    return int(ref.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _rows(sheet: Any, most: int, columns: int) -> tuple[Sheet, list[SheetFault]]:
    name = str(sheet.title)
    sheet.reset_dimensions()  # what the file says of its own size is not trusted
    faults: list[SheetFault] = []
    rows: list[dict[int, SheetCell]] = []
    for number, row in enumerate(sheet.iter_rows(max_row=most + 2, max_col=columns), start=1):
        cells = dict(_sheet_cells(number, row, name, faults))
        if not cells:
            continue
        if number > most + 1:
            faults.append(SheetFault(name, f"A{number}", with_limit(TOO_MANY_ROWS, most)))
            break
        rows.append(cells)
    return Sheet(name, tuple(rows)), faults


def _sheet_cells(
    number: int, row: tuple[Any, ...], sheet: str, faults: list[SheetFault]
) -> Iterator[tuple[int, SheetCell]]:
    for column, source_cell in enumerate(row, start=1):
        value = source_cell.value
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        cell = SheetCell(column, number, value, source_cell.data_type in ("f", "e"))
        if source_cell.data_type == "f":
            faults.append(SheetFault(sheet, cell.ref, FORMULA))
        elif source_cell.data_type == "e":
            faults.append(SheetFault(sheet, cell.ref, BROKEN))
        yield column, cell


def read_texts(content: bytes, limits: WorkbookLimits, headings: Sequence[str]) -> list[list[str]] | LocalizedText:
    """The rows, as texts, of the first sheet that has all `headings` in a row, else of the first sheet.

    Formulas count by the value that was last computed. Why it is not read, where it is not.
    """
    if (reason := refusal(content, limits)) is not None:
        return reason
    try:
        sheets = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False).worksheets
        sheet = next((s for s in sheets[:MAX_SHEETS] if _has_table(s, headings, limits)), sheets[0])
        rows = [[_text(cell) for cell in row] for row in _limited_rows(sheet, limits)]
    except Exception:  # openpyxl raises whatever its parsers raise
        return NOT_XLSX
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > limits.rows + 1:
        return with_limit(TOO_MANY_ROWS, limits.rows)
    width = max((n for row in rows for n, text in enumerate(row, 1) if text), default=0)
    return [row[:width] for row in rows]


def _limited_rows(sheet: Any, limits: WorkbookLimits) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()
    return iter(sheet.iter_rows(max_row=limits.rows + 2, max_col=MAX_TEXT_COLUMNS))


def _has_table(sheet: Any, headings: Sequence[str], limits: WorkbookLimits) -> bool:
    rows = [[_text(cell) for cell in row] for row in islice(_limited_rows(sheet, limits), SEARCHED_ROWS)]
    if not rows:
        return False
    found = rows[best_heading_row(rows, {name: (name,) for name in headings})]
    return {fold_heading(name) for name in headings} <= {fold_heading(cell) for cell in found}


def _text(cell: Any) -> str:
    """A cell as text: numbers without the noise of binary fractions, shares as per cent."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool | date):
        return str(value)
    if isinstance(value, int | float):
        number = Decimal(repr(value)) * (100 if "%" in (cell.number_format or "") else 1)
        text = f"{round(number, 6):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return clean_line(str(value))
