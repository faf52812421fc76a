"""Parsing a list of people to invite: entries, and every fault with its cell. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.sheets.records import Record, read_records
from dgready.sheets.workbook import Sheet, SheetFault, WantedHeadings, find_heading_row
from dgready.thai import fold_text
from dgready.typed.characters import clean_name, fold_typed
from dgready.typed.dates import read_date_cell
from dgready.typed.emails import read_email
from dgready.typed.result import Refusal, Understood

MAX_NAME: Final = 100
# A title written apart stays with the first name.
TITLES: Final = frozenset("นาย นาง นางสาว น.ส. ดร. ว่าที่ร้อยตรี ว่าที่ร้อยโท ว่าที่ร้อยเอก Mr. Mrs. Ms. Dr. Mr Mrs Ms Dr".split())
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("อีเมล", "E-mail", "Email", "E-mail address", "อีเมล์", "ไปรษณีย์อิเล็กทรอนิกส์"),
    "full_name": ("ชื่อ-นามสกุล", "Full name", "ชื่อและนามสกุล", "ชื่อ นามสกุล", "ชื่อ - นามสกุล", "ชื่อ–นามสกุล"),
    "first_name": ("ชื่อ", "First name"),
    "last_name": ("นามสกุล", "Last name", "ชื่อสกุล", "สกุล"),
    "role": ("บทบาท", "Role"),
    "agency": ("หน่วยงาน", "Agency"),
    "valid_from": ("ตั้งแต่วันที่", "From"),
    "valid_to": ("ถึงวันที่", "To"),
}
WANTED_HEADINGS: Final = WantedHeadings(HEADINGS, ("email",))
FAULT_TEXTS: Final[Mapping[str, LocalizedText]] = {
    "email": LocalizedText("ต้องระบุอีเมล", "The e-mail address is missing"),
    "role": LocalizedText("ไม่รู้จักบทบาท “{name}”", "There is no role “{name}”"),
    "not_yours": LocalizedText("ท่านให้บทบาท “{name}” ไม่ได้", "You may not grant the role “{name}”"),
    "no_role": LocalizedText("ต้องระบุบทบาท", "The role is missing"),
    "agency": LocalizedText("ไม่พบหน่วยงาน “{name}”", "There is no agency “{name}”"),
    "closed": LocalizedText("หน่วยงาน “{name}” ปิดใช้งานแล้ว", "The agency “{name}” is closed"),
    "needs_agency": LocalizedText("ต้องระบุหน่วยงานของผู้ประสานงาน", "The agency of the coordinator is missing"),
    "order": LocalizedText("วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มต้น", "The last day is before the first"),
    "again": LocalizedText("ซ้ำกับแถว {row}: คนและบทบาทเดียวกัน", "Row {row} already has this person and role"),
    "self": LocalizedText("ให้บทบาทแก่ตนเองไม่ได้", "You cannot give yourself a role"),
    "inactive": LocalizedText("บัญชีของอีเมลนี้ปิดใช้งานอยู่", "The account of this address is deactivated"),
    "long": LocalizedText("ยาวเกิน {limit} ตัวอักษร", "Longer than {limit} characters"),
}


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """One person and one role; `agency` is a code, empty for a role of the whole province."""

    email: str
    role: str
    agency: str = ""
    first_name: str = ""
    last_name: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Address, role and agency: at most one entry of each."""
        return self.email, self.role, self.agency


@dataclass(frozen=True, slots=True)
class PeopleContext:
    """What a list is checked against.

    `roles`: each word for a role → its value; `grantable`: values that may be granted; `agency_roles`: those held for
    an agency, the first being the role of a row that names an agency and no role; `agencies`: each name or code,
    folded → the code and whether it is active; `default_role`, `default_agency`: for rows that say nothing;
    `refused`: addresses that cannot be invited → the key of the reason.
    """

    roles: Mapping[str, str]
    grantable: frozenset[str]
    agency_roles: tuple[str, ...]
    agencies: Mapping[str, tuple[str, bool]]
    today: date
    default_role: str = ""
    default_agency: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ParsedPeople:
    """The entries and faults of a list; with any fault nothing of it is applied."""

    entries: list[PersonEntry] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)


def parse_people_list(sheet: Sheet, context: PeopleContext) -> ParsedPeople:
    """Reads a table with headings, or lines in which every cell is known by what it says."""
    parsed = ParsedPeople()
    parser = _PeopleParser(sheet.name, context, parsed.faults)
    if sheet.rows and find_heading_row(sheet.rows, WANTED_HEADINGS) is None and _any_address(sheet):
        records = [parser.sort_cells(row) for row in sheet.rows]
    else:
        records = read_records(sheet, WANTED_HEADINGS, parsed.faults)
    seen: dict[tuple[str, str, str], int] = {}
    for record in records:
        entry = parser.parse(record)
        if entry is None:
            continue
        first = seen.setdefault(entry.key, record.row)
        if first != record.row:
            parser.fault(record.ref("email"), "again", row=first)
        parsed.entries.append(entry)
    return parsed


