"""A list of assignments from a sheet's cells: what it says, cell by cell what is wrong, what it would change. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from dgready.thai import fold_text
from dgready.typed.characters import clean_line, clean_name, fold_typed
from dgready.typed.dates import read_date_cell
from dgready.typed.result import Refusal, Understood
from dgready.typed.tables import best_heading_row, fold_heading
from survey.assigning import targets
from survey.assigning.spreadsheet import Sheet, SheetCell, SheetFault, WantedHeadings, row_texts
from survey.assigning.targets import AssignmentTarget, UnknownTarget
from survey.instrument.schema import CompiledInstrument, LocalizedText

ROLES: Final = ("R", "A", "S", "C", "I")
MAX_NOTE: Final = 500
EVERYONE: Final = "ALL"

ListColumn = Literal["agency", "target", "role", "if_any", "due", "note"]
HEADINGS: Mapping[ListColumn, LocalizedText] = {
    "agency": LocalizedText("หน่วยงาน", "Agency"),
    "target": LocalizedText("ตัวชี้วัดหรือข้อ", "Sub-pillar or question"),
    "role": LocalizedText("บทบาท", "Role"),
    "if_any": LocalizedText("ถ้ามี", "If any"),
    "due": LocalizedText("กำหนดส่ง", "Due"),
    "note": LocalizedText("หมายเหตุ", "Note"),
}
HEADS: Final[Mapping[str, tuple[str, str]]] = {column: (text.th, text.en) for column, text in HEADINGS.items()}
REQUIRED: Final[tuple[ListColumn, ...]] = ("agency", "target", "role")
WANTED: Final = WantedHeadings(HEADS, REQUIRED)
ROLE_WORDS: Mapping[str, str] = {
    "รับผิดชอบ": "R",
    "responsible": "R",
    "ตรวจและรับรอง": "A",
    "accountable": "A",
    "สนับสนุน": "S",
    "supportive": "S",
    "ให้คำปรึกษา": "C",
    "consulted": "C",
    "รับทราบ": "I",
    "informed": "I",
}
YES_WORDS: Final = frozenset({"ใช่", "ถ้ามี", "มี", "yes", "y", "true", "1", "x", "?"})
NO_WORDS: Final = frozenset({"", "ไม่", "ไม่ใช่", "no", "n", "false", "0", "-"})

FAULT_TEXTS: Mapping[str, LocalizedText] = {
    "heading": LocalizedText("ไม่พบหัวคอลัมน์ “{name}”", "The heading “{name}” was not found"),
    "twice": LocalizedText("หัวคอลัมน์ “{name}” มีสองครั้ง", "The heading “{name}” stands twice"),
    "nothing": LocalizedText("ไม่มีแถวข้อมูล", "There are no rows"),
    "empty": LocalizedText("ต้องระบุ{name}", "{name} is missing"),
    "agency": LocalizedText("ไม่พบหน่วยงาน “{name}” ในจังหวัด", "The province has no agency “{name}”"),
    "closed": LocalizedText("หน่วยงาน “{name}” ปิดใช้งานแล้ว", "The agency “{name}” is closed"),
    "target_date": LocalizedText(
        "Excel เปลี่ยนช่องนี้เป็นวันที่ โปรดจัดรูปแบบเป็นข้อความ", "Excel has made a date of this; format the cell as text"
    ),
    "role": LocalizedText("บทบาทต้องเป็น R, A, S, C หรือ I", "The role must be R, A, S, C or I"),
    "if_any": LocalizedText("เขียน “ใช่” หรือเว้นว่าง", "Write “yes” or leave it empty"),
    "due_range": LocalizedText("วันกำหนดส่งต้องอยู่ระหว่างวันเปิดรอบกับวันปิดรอบ", "The due date must lie within the round"),
    "note": LocalizedText("ยาวเกิน {limit} ตัวอักษร", "Longer than {limit} characters"),
    "again": LocalizedText("ซ้ำกับแถว {row}: หน่วยงานและข้อเดียวกัน", "Row {row} already has this agency and question"),
}


@dataclass(frozen=True, slots=True)
class ListedAgency:
    """An agency a sheet may name; `counts`: one of “every agency”."""

    code: str
    names: tuple[str, ...]
    counts: bool
    active: bool = True


@dataclass(frozen=True, slots=True)
class ListContext:
    """What a sheet is read against."""

    instrument: CompiledInstrument
    agencies: Sequence[ListedAgency]
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, order=True)
class AssignmentEntry:
    """One agency's part: whose, of what, as what."""

    agency: str
    target: AssignmentTarget
    role: str
    if_any: bool = False
    due: date | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, AssignmentTarget]:
        """What there is at most one of."""
        return self.agency, self.target


