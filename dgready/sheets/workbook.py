"""Reading the sheet of a workbook that has the table as plain cells, within limits, without formulas. PURE."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from dgready.limits import WorkbookLimits
from dgready.localized_text import LocalizedText
from dgready.typed.result import Understood
from dgready.typed.tables import SEARCHED_ROWS, ColumnHeadings, find_table

MAX_SHEETS: Final = 20  # looked through for the table
DOCTYPE_BYTES: Final = 4096  # bytes of each XML part that are looked through for a document type

TOO_LARGE = LocalizedText("ไฟล์ใหญ่เกิน {limit} MB", "The file is larger than {limit} MB")
NOT_XLSX = LocalizedText(
    "ไม่ใช่ไฟล์ Excel (.xlsx) หรือ CSV ที่เปิดได้", "This is neither an Excel workbook (.xlsx) nor a CSV file that can be read"
)
MACROS = LocalizedText("ไฟล์มีมาโคร โปรดบันทึกเป็น .xlsx", "The file has macros; save it as .xlsx")
BOMB = LocalizedText("ไฟล์นี้ขยายแล้วใหญ่ผิดปกติ จึงไม่เปิด", "The file unpacks to more than is reasonable and was not opened")
TOO_MANY_ROWS = LocalizedText("มีมากกว่า {limit} แถว", "There are more than {limit} rows")
FORMULA = LocalizedText("ช่องนี้เป็นสูตร โปรดวางเป็นค่า", "This cell is a formula; paste it as a value")
BROKEN = LocalizedText("ช่องนี้มีข้อผิดพลาดของ Excel", "This cell shows an Excel error")


@dataclass(frozen=True, slots=True)
class SheetFault:
    """Something wrong in the workbook: the sheet and cell ("" for the whole file) and what."""

    sheet: str
    ref: str
    say: LocalizedText

    def __str__(self) -> str:
        return f"{self.sheet}!{self.ref}: {self.say.en}"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell with something in it; a bad one has its fault already."""

    column: int
    row: int
    value: Any
    bad: bool = False

    @property
    def ref(self) -> str:
        """Its name in the sheet, as B7."""
        return f"{get_column_letter(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet that have anything in them, each as cells by column number.

    `read_as`: how delimited text was read; empty for a workbook.
    """

    name: str
    rows: tuple[dict[int, SheetCell], ...]
    read_as: LocalizedText = LocalizedText()


@dataclass(frozen=True, slots=True)
class WantedHeadings:
    """The table that is looked for: the headings that each column may have, and the columns that it must have."""

    headings: ColumnHeadings
    required: Sequence[str]


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
    """The same of a workbook that is not refused. Its XML can take minutes: see dgready.sheets.uploaded."""
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


def with_limit(text: LocalizedText, limit: int) -> LocalizedText:
    """The text with the number that was passed."""
    return LocalizedText(text.th.format(limit=limit), text.en.format(limit=limit))


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


def find_heading_row(rows: Sequence[Mapping[int, SheetCell]], wanted: WantedHeadings) -> int | None:
    """Which row (from 0) has all the headings that are needed, if one has."""
    result = find_table(row_texts(rows), wanted.headings, wanted.required)
    return result.value.heading_row if isinstance(result, Understood) else None


def row_texts(rows: Sequence[Mapping[int, SheetCell]]) -> list[list[str]]:
    """The first rows as texts, in which the heads of a table are looked for."""
    return [[str(row[n].value) if n in row else "" for n in range(1, max(row) + 1)] for row in rows[:SEARCHED_ROWS]]


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
