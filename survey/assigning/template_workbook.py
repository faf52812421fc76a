"""The workbook template of an assignment list: current entries and the codes that may be used. PURE."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Final

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dgready.sheets.writing import append_text_row, offer_choices, prepare_text_rows, write_headings
from dgready.thai import BE_OFFSET
from survey.assigning.assignment_list import MAX_NOTE, AssignmentEntry, ListedAgency
from survey.assigning.list_texts import EVERYONE, HEADINGS, ROLES
from survey.assigning.targets import AssignmentTarget, assignable_sub_pillars, covered_questions
from survey.instrument.schema import CompiledInstrument, LocalizedText

SHEET_TITLES: Final = (
    LocalizedText("การมอบหมาย", "Assignments"),
    LocalizedText("หน่วยงาน", "Agencies"),
    LocalizedText("ตัวชี้วัดและข้อ", "Sub-pillars and questions"),
)
NAME_HEADING = LocalizedText("ชื่อ", "Name")
CODE_HEADING = LocalizedText("รหัส", "Code")
EVERYONE_NAME = LocalizedText(
    "ทุกหน่วยงานที่นับเป็นจังหวัด ยกเว้นที่ระบุไว้แล้วในข้อเดียวกัน",
    "every agency that counts as the province, less those already named for the same question",
)
YES_TEXT = LocalizedText("ใช่", "yes")
WIDTHS: Final = {"agency": 22, "target": 20, "role": 10, "if_any": 10, "due": 14, "note": 48}


def write_template(
    *,
    instrument: CompiledInstrument,
    agencies: Sequence[ListedAgency],
    entries: Iterable[AssignmentEntry],
    language: str,
    rows: int,
) -> bytes:
    """The content of an .xlsx with three sheets: the list (up to `rows`, as parse_assignment_list reads it), agencies,
    targets.
    """
    book = Workbook()
    listed = book.active
    listed.title = SHEET_TITLES[0].to(language)
    write_headings(listed, [HEADINGS[c].to(language) for c in HEADINGS], [WIDTHS[c] for c in HEADINGS])
    for entry in entries:
        append_text_row(listed, _entry_cells(entry, language))
    _add_validations(listed, rows)
    second = book.create_sheet(SHEET_TITLES[1].to(language))
    write_headings(second, [CODE_HEADING.to(language), NAME_HEADING.to(language)], [22, 70])
    append_text_row(second, [EVERYONE, EVERYONE_NAME.to(language)])
    for agency in agencies:
        if agency.active:
            append_text_row(second, [agency.code, agency.names[0] if agency.names else ""])
    third = book.create_sheet(SHEET_TITLES[2].to(language))
    write_headings(third, [CODE_HEADING.to(language), NAME_HEADING.to(language)], [22, 100])
    for code, name in _assignable_targets(instrument, language):
        append_text_row(third, [code, name])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _entry_cells(entry: AssignmentEntry, language: str) -> list[str]:
    due = f"{entry.due.day}/{entry.due.month}/{entry.due.year + BE_OFFSET}" if entry.due else ""
    return [
        entry.agency,
        str(entry.target),
        entry.role,
        YES_TEXT.to(language) if entry.if_any else "",
        due,
        entry.note,
    ]


def _assignable_targets(instrument: CompiledInstrument, language: str) -> Iterable[tuple[str, str]]:
    for column in assignable_sub_pillars(instrument):
        sub = instrument.sub_pillars.get(column)
        if sub is not None:
            yield sub.code, sub.name.to(language)
            parts = (p for p in instrument.sub_pillars.values() if p.parent == sub.code)
            yield from (
                (p.code, p.name.to(language)) for p in parts if covered_questions(instrument, AssignmentTarget(p.code))
            )
        for question in instrument.questions:
            if question.id in covered_questions(instrument, AssignmentTarget(column)) or (
                not column and not question.sub_pillar
            ):
                yield question.id, question.ask.to(language)


def _add_validations(sheet: Worksheet, rows: int) -> None:
    """Adds validation: a list of roles, text cells for codes and dates, a maximum length for notes."""
    offer_choices(sheet, "C", f'"{",".join(ROLES)}"', rows)
    note = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(MAX_NOTE), allow_blank=True)
    sheet.add_data_validation(note)
    note.add(f"F2:F{rows}")
    prepare_text_rows(sheet, (1, 2, 5))
