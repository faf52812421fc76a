"""Cells of workbooks: text stays text, whatever it begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from dgready.sheets.formulas import looks_like_formula
from reports.workbooks.page_setup import row_height, set_up_page

FONT_NAME = "Sarabun"  # falls back to the reader's own Thai font where it is not installed
MAX_CELL_LENGTH = 32_767  # characters of a cell
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_TRUNCATED = "… (ตัดข้อความ)"

BUDDHIST_DATE = "[$-107041E]d mmm yyyy;@"  # Thai words, Arabic digits, the calendar of the Buddhist era
BUDDHIST_MOMENT = "[$-107041E]d mmm yyyy h:mm;@"

BODY_FONT = Font(name=FONT_NAME, size=11)
BOLD_FONT = Font(name=FONT_NAME, size=11, bold=True)
HEADING_FONT = Font(name=FONT_NAME, size=11, bold=True, color="1B2350")
MUTED_FONT = Font(name=FONT_NAME, size=11, color="6A7187")
ALERT_FONT = Font(name=FONT_NAME, size=11, color="B3261E")
TITLE_FONT = Font(name=FONT_NAME, size=14, bold=True, color="1B2350")
HEAD_FILL = PatternFill("solid", fgColor="E8EBF8")
GROUP_FILL = PatternFill("solid", fgColor="F4F6FA")
WRAP_TOP = Alignment(vertical="top", wrap_text=True)
ALIGN_TOP = Alignment(vertical="top")


def clean_cell_text(text: str) -> str:
    """The text as a cell can hold it: without characters XML forbids, not longer than a cell may be."""
    text = _SURROGATES.sub("\ufffd", _ILLEGAL.sub("", text)).replace("\r\n", "\n")
    return text if len(text) <= MAX_CELL_LENGTH else text[: MAX_CELL_LENGTH - len(_TRUNCATED)] + _TRUNCATED


def text_cell(
    sheet: Any, value: str, font: Font = BODY_FONT, fill: PatternFill | None = None, wrap: bool = True
) -> Any:
    """A cell that is text even where it looks like a formula, an error or a number."""
    value = clean_cell_text(value)
    cell = WriteOnlyCell(sheet)
    cell.value = value or None
    if value:
        cell.data_type = "s"
    cell.font, cell.alignment = font, WRAP_TOP if wrap else ALIGN_TOP
    if fill:
        cell.fill = fill
    if looks_like_formula(value):
        # Excel then keeps it text also when a person edits the cell.
        cell.quotePrefix = True
    return cell


def number_cell(sheet: Any, value: Decimal | int | None, font: Font = BODY_FONT, places: int = 2) -> Any:
    """A number, or an empty cell."""
    cell = WriteOnlyCell(sheet, value=value)
    cell.font, cell.alignment = font, ALIGN_TOP
    if value is not None:
        cell.number_format = "0" if isinstance(value, int) else "0." + "0" * places
    return cell


def date_cell(sheet: Any, day: date | None, font: Font = BODY_FONT) -> Any:
    """A real date, shown in the Buddhist era; or an empty cell. A moment, in local time, shows its time too."""
    moment = isinstance(day, datetime)
    value = day.replace(tzinfo=None) if isinstance(day, datetime) else day
    cell = WriteOnlyCell(sheet, value=value)
    cell.font, cell.alignment = font, ALIGN_TOP
    if day is not None:
        cell.number_format = BUDDHIST_MOMENT if moment else BUDDHIST_DATE
    return cell


def prepare_sheet(sheet: Any, widths: Sequence[float], titles: Sequence[str] = ()) -> None:
    """Column widths, print set-up, and a heading row that stays in view and stands on every page."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    set_up_page(sheet, 1 if titles else 0)
    if titles:
        sheet.freeze_panes = "A2"
        append_row(sheet, [text_cell(sheet, title, HEADING_FONT, HEAD_FILL) for title in titles])


def append_row(sheet: Any, cells: Sequence[Any]) -> None:
    """Appends a row that is high enough for its texts, in viewers too that do not find out by themselves."""
    texts = [
        (str(cell.value), sheet.column_dimensions[get_column_letter(number)].width - 2 * (cell.alignment.indent or 0))
        for number, cell in enumerate(cells, start=1)
        if cell.value is not None and cell.alignment.wrap_text
    ]
    sheet.row_dimensions[row_count(sheet) + 1].height = row_height(texts)
    sheet.append(cells)


def row_count(sheet: Any) -> int:
    """How many rows were appended: each has its height."""
    return len(sheet.row_dimensions)


def add_filter(sheet: Any, columns: int) -> None:
    """Lets a filled sheet with headings be filtered by every column."""
    sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{max(row_count(sheet), 1)}"
