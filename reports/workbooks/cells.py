"""Cells of workbooks: text stays text, whatever it begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

FONT_NAME = "Sarabun"  # falls back to the reader's own Thai font where it is not installed
MAX_CELL_LENGTH = 32_767  # characters of a cell
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_TRUNCATED = "… (ตัดข้อความ)"

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
    if value.startswith(FORMULA_PREFIXES):
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


def prepare_sheet(sheet: Any, widths: Sequence[float], titles: Sequence[str] = ()) -> None:
    """Column widths, and a heading row that stays in view."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    if titles:
        sheet.freeze_panes = "A2"
        sheet.append([text_cell(sheet, title, HEADING_FONT, HEAD_FILL) for title in titles])
