"""Cells of our workbooks: text is always text, whatever it begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

FONT = "Sarabun"  # falls back to the reader's own Thai font where it is not installed
MOST = 32_767  # characters of a cell
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_CUT = "… (ตัดข้อความ)"

BODY = Font(name=FONT, size=11)
BOLD = Font(name=FONT, size=11, bold=True)
HEAD = Font(name=FONT, size=11, bold=True, color="1B2350")
SOFT = Font(name=FONT, size=11, color="6A7187")
ALERT = Font(name=FONT, size=11, color="B3261E")
TITLE = Font(name=FONT, size=14, bold=True, color="1B2350")
HEAD_FILL = PatternFill("solid", fgColor="E8EBF8")
GROUP_FILL = PatternFill("solid", fgColor="F4F6FA")
WRAP = Alignment(vertical="top", wrap_text=True)
TOP = Alignment(vertical="top")
RULE = Border(bottom=Side(style="thin", color="D8DDE8"))


def clean(text: str) -> str:
    """The text as a cell can hold it: without characters XML forbids, not longer than a cell may be."""
    text = _SURROGATES.sub("\ufffd", _ILLEGAL.sub("", text)).replace("\r\n", "\n")
    return text if len(text) <= MOST else text[: MOST - len(_CUT)] + _CUT


def text_cell(sheet: Any, value: str, font: Font = BODY, fill: PatternFill | None = None, wrap: bool = True) -> Any:
    """A cell that is text even where it looks like a formula, an error or a number."""
    value = clean(value)
    cell = WriteOnlyCell(sheet)
    cell.value = value or None
    if value:
        cell.data_type = "s"
    cell.font, cell.alignment = font, WRAP if wrap else TOP
    if fill:
        cell.fill = fill
    if value.startswith(FORMULA):
        # Excel then keeps it text also when a person edits the cell.
        cell.quotePrefix = True
    return cell


def number_cell(sheet: Any, value: Decimal | int | None, font: Font = BODY, places: int = 2) -> Any:
    """A number, or an empty cell."""
    cell = WriteOnlyCell(sheet, value=value)
    cell.font, cell.alignment = font, TOP
    if value is not None:
        cell.number_format = "0" if isinstance(value, int) else "0." + "0" * places
    return cell


def prepare(sheet: Any, widths: Sequence[float], titles: Sequence[str] = ()) -> None:
    """Column widths, and a heading row that stays in view."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    if titles:
        sheet.freeze_panes = "A2"
        sheet.append([text_cell(sheet, title, HEAD, HEAD_FILL) for title in titles])
