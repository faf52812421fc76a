"""Parsing a list of agencies: entries, and every fault with its cell. PURE."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.sheets.records import Record, read_records
from dgready.sheets.workbook import Sheet, SheetFault, WantedHeadings
from dgready.thai import fold_text
from dgready.typed.characters import clean_name, fold_typed

MAX_NAME: Final = 200
CODE: Final = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("รหัส", "Code", "รหัสหน่วยงาน", "Agency code"),
    "name_th": ("ชื่อภาษาไทย", "Thai name", "ชื่อ", "Name", "ชื่อหน่วยงาน", "หน่วยงาน"),
    "name_en": ("ชื่อภาษาอังกฤษ", "English name"),
    "kind": ("ประเภท", "Kind"),
    "parent": ("กรมต้นสังกัด", "Parent department", "รหัสกรมต้นสังกัด"),
}
WANTED_HEADINGS: Final = WantedHeadings(HEADINGS, ("code", "name_th"))
FAULT_TEXTS: Final[Mapping[str, LocalizedText]] = {
    "code": LocalizedText(
        "รหัสต้องเป็นตัวอักษรอังกฤษ ตัวเลข หรือขีด ไม่เกิน 40 ตัว", "A code has English letters, digits or dashes, at most 40"
    ),
    "kind": LocalizedText("ไม่รู้จักประเภท “{name}”", "There is no kind “{name}”"),
    "parent": LocalizedText(
        "ไม่รู้จักกรมต้นสังกัด “{name}” ใช้รหัสหรือชื่อเต็มตามรายชื่อส่วนราชการ",
        "There is no department “{name}”; use the code or the full name from the list of departments",
    ),
    "again": LocalizedText("ซ้ำกับแถว {row}: รหัสเดียวกัน", "Row {row} already has this code"),
    "long": LocalizedText("ยาวเกิน {limit} ตัวอักษร", "Longer than {limit} characters"),
}


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """One agency as a list gives it; an empty `kind`, `name_en` or `parent` leaves what is stored.

    `parent`: the code of its parent department.
    """

    code: str
    name_th: str
    name_en: str = ""
    kind: str = ""
    parent: str = ""


@dataclass(slots=True)
class ParsedAgencies:
    """The entries and faults of a list; with any fault nothing of it is applied."""

    entries: list[AgencyEntry] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)


def parse_agency_list(
    sheet: Sheet, kinds: Mapping[str, str], departments: Mapping[str, str] | None = None
) -> ParsedAgencies:
    """Reads a table with headings. `kinds`: each word for a kind, folded → its value.

    `departments`: each code and name of a department, folded → its code; without any no parent may be given.
    """
    parsed = ParsedAgencies()
    seen: dict[str, int] = {}
    for record in read_records(sheet, WANTED_HEADINGS, parsed.faults):
        before = len(parsed.faults)
        entry = _parse(record, sheet.name, {"kind": kinds, "parent": departments or {}}, parsed.faults)
        if not record.complete or len(parsed.faults) > before:
            continue
        first = seen.setdefault(entry.code.casefold(), record.row)
        if first != record.row:
            parsed.faults.append(SheetFault(sheet.name, record.ref("code"), FAULT_TEXTS["again"].filled(row=first)))
        parsed.entries.append(entry)
    return parsed


def _parse(record: Record, sheet: str, words: Mapping[str, Mapping[str, str]], faults: list[SheetFault]) -> AgencyEntry:
    code = fold_typed(record.text("code")).strip()
    if code and not CODE.match(code):
        faults.append(SheetFault(sheet, record.ref("code"), FAULT_TEXTS["code"]))
    names = {name: clean_name(record.text(name)) for name in ("name_th", "name_en")}
    for column, name in names.items():
        if len(name) > MAX_NAME:
            faults.append(SheetFault(sheet, record.ref(column), FAULT_TEXTS["long"].filled(limit=MAX_NAME)))
    picked = {}
    for column, known in words.items():
        word = clean_name(record.text(column))
        picked[column] = known.get(fold_text(fold_typed(word)), "")
        if word and not picked[column]:
            faults.append(SheetFault(sheet, record.ref(column), FAULT_TEXTS[column].filled(name=word)))
    return AgencyEntry(code, names["name_th"], names["name_en"], **picked)
