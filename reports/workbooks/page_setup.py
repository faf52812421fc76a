"""How sheets are printed, and how high a row must be so that its text is seen. PURE."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

LINE_HEIGHT: Final = 14.5  # points of a line of Sarabun 11, marks above and below included
_PADDING: Final = 2.0
MAX_HEIGHT: Final = 409.0  # points; Excel has no higher row
_WIDER_THAN_DIGIT: Final = 1.04  # a Thai letter beside a digit, by which widths are counted
_MARGIN: Final = 0.3  # inch
_PAGE_CHARACTERS: Final = 150  # of a landscape page in full size
_PAGE_HEIGHT: Final = 520  # points of a landscape page for rows
_SMALLER: Final = 0.75  # of the size at which a sheet is as wide as the page
_LAST_ROWS: Final = 0.4  # of a page that is not begun for them
_A4: Final = 9  # as the file format numbers papers


def set_up_page(sheet: Any, head_rows: int, *, filtered: str = "") -> None:
    """Landscape A4, as wide as the page, heads on each page, page numbers. `filtered`: the range of a filter."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for side in ("left", "right", "top"):
        setattr(sheet.page_margins, side, _MARGIN)
    sheet.page_margins.bottom = 0.5
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"
    if head_rows:
        sheet.print_title_rows = f"1:{head_rows}"
    if filtered:
        sheet.auto_filter.ref = filtered


def limit_pages(sheet: Any) -> None:
    """Prints a filled sheet a little smaller rather than begin a page for its last rows."""
    width = sum(column.width for column in sheet.column_dimensions.values())
    height = sum(row.height or LINE_HEIGHT for row in sheet.row_dimensions.values())
    pages = height * min(1.0, _PAGE_CHARACTERS / max(width, 1)) / _PAGE_HEIGHT
    sheet.page_setup.fitToHeight = max(1, math.ceil(pages * _SMALLER - _LAST_ROWS))


def row_height(texts: Iterable[tuple[str, float]]) -> float:
    """The height of a row for its texts, each with the width of its column in characters."""
    most = max((_lines(text, width) for text, width in texts), default=1)
    return min(MAX_HEIGHT, most * LINE_HEIGHT + _PADDING)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes; marks above and below letters take no room."""
    return sum(
        max(1, math.ceil(_shown_length(line) * _WIDER_THAN_DIGIT / max(width - 1, 1))) for line in text.split("\n")
    )


def _shown_length(text: str) -> int:
    return sum(1 for character in text if unicodedata.category(character) != "Mn")
