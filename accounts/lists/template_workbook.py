"""Workbooks to fill in: a list of people, a list of agencies. PURE."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from accounts.lists import agency_list, people_list
from dgready.localized_text import LocalizedText
from dgready.sheets.writing import append_text_row, offer_choices, prepare_text_rows, write_headings

PEOPLE: Final = LocalizedText("รายชื่อ", "People")
AGENCIES: Final = LocalizedText("หน่วยงาน", "Agencies")
CHOICES: Final = LocalizedText("ตัวเลือก", "Choices")
ROLE: Final = LocalizedText("บทบาท", "Role")
KIND: Final = LocalizedText("ประเภท", "Kind")
CODE: Final = LocalizedText("รหัส", "Code")
DEPARTMENT: Final = LocalizedText("รหัสกรมต้นสังกัด", "Department code")
NAME: Final = LocalizedText("ชื่อ", "Name")
PEOPLE_COLUMNS: Final = {
    "email": 32, "first_name": 22, "last_name": 22, "role": 30, "agency": 22, "valid_from": 14, "valid_to": 14,
}  # fmt: skip
AGENCY_COLUMNS: Final = {"code": 16, "name_th": 60, "name_en": 50, "kind": 34, "parent": 24}
ROWS: Final = 1000  # rows with a list to pick from


def write_people_template(*, roles: Sequence[str], agencies: Sequence[tuple[str, str]], language: str) -> bytes:
    """A sheet for people, and one with the roles and agencies (code, name) that may be named."""
    book = Workbook()
    sheet = book.active
    sheet.title = PEOPLE.to(language)
    _write_headings(sheet, people_list.HEADINGS, PEOPLE_COLUMNS, language)
    prepare_text_rows(sheet, range(1, len(PEOPLE_COLUMNS) + 1))
    choices = book.create_sheet(CHOICES.to(language))
    write_headings(choices, [ROLE.to(language), CODE.to(language), NAME.to(language)], [40, 20, 70])
    for number in range(max(len(roles), len(agencies))):
        code, name = agencies[number] if number < len(agencies) else ("", "")
        append_text_row(choices, [roles[number] if number < len(roles) else "", code, name])
    offer_choices(sheet, "D", f"'{choices.title}'!$A$2:$A${max(len(roles), 1) + 1}", ROWS)
    offer_choices(sheet, "E", f"'{choices.title}'!$B$2:$B${max(len(agencies), 1) + 1}", ROWS)
    return _content(book)


def write_agencies_template(
    *, rows: Sequence[Sequence[str]], kinds: Sequence[str], departments: Sequence[tuple[str, str]], language: str
) -> bytes:
    """A sheet with the agencies as they stand (code, both names, kind, parent), and one with what may be picked."""
    book = Workbook()
    sheet = book.active
    sheet.title = AGENCIES.to(language)
    _write_headings(sheet, agency_list.HEADINGS, AGENCY_COLUMNS, language)
    for row in rows:
        append_text_row(sheet, row)
    prepare_text_rows(sheet, range(1, len(AGENCY_COLUMNS) + 1))
    choices = book.create_sheet(CHOICES.to(language))
    write_headings(choices, [KIND.to(language), DEPARTMENT.to(language), NAME.to(language)], [40, 20, 60])
    for number in range(max(len(kinds), len(departments))):
        code, name = departments[number] if number < len(departments) else ("", "")
        append_text_row(choices, [kinds[number] if number < len(kinds) else "", code, name])
    offer_choices(sheet, "D", f"'{choices.title}'!$A$2:$A${len(kinds) + 1}", ROWS)
    if departments:
        offer_choices(sheet, "E", f"'{choices.title}'!$B$2:$B${len(departments) + 1}", ROWS)
    return _content(book)


def _write_headings(
    sheet: Worksheet, headings: Mapping[str, Sequence[str]], widths: Mapping[str, int], language: str
) -> None:
    """Of the spellings of a heading, the first is the Thai one, the second the English one."""
    spelling = 1 if language == "en" else 0
    write_headings(sheet, [headings[column][spelling] for column in widths], list(widths.values()))


def _content(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
