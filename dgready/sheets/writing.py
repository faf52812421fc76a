"""Writing the sheets of a workbook to be filled in: headings, and cells that are text whatever they look like. PURE."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

_HEADING_FILL: Final = PatternFill("solid", start_color="FF1B2350")
_PREPARED_ROWS: Final = 300  # below the filled ones, formatted as text


def write_headings(sheet: Worksheet, titles: Sequence[str], widths: Sequence[int]) -> None:
    """Writes the first row and the widths of the columns (in characters); the row stays in sight."""
    for number, (title, width) in enumerate(zip(titles, widths, strict=True), start=1):
        cell = sheet.cell(1, number, title)
        cell.font, cell.fill = Font(bold=True, color="FFFFFFFF"), _HEADING_FILL
        cell.alignment = Alignment(vertical="center")
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"


def append_text_row(sheet: Worksheet, values: Sequence[Any]) -> None:
    """Appends a row of text cells: "1.1" stays a code, and what begins with "=" is no formula."""
    row = sheet.max_row + 1
    for number, value in enumerate(values, start=1):
        if value == "":
            continue
        cell = sheet.cell(row, number, value)
        cell.data_type, cell.number_format = "s", "@"


def prepare_text_rows(sheet: Worksheet, columns: Sequence[int]) -> None:
    """Formats the columns of the rows that are still to be filled as text."""
    for row in range(sheet.max_row + 1, sheet.max_row + 1 + _PREPARED_ROWS):
        for column in columns:
            sheet.cell(row, column).number_format = "@"


def offer_choices(sheet: Worksheet, column: str, choices: str, rows: int) -> None:
    """Lets a column (a letter) be picked from a list: a range, or words in quotation marks with commas between."""
    validation = DataValidation(type="list", formula1=choices, allow_blank=True)
    sheet.add_data_validation(validation)
    validation.add(f"{column}2:{column}{rows}")