def _any_address(sheet: Sheet) -> bool:
    return any("@" in str(cell.value) for row in sheet.rows for cell in row.values())


def split_name(name: str) -> tuple[str, str]:
    """First and last name of a whole name; a title written apart belongs to the first."""
    words = name.split(" ")
    at = 2 if words[0] in TITLES and len(words) > 2 else 1
    first = "".join(words[:at]) if at == 2 and not words[0].isascii() else " ".join(words[:at])
    return first, " ".join(words[at:])


def fold_name(name: str) -> str:
    """A name as it is looked up."""
    return fold_text(fold_typed(name))


class _PeopleParser:
    """Parses records and collects the faults."""

    def __init__(self, sheet: str, context: PeopleContext, faults: list[SheetFault]) -> None:
        self.sheet, self.context, self.faults = sheet, context, faults

    def fault(self, ref: str, key: str, **values: object) -> None:
        """Adds a fault with its message."""
        self.faults.append(SheetFault(self.sheet, ref, FAULT_TEXTS[key].filled(**values)))

    def sort_cells(self, row: Mapping[int, object]) -> Record:
        """The record of a row without headings: each cell is an address, a role, an agency, else a part of the name."""
        cells: dict[str, object] = {}
        names = []
        for cell in row.values():
            text = str(getattr(cell, "value", ""))
            column = self._kind_of(text)
            if column and column not in cells:
                cells[column] = cell
            else:
                names.append(cell)
        cells |= dict(zip(("full_name",) if len(names) == 1 else ("first_name", "last_name"), names, strict=False))
        number = next(getattr(cell, "row", 0) for cell in row.values())
        columns = {name: getattr(cell, "column", 1) for name, cell in cells.items()}
        return Record(number, cells, columns)  # type: ignore[arg-type]

    def _kind_of(self, text: str) -> str:
        if "@" in text:
            return "email"
        folded = fold_name(text)
        return "role" if folded in self.context.roles else "agency" if folded in self.context.agencies else ""

    def parse(self, record: Record) -> PersonEntry | None:
        """The entry of a record, or None when it is faulty."""
        before = len(self.faults)
        email = self._email(record)
        agency = self._agency(record)
        role = self._role(record)
        if role in self.context.agency_roles:
            agency = agency or self.context.default_agency
            if not agency and len(self.faults) == before:
                self.fault(record.ref("agency"), "needs_agency")
        else:
            agency = ""
        first_name, last_name = self._names(record)
        valid_from, valid_to = self._day(record, "valid_from"), self._day(record, "valid_to")
        if valid_from and valid_to and valid_from > valid_to:
            self.fault(record.ref("valid_to"), "order")
        if not record.complete or len(self.faults) > before:
            return None
        return PersonEntry(email, role, agency, first_name, last_name, valid_from, valid_to)

    def _email(self, record: Record) -> str:
        result = read_email(record.text("email"))
        if result is None:
            if record.complete:
                self.fault(record.ref("email"), "email")
            return ""
        if isinstance(result, Refusal):
            self.faults.append(SheetFault(self.sheet, record.ref("email"), result.reason))
            return ""
        address = result.value.lower()
        if reason := self.context.refused.get(address):
            self.fault(record.ref("email"), reason)
        return address

    def _agency(self, record: Record) -> str:
        name = clean_name(record.text("agency"))
        if not name:
            return ""
        code, active = self.context.agencies.get(fold_name(name), ("", False))
        if not code or not active:
            self.fault(record.ref("agency"), "closed" if code else "agency", name=name)
        return code

    def _role(self, record: Record) -> str:
        name = clean_name(record.text("role"))
        if not name:
            role = self.context.agency_roles[0] if record.text("agency") else self.context.default_role
            if not role:
                self.fault(record.ref("role"), "no_role")
            return role
        role = self.context.roles.get(fold_name(name), "")
        if not role:
            self.fault(record.ref("role"), "role", name=name)
        elif role not in self.context.grantable:
            self.fault(record.ref("role"), "not_yours", name=name)
        return role

    def _names(self, record: Record) -> tuple[str, str]:
        first, last = clean_name(record.text("first_name")), clean_name(record.text("last_name"))
        if whole := clean_name(record.text("full_name")):
            first, last = split_name(whole)
        for column, name in (("first_name", first), ("last_name", last)):
            if len(name) > MAX_NAME:
                self.fault(record.ref(column), "long", limit=MAX_NAME)
        return first, last.strip()

    def _day(self, record: Record, column: str) -> date | None:
        cell = record.cells.get(column)
        result = read_date_cell(cell.value, near=self.context.today) if cell else None
        if isinstance(result, Refusal):
            self.faults.append(SheetFault(self.sheet, record.ref(column), result.reason))
        return result.value if isinstance(result, Understood) else None
