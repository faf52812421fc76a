"""Parsing a list of assignments from the cells of a sheet: entries, and every fault with its cell. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from dgready.sheets.records import Record, read_records
from dgready.sheets.workbook import Sheet, SheetCell, SheetFault
from dgready.thai import fold_text
from dgready.typed.characters import clean_line, clean_name, fold_typed
from dgready.typed.dates import read_date_cell
from dgready.typed.result import Refusal, Understood
from survey.assigning import targets
from survey.assigning.list_texts import FAULT_TEXTS, NO_WORDS, ROLE_WORDS, ROLES, WANTED_HEADINGS, YES_WORDS
from survey.assigning.targets import AssignmentTarget, UnknownTarget
from survey.instrument.schema import CompiledInstrument, LocalizedText

MAX_NOTE: Final = 500


@dataclass(frozen=True, slots=True)
class ListedAgency:
    """An agency a list may name; `is_provincial`: included in “every agency”."""

    code: str
    names: tuple[str, ...]
    is_provincial: bool
    active: bool = True


@dataclass(frozen=True, slots=True)
class ListContext:
    """What a list is checked against: instrument, agencies, first and last day for due dates."""

    instrument: CompiledInstrument
    agencies: Sequence[ListedAgency]
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, order=True)
class AssignmentEntry:
    """One assignment as plain values: agency, target and terms."""

    agency: str
    target: AssignmentTarget
    role: str
    if_any: bool = False
    due: date | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, AssignmentTarget]:
        """Agency and target: at most one assignment of each."""
        return self.agency, self.target


@dataclass(slots=True)
class ParsedList:
    """The entries and faults of a sheet; with any fault nothing of it is applied."""

    entries: list[AssignmentEntry] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _ParsedRow:
    """A row that could be read: agencies named one by one, or everyone."""

    row: int
    ref: str
    agencies: tuple[str, ...]
    everyone: bool
    targets: tuple[AssignmentTarget, ...]
    role: str
    if_any: bool
    due: date | None
    note: str


def parse_assignment_list(sheet: Sheet, context: ListContext) -> ParsedList:
    """Reads a sheet whose first row has the headings, or one with titles above them; every fault with its cell."""
    parsed = ParsedList()
    parser = _ListParser(sheet.name, context, parsed.faults)
    records = read_records(sheet, WANTED_HEADINGS, parsed.faults)
    lines = [line for record in records if (line := parser.parse_row(record)) is not None]
    parsed.entries = list(_expand_rows(lines, context, parser))
    return parsed


def _expand_rows(rows: Iterable[_ParsedRow], context: ListContext, parser: _ListParser) -> Iterator[AssignmentEntry]:
    """Agencies named first; then “every agency” stands for those not named for the same question or part of it."""
    rows = list(rows)
    named_targets = {(code, t.sub_pillar, t.question) for row in rows for code in row.agencies for t in row.targets}
    seen: dict[tuple[str, AssignmentTarget], int] = {}
    everyone = [a.code for a in context.agencies if a.is_provincial and a.active]
    for for_everyone in (False, True):
        for row in rows:
            if for_everyone and not row.everyone:
                continue
            for target in row.targets:
                for code in everyone if for_everyone else row.agencies:
                    if for_everyone and (code, target.sub_pillar, target.question) in named_targets:
                        continue
                    first = seen.setdefault((code, target), row.row)
                    if first == row.row:
                        yield AssignmentEntry(code, target, row.role, row.if_any, row.due, row.note)
                    elif not for_everyone:
                        parser.fault(row.ref, "again", row=str(first))


class _ListParser:
    """Parses rows of cells and collects the faults."""

    def __init__(self, sheet: str, known: ListContext, faults: list[SheetFault]) -> None:
        self.sheet, self.known, self.faults = sheet, known, faults
        self.agencies: dict[str, ListedAgency] = {}
        for agency in known.agencies:
            for name in (agency.code, *agency.names):
                self.agencies.setdefault(fold_text(fold_typed(name)), agency)

    def fault(self, ref: str, key: str, **names: str) -> None:
        """Adds a fault with its message."""
        text = FAULT_TEXTS[key]
        self.faults.append(SheetFault(self.sheet, ref, LocalizedText(text.th.format(**names), text.en.format(**names))))

    def parse_row(self, record: Record) -> _ParsedRow | None:
        """The parsed row, or None when it is faulty."""
        before = len(self.faults)
        cells_by_column = record.cells
        codes, everyone, only_if_any = self._agencies(cells_by_column.get("agency"))
        parsed_row = _ParsedRow(
            row=record.row,
            ref=record.ref("agency"),
            agencies=codes,
            everyone=everyone,
            targets=self._targets(cells_by_column.get("target")),
            role=self._role(cells_by_column.get("role")),
            if_any=self._if_any(cells_by_column.get("if_any")) or only_if_any,
            due=self._due(cells_by_column.get("due")),
            note=self._note(cells_by_column.get("note")),
        )
        return parsed_row if record.complete and len(self.faults) == before else None

    def _agencies(self, cell: SheetCell | None) -> tuple[tuple[str, ...], bool, bool]:
        codes: list[str] = []
        everyone = only_if_any = False
        for name in re.split(r"[,;\n]", str(cell.value)) if cell else ():
            if not (key := fold_text(fold_typed(name))):
                continue
            name_without_mark = re.sub(r"\s*(\?|\(?ถ้ามี\)?|\(?if any\)?)$", "", key)
            if name_without_mark in ("all", "ทุกหน่วยงาน", "every agency"):
                everyone, only_if_any = True, only_if_any or name_without_mark != key
                continue
            agency = self.agencies.get(key)
            if agency is None or not agency.active:
                self.fault(cell.ref if cell else "", "closed" if agency else "agency", name=name.strip())
            elif agency.code not in codes:
                codes.append(agency.code)
        return tuple(codes), everyone, only_if_any

    def _targets(self, cell: SheetCell | None) -> tuple[AssignmentTarget, ...]:
        found_targets: dict[AssignmentTarget, None] = {}
        if cell is None:
            return ()
        if isinstance(cell.value, date):
            self.fault(cell.ref, "target_date")
            return ()
        for name in re.split(r"[,;\n]", str(cell.value)):
            if not name.strip():
                continue
            try:
                found_targets |= dict.fromkeys(targets.find_targets(self.known.instrument, name))
            except UnknownTarget as unknown:
                self.faults.append(SheetFault(self.sheet, cell.ref, unknown.say))
        return tuple(found_targets)

    def _role(self, cell: SheetCell | None) -> str:
        if cell is None:
            return ""
        word = fold_text(clean_name(str(cell.value)))
        letter = ROLE_WORDS.get(re.sub(r"\s*\(.\)$", "", word), word.upper())
        if letter not in ROLES:
            self.fault(cell.ref, "role")
        return letter

    def _if_any(self, cell: SheetCell | None) -> bool:
        word = fold_text(clean_name(str(cell.value))) if cell else ""
        if cell and word not in YES_WORDS | NO_WORDS:
            self.fault(cell.ref, "if_any")
        return word in YES_WORDS

    def _due(self, cell: SheetCell | None) -> date | None:
        if cell is None:
            return None
        result = read_date_cell(cell.value, near=self.known.first_day)
        if isinstance(result, Refusal):
            self.faults.append(SheetFault(self.sheet, cell.ref, result.reason))
        day = result.value if isinstance(result, Understood) else None
        if day is not None and not self.known.first_day <= day <= self.known.last_day:
            self.fault(cell.ref, "due_range")
        return day

    def _note(self, cell: SheetCell | None) -> str:
        note = clean_line(str(cell.value)) if cell else ""
        if cell and len(note) > MAX_NOTE:
            self.fault(cell.ref, "note", limit=str(MAX_NOTE))
        return note
