"""Reading a department's table that somebody sends in: a workbook or delimited text, in the guard."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from dgready.sheets.uploaded import read_uploaded_sheet
from nation.bulk.score_table import WANTED, ReadTable, parse_score_table
from nation.bulk.scores import external_codes_of_year
from scoring.results.actions.subjects import Subjects


def read_score_table(content: bytes, year: int) -> ReadTable:
    """The scores of a file by province, or its faults. Two queries, and one for each stored scheme."""
    sheet, faults = read_uploaded_sheet(content, settings.WORKBOOK_LIMITS, settings.READER_LIMITS, WANTED)
    if sheet is None or faults:
        return ReadTable(faults=list(faults))
    subjects = Subjects()

    def find_province(name: str) -> str | None:
        code = subjects.find(name)
        return code if code in subjects.provinces else None

    return parse_score_table(sheet, find_province, external_codes_of_year(year), timezone.localdate())
