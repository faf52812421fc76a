"""Reading a workbook with agencies and people of many provinces: each row goes to the list of its province."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.conf import settings

from accounts.lists.agency_list import AgencyEntry, parse_agency_list
from accounts.lists.people_list import PeopleContext, fold_name, parse_people_list
from accounts.models import Province, User
from accounts.queries import departments_by_code
from accounts.views.list_context import agency_kind_words, context_of_province, department_words, inactive_addresses
from dgready.localized_text import LocalizedText
from dgready.sheets.records import read_records
from dgready.sheets.uploaded import read_uploaded_sheet
from dgready.sheets.workbook import Sheet, SheetFault, WantedHeadings, find_heading_row
from nation.bulk.import_headings import WANTED_AGENCIES, WANTED_PEOPLE
from nation.bulk.importing import ProvinceLists
from scoring.results.actions.subjects import Subjects

UNKNOWN_PROVINCE: Final = LocalizedText("ไม่รู้จักจังหวัด “{name}”", "There is no province “{name}”")
NO_TABLE: Final = LocalizedText(
    "ไม่พบแถวของหน่วยงานหรือรายชื่อในตารางที่มีคอลัมน์จังหวัด ใช้แบบ Excel จากหน้านี้",
    "No rows of agencies or people in a table with a column for the province were found; use the workbook of this page",
)


@dataclass(slots=True)
class ReadImport:
    """The lists by code of the province, and every fault; with any fault nothing is taken."""

    lists: dict[str, ProvinceLists] = field(default_factory=dict)
    faults: list[SheetFault] = field(default_factory=list)


def read_import(content: bytes, by: User) -> ReadImport:
    """Reads both tables of a workbook, or the one it has. Five queries whatever its length."""
    read = ReadImport()
    subjects = Subjects()
    tables = [_read_table(content, wanted, read.faults) for wanted in (WANTED_AGENCIES, WANTED_PEOPLE)]
    if read.faults:
        return read
    if not any(tables):
        read.faults.append(SheetFault("", "", NO_TABLE))
        return read
    agencies = _by_province(tables[0], WANTED_AGENCIES, subjects, read.faults)
    people = _by_province(tables[1], WANTED_PEOPLE, subjects, read.faults)
    parsed = _parse_agencies(agencies, read.faults)
    contexts = _contexts(by, people, tables[1], parsed)
    for code in dict.fromkeys((*agencies, *people)):
        entries = []
        if code in people:
            list_ = parse_people_list(people[code], contexts[code])
            entries, read.faults = list_.entries, [*read.faults, *list_.faults]
        read.lists[code] = ProvinceLists(parsed.get(code, ()), entries)
    return read


def _read_table(content: bytes, wanted: WantedHeadings, faults: list[SheetFault]) -> Sheet | None:
    """The sheet that holds the table; None where the file has none, which is no fault yet."""
    sheet, found = read_uploaded_sheet(content, settings.WORKBOOK_LIMITS, settings.READER_LIMITS, wanted)
    if sheet is None:
        faults += [fault for fault in found if fault not in faults]
        return None
    heading = find_heading_row(sheet.rows, wanted) if sheet.rows else None
    if heading is None or heading == len(sheet.rows) - 1:  # another table, or one that was left empty
        return None
    faults += [fault for fault in found if fault not in faults]
    return sheet


def _by_province(
    sheet: Sheet | None, wanted: WantedHeadings, subjects: Subjects, faults: list[SheetFault]
) -> dict[str, Sheet]:
    """By code of the province a sheet with the headings and its own rows; tells of rows without a known province."""
    if sheet is None:
        return {}
    start = find_heading_row(sheet.rows, wanted) or 0
    heading, numbered = sheet.rows[start], {_row_number(row): row for row in sheet.rows[start + 1 :]}
    rows: dict[str, list[dict[int, object]]] = {}
    for record in read_records(sheet, wanted, faults):
        name = record.text("province")
        code = subjects.find(name) if name else None
        if code in subjects.provinces:
            rows.setdefault(str(code), []).append(numbered[record.row])  # type: ignore[arg-type]
        elif name:
            faults.append(SheetFault(sheet.name, record.ref("province"), UNKNOWN_PROVINCE.filled(name=name)))
    return {code: replace(sheet, rows=(heading, *some)) for code, some in rows.items()}  # type: ignore[arg-type]


def _row_number(row: Mapping[int, object]) -> int:
    return next((int(getattr(cell, "row", 0)) for cell in row.values()), 0)


def _parse_agencies(sheets: Mapping[str, Sheet], faults: list[SheetFault]) -> dict[str, Sequence[AgencyEntry]]:
    kinds, departments = agency_kind_words(), department_words(departments_by_code().values()) if sheets else {}
    parsed: dict[str, Sequence[AgencyEntry]] = {}
    for code, sheet in sheets.items():
        listed = parse_agency_list(sheet, kinds, departments)
        faults += [fault for fault in listed.faults if fault not in faults]
        parsed[code] = listed.entries
    return parsed


def _contexts(
    by: User, sheets: Mapping[str, Sheet], table: Sheet | None, agencies: Mapping[str, Sequence[AgencyEntry]]
) -> dict[str, PeopleContext]:
    """What the people of each province are checked against, with the agencies that the same workbook adds."""
    if table is None:
        return {}
    inactive = inactive_addresses(table)
    contexts = {}
    for province in Province.objects.provinces().filter(code__in=sheets).prefetch_related("agencies"):
        context = context_of_province(by, province, inactive)
        added = {
            fold_name(name): (entry.code, True)
            for entry in agencies.get(province.code, ())
            for name in (entry.code, entry.name_th, entry.name_en)
            if name
        }
        contexts[province.code] = replace(context, agencies={**added, **context.agencies})
    return contexts