@dataclass(slots=True)
class ParsedList:
    """What a sheet says, and what is wrong with it; with any fault nothing of it is applied."""

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


def heading_row_of(rows: Sequence[Mapping[int, SheetCell]]) -> int:
    """Which row has most of the headings."""
    return best_heading_row(row_texts(rows), HEADS)


def parse_assignment_list(sheet: Sheet, known: ListContext) -> ParsedList:
    """Reads a sheet whose first row has the headings, or one with titles above them; every fault with its cell."""
    out = ParsedList()
    if not sheet.rows:
        out.faults.append(SheetFault(sheet.name, "A1", FAULT_TEXTS["nothing"]))
        return out
    reader = _ListParser(sheet.name, known, out.faults)
    rows = sheet.rows[heading_row_of(sheet.rows) :]
    columns = reader.headings(rows[0])
    if out.faults:
        return out
    lines = [line for cells in rows[1:] if (line := reader.line(cells, columns)) is not None]
    if len(rows) == 1:
        below = max(cell.row for cell in rows[0].values()) + 1
        out.faults.append(SheetFault(sheet.name, f"A{below}", FAULT_TEXTS["nothing"]))
    out.entries = list(_expand_rows(lines, known, reader))
    return out


def _expand_rows(lines: Iterable[_ParsedRow], known: ListContext, reader: _ListParser) -> Iterator[AssignmentEntry]:
    """Agencies named first; then “every agency” stands for those not named for the same question or part of it."""
    lines = list(lines)
    named = {(code, t.sub_pillar, t.question) for line in lines for code in line.agencies for t in line.targets}
    seen: dict[tuple[str, AssignmentTarget], int] = {}
    everyone = [a.code for a in known.agencies if a.counts and a.active]
    for broad in (False, True):
        for line in lines:
            if broad and not line.everyone:
                continue
            for target in line.targets:
                for code in everyone if broad else line.agencies:
                    if broad and (code, target.sub_pillar, target.question) in named:
                        continue
                    first = seen.setdefault((code, target), line.row)
                    if first == line.row:
                        yield AssignmentEntry(code, target, line.role, line.if_any, line.due, line.note)
                    elif not broad:
                        reader.fault(line.ref, "again", row=str(first))


