"""The workbook to fill in for many provinces: agencies, people, and the words that may be picked. PURE."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from accounts.lists.template_workbook import (
    AGENCIES,
    AGENCY_COLUMNS,
    CHOICES,
    DEPARTMENT,
    KIND,
    PEOPLE,
    PEOPLE_COLUMNS,
    ROLE,
)
from dgready.localized_text import LocalizedText
from dgready.sheets.writing import append_text_row, offer_choices, prepare_text_rows, write_headings
from nation.bulk.import_headings import WANTED_AGENCIES, WANTED_PEOPLE

PROVINCE: Final = LocalizedText("จังหวัด", "Province")
PROVINCE_WIDTH: Final = 14
ROWS: Final = 3000  # rows with a list to pick from


def write_import_template(
    *,
    provinces: Sequence[tuple[str, str]],
    roles: Sequence[str],
    kinds: Sequence[str],
    departments: Sequence[str],
    language: str,
) -> bytes:
    """A sheet of agencies, one of people, one with provinces (code, name), roles, kinds and codes of departments."""
    book = Workbook()
    agencies = book.active
    agencies.title = AGENCIES.to(language)
    _write_headings(agencies, WANTED_AGENCIES.headings, AGENCY_COLUMNS, language)
    people = book.create_sheet(PEOPLE.to(language))
    _write_headings(people, WANTED_PEOPLE.headings, PEOPLE_COLUMNS, language)
    choices = book.create_sheet(CHOICES.to(language))
    titles = [f"{PROVINCE.to(language)} (code)", PROVINCE.to(language), ROLE.to(language), KIND.to(language)]
    write_headings(choices, [*titles, DEPARTMENT.to(language)], [18, 30, 40, 40, 20])
    for number in range(max(len(provinces), len(roles), len(kinds), len(departments))):
        code, name = provinces[number] if number < len(provinces) else ("", "")
        append_text_row(choices, [code, name, _at(roles, number), _at(kinds, number), _at(departments, number)])
    of_agencies = {"A": ("A", provinces), "E": ("D", kinds), "F": ("E", departments)}
    for sheet, picked in ((agencies, of_agencies), (people, {"A": ("A", provinces)})):
        for column, (source, values) in ((c, p) for c, p in picked.items() if p[1]):
            offer_choices(sheet, column, f"'{choices.title}'!${source}$2:${source}${len(values) + 1}", ROWS)
    offer_choices(people, "E", f"'{choices.title}'!$C$2:$C${len(roles) + 1}", ROWS)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_headings(
    sheet: Worksheet, headings: Mapping[str, Collection[str]], widths: Mapping[str, int], language: str
) -> None:
    """Of the spellings of a heading, the first is the Thai one, the second the English one."""
    spelling = 1 if language == "en" else 0
    columns = {"province": PROVINCE_WIDTH, **widths}
    write_headings(sheet, [list(headings[column])[spelling] for column in columns], list(columns.values()))
    prepare_text_rows(sheet, range(1, len(columns) + 1))


def _at(values: Sequence[str], number: int) -> str:
    return values[number] if number < len(values) else ""
