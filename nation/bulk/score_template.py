"""The table of a department to fill in: a row for each province and sub-pillar that is scored from outside. PURE."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from openpyxl import Workbook

from dgready.localized_text import LocalizedText
from dgready.sheets.writing import append_text_row, prepare_text_rows, write_headings
from nation.bulk.score_table import HEADINGS

TITLE: Final = LocalizedText("คะแนนจากกรม", "Scores of a department")
WIDTHS: Final = (20, 16, 12, 50, 50, 18)


def write_score_template(*, provinces: Sequence[str], codes: Sequence[str], language: str) -> bytes:
    """The names of provinces and the codes of sub-pillars are there; rows without a score are not read."""
    book = Workbook()
    sheet = book.active
    sheet.title = TITLE.to(language)
    spelling = 1 if language == "en" else 0
    write_headings(sheet, [known[spelling] for known in HEADINGS.values()], WIDTHS)
    for code in codes:
        for province in provinces:
            append_text_row(sheet, [province, code])
    prepare_text_rows(sheet, range(1, len(WIDTHS) + 1))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