class _ListParser:
    """Turns cells into lines and keeps the faults."""

    def __init__(self, sheet: str, known: ListContext, faults: list[SheetFault]) -> None:
        self.sheet, self.known, self.faults = sheet, known, faults
        self.agencies: dict[str, ListedAgency] = {}
        for agency in known.agencies:
            for name in (agency.code, *agency.names):
                self.agencies.setdefault(fold_text(fold_typed(name)), agency)

    def fault(self, ref: str, key: str, **names: str) -> None:
        """Keeps a fault in words."""
        text = FAULT_TEXTS[key]
        self.faults.append(SheetFault(self.sheet, ref, LocalizedText(text.th.format(**names), text.en.format(**names))))

    def headings(self, cells: Mapping[int, SheetCell]) -> dict[ListColumn, int]:
        """Which column holds what, by its heading in Thai or English."""
        words = {fold_heading(head): name for name, text in HEADINGS.items() for head in (text.th, text.en)}
        out: dict[ListColumn, int] = {}
        for number, cell in cells.items():
            name = words.get(fold_heading(str(cell.value)))
            if name in out:
                self.fault(cell.ref, "twice", name=str(cell.value))
            elif name is not None:
                out[name] = number
        for missing in (c for c in REQUIRED if c not in out):
            heading = HEADINGS[missing]
            text = FAULT_TEXTS["heading"]
            say = LocalizedText(text.th.format(name=heading.th), text.en.format(name=heading.en))
            self.faults.append(SheetFault(self.sheet, f"A{min(c.row for c in cells.values())}", say))
        return out

    def line(self, cells: Mapping[int, SheetCell], columns: Mapping[ListColumn, int]) -> _ParsedRow | None:
        """A row, or None when it says nothing or something in it is wrong."""
        given = {name: cells[number] for name, number in columns.items() if number in cells}
        if not given or any(c.bad for c in given.values()):
            return None
        row = next(iter(given.values())).row
        before = len(self.faults)
        for name in (n for n in REQUIRED if n not in given):
            cell = SheetCell(columns[name], row, "")
            heading = HEADINGS[name]
            text = FAULT_TEXTS["empty"]
            say = LocalizedText(text.th.format(name=heading.th), text.en.format(name=heading.en))
            self.faults.append(SheetFault(self.sheet, cell.ref, say))
        codes, everyone, loose = self._agencies(given.get("agency"))
        line = _ParsedRow(
            row=row,
            ref=given["agency"].ref if "agency" in given else f"A{row}",
            agencies=codes,
            everyone=everyone,
            targets=self._targets(given.get("target")),
            role=self._role(given.get("role")),
            if_any=self._if_any(given.get("if_any")) or loose,
            due=self._due(given.get("due")),
            note=self._note(given.get("note")),
        )
        return line if len(self.faults) == before else None

    def _agencies(self, cell: SheetCell | None) -> tuple[tuple[str, ...], bool, bool]:
        codes: list[str] = []
        everyone = loose = False
        for name in re.split(r"[,;\n]", str(cell.value)) if cell else ():
            if not (key := fold_text(fold_typed(name))):
                continue
            bare = re.sub(r"\s*(\?|\(?ถ้ามี\)?|\(?if any\)?)$", "", key)
            if bare in ("all", "ทุกหน่วยงาน", "every agency"):
                everyone, loose = True, loose or bare != key
                continue
            agency = self.agencies.get(key)
            if agency is None or not agency.active:
                self.fault(cell.ref if cell else "", "closed" if agency else "agency", name=name.strip())
            elif agency.code not in codes:
                codes.append(agency.code)
        return tuple(codes), everyone, loose

    def _targets(self, cell: SheetCell | None) -> tuple[AssignmentTarget, ...]:
        out: dict[AssignmentTarget, None] = {}
        if cell is None:
            return ()
        if isinstance(cell.value, date):
            self.fault(cell.ref, "target_date")
            return ()
        for name in re.split(r"[,;\n]", str(cell.value)):
            if not name.strip():
                continue
            try:
                out |= dict.fromkeys(targets.find_targets(self.known.instrument, name))
            except UnknownTarget as unknown:
                self.faults.append(SheetFault(self.sheet, cell.ref, unknown.say))
        return tuple(out)

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


# -- what it would change ---------------------------------------------------------------------------

ChangeKind = Literal["add", "change", "same", "remove"]


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What applying an entry does; `before` is what stands now."""

    kind: ChangeKind
    entry: AssignmentEntry
    before: AssignmentEntry | None = None


def diff_entries(
    entries: Iterable[AssignmentEntry], standing: Iterable[AssignmentEntry], *, replace: bool
) -> list[EntryChange]:
    """What a list would do to what stands. `replace`: what the list does not name goes."""
    there = {e.key: e for e in standing}
    out: list[EntryChange] = []
    named = set()
    for entry in entries:
        named.add(entry.key)
        old = there.get(entry.key)
        out.append(EntryChange("add" if old is None else "same" if old == entry else "change", entry, old))
    if replace:
        out += [EntryChange("remove", old, old) for key, old in there.items() if key not in named]
    return out
