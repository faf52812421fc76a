"""Parsing a list of assignments from the cells of a sheet: entries, and every fault with its cell. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from dgready.thai import fold_text
from dgready.typed.characters import clean_line, clean_name, fold_typed
from dgready.typed.dates import read_date_cell
from dgready.typed.result import Refusal, Understood
from dgready.typed.tables import best_heading_row, fold_heading
from survey.assigning import targets
from survey.assigning.list_texts import (
    FAULT_TEXTS,
    HEADINGS,
    NO_WORDS,
    REQUIRED,
    ROLE_WORDS,
    ROLES,
    WANTED_HEADINGS,
    YES_WORDS,
    ListColumn,
)
from survey.assigning.spreadsheet import Sheet, SheetCell, SheetFault, row_texts
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


def find_heading_row(rows: Sequence[Mapping[int, SheetCell]]) -> int:
    """The row (from 0) that has most of the headings."""
    return best_heading_row(row_texts(rows), WANTED_HEADINGS.headings)


def parse_assignment_list(sheet: Sheet, context: ListContext) -> ParsedList:
    """Reads a sheet whose first row has the headings, or one with titles above them; every fault with its cell."""
    parsed = ParsedList()
    if not sheet.rows:
        parsed.faults.append(SheetFault(sheet.name, "A1", FAULT_TEXTS["nothing"]))
        return parsed
    parser = _ListParser(sheet.name, context, parsed.faults)
    rows = sheet.rows[find_heading_row(sheet.rows) :]
    columns = parser.parse_headings(rows[0])
    if parsed.faults:
        return parsed
    lines = [line for cells in rows[1:] if (line := parser.parse_row(cells, columns)) is not None]
    if len(rows) == 1:
        row_below = max(cell.row for cell in rows[0].values()) + 1
        parsed.faults.append(SheetFault(sheet.name, f"A{row_below}", FAULT_TEXTS["nothing"]))
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

    def parse_headings(self, cells: Mapping[int, SheetCell]) -> dict[ListColumn, int]:
        """Which column holds what, by its heading in Thai or English."""
        words = {fold_heading(word): column for column, text in HEADINGS.items() for word in (text.th, text.en)}
        columns: dict[ListColumn, int] = {}
        for number, cell in cells.items():
            name = words.get(fold_heading(str(cell.value)))
            if name in columns:
                self.fault(cell.ref, "twice", name=str(cell.value))
            elif name is not None:
                columns[name] = number
        for missing in (column for column in REQUIRED if column not in columns):
            heading = HEADINGS[missing]
            text = FAULT_TEXTS["heading"]
            say = LocalizedText(text.th.format(name=heading.th), text.en.format(name=heading.en))
            self.faults.append(SheetFault(self.sheet, f"A{min(c.row for c in cells.values())}", say))
        return columns

    def parse_row(self, cells: Mapping[int, SheetCell], columns: Mapping[ListColumn, int]) -> _ParsedRow | None:
        """The parsed row, or None when it is empty or faulty."""
        cells_by_column = {name: cells[number] for name, number in columns.items() if number in cells}
        if not cells_by_column or any(c.bad for c in cells_by_column.values()):
            return None
        row_number = next(iter(cells_by_column.values())).row
        before = len(self.faults)
        for name in (n for n in REQUIRED if n not in cells_by_column):
            cell = SheetCell(columns[name], row_number, "")
            heading = HEADINGS[name]
            text = FAULT_TEXTS["empty"]
            say = LocalizedText(text.th.format(name=heading.th), text.en.format(name=heading.en))
            self.faults.append(SheetFault(self.sheet, cell.ref, say))
        codes, everyone, only_if_any = self._agencies(cells_by_column.get("agency"))
        parsed_row = _ParsedRow(
            row=row_number,
            ref=cells_by_column["agency"].ref if "agency" in cells_by_column else f"A{row_number}",
            agencies=codes,
            everyone=everyone,
            targets=self._targets(cells_by_column.get("target")),
            role=self._role(cells_by_column.get("role")),
            if_any=self._if_any(cells_by_column.get("if_any")) or only_if_any,
            due=self._due(cells_by_column.get("due")),
            note=self._note(cells_by_column.get("note")),
        )
        return parsed_row if len(self.faults) == before else None

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
