"""What loading tables of published figures shares: faults by cell, what would change, the line in the journal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts.actions.log import record_account_event as log
from accounts.models import Province, User
from dgready.localize import localize_text
from dgready.typed.codes import read_code
from dgready.typed.csv_text import split_rows
from dgready.typed.numbers import read_number
from dgready.typed.result import Refusal, Understood
from dgready.typed.tables import best_heading_row, fold_heading

MAX_FAULTS = 200
MAX_RECORDED_CHANGES = 500  # changes that one line of the journal tells in full
FIRST_YEAR, LAST_YEAR = 2500, 2700
CENT = Decimal("0.01")
COMMON = ("framework", "kind", "code", "from", "source")  # columns of every such table


class TableRejected(ValueError):
    """The file has faults; `faults` lists them, one line each, with line and column."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that a load adds (`before` empty) or changes: what it is of, its value before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """How many figures a load added, changed, and found as they were."""

    added: int
    changed: int
    same: int
    changes: tuple[FigureChange, ...] = ()


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of a table: its number in the file and its cells by column."""

    number: int
    cells: Mapping[str, str]


def read_header(text: str) -> list[str]:
    """The columns a table names."""
    return _table(text, COMMON)[0]


def read_lines(text: str, needed: Sequence[str], optional: Collection[str] = ()) -> list[TableLine]:
    """The lines of a table with their cells stripped. Raises Rejected when its columns are not the right ones."""
    names, rows = _table(text, needed)
    faults = [_("ไม่มีคอลัมน์ %(column)s") % {"column": c} for c in needed if c not in names]
    known = {*needed, *optional}
    faults += [_("ไม่รู้จักคอลัมน์ %(column)s") % {"column": c or "–"} for c in names if c not in known]
    faults += [_("คอลัมน์ %(column)s มีสองครั้ง") % {"column": c} for c in sorted(set(names) - {""}) if names.count(c) > 1]
    lines = []
    for number, row in rows:
        if len(row) < len(names) or any(row[len(names) :]):
            told = {"line": number, "found": len(row), "columns": len(names)}
            faults.append(_("แถว %(line)s มี %(found)s ช่อง แต่หัวตารางมี %(columns)s") % told)
        cells = dict(zip(names, row, strict=False))
        lines.append(TableLine(number, {c: cells.get(c, "") for c in known}))
    if not faults and not lines:
        faults.append(_("ไม่มีแถวข้อมูล"))
    if faults:
        raise TableRejected(faults[:MAX_FAULTS])
    return lines


def _table(text: str, needed: Sequence[str]) -> tuple[list[str], list[tuple[int, Sequence[str]]]]:
    """The names of the columns, and the rows below them that are not empty with their numbers in the file.

    The heads may stand below a title; columns without a head are left out where nothing stands in them.
    """
    result = split_rows(text)
    if isinstance(result, Refusal) and result.code != "empty":
        raise TableRejected([localize_text(result.reason)])
    rows = result.value.rows if isinstance(result, Understood) else ()
    head = best_heading_row(rows, {name: (name,) for name in needed})
    names = [fold_heading(name) for name in rows[head]] if rows else []
    below: list[tuple[int, Sequence[str]]] = [
        (number, row) for number, row in enumerate(rows[head + 1 :], head + 2) if any(row)
    ]
    used = [at for at, name in enumerate(names) if name or any(at < len(row) and row[at] for _n, row in below)]
    if used == list(range(len(names))):
        return names, below
    return [names[at] for at in used], [(n, [row[at] for at in used if at < len(row)]) for n, row in below]


class CellReader:
    """Reads the cells of a line; what is wrong with one goes to `faults` with its line and column."""

    def __init__(self, line: TableLine, faults: list[str]) -> None:
        self.line, self.faults = line, faults

    def fault(self, column: str, text: str) -> None:
        """Notes what is wrong with a cell."""
        told = {"line": self.line.number, "column": column, "text": text}
        self.faults.append(_("แถว %(line)s คอลัมน์ %(column)s: %(text)s") % told)

    def text(self, column: str, longest: int, *, needed: bool = True) -> str:
        """A text of at most `longest` characters."""
        value = self.line.cells[column]
        if needed and not value:
            self.fault(column, _("ต้องไม่ว่าง"))
        if len(value) > longest:
            self.fault(column, _("ยาวเกิน %(n)s ตัวอักษร") % {"n": longest})
        return value

    def code(self, column: str, known: Collection[str]) -> str:
        """The known code that was written, however it was; what was written where it is none of them."""
        value = self.line.cells[column]
        result = read_code(value, [code for code in known if code])
        return result.value if isinstance(result, Understood) else value

    def choice(self, column: str, known: Collection[str]) -> str:
        """One of some words."""
        value = self.code(column, known)
        if value not in known:
            told = {"value": value, "known": ", ".join(k or "–" for k in known)}
            self.fault(column, _("“%(value)s” ไม่ใช่ค่าที่ใช้ได้ (%(known)s)") % told)
        return value

    def whole(self, column: str, low: int, high: int, *, needed: bool = False) -> int | None:
        """A whole number in a range; Thai digits are understood."""
        value = self.line.cells[column]
        result = read_number(value, whole=True, minimum=Decimal(low), maximum=Decimal(high))
        if result is None and not needed:
            return None
        if not isinstance(result, Understood):
            self._no_number(column, result, _("“%(value)s” ไม่ใช่จำนวนเต็ม %(low)s–%(high)s"), low=low, high=high)
            return None
        return int(result.value)

    def _no_number(self, column: str, result: Refusal | None, text: str, **told: object) -> None:
        """An unclear separator is asked back with what it could mean; everything else is no such number."""
        unclear = result is not None and result.code == "separator"
        value = self.line.cells[column]
        self.fault(column, localize_text(result.reason) if result and unclear else text % {"value": value, **told})

    def year(self, column: str) -> int:
        """A year of the Buddhist era."""
        return self.whole(column, FIRST_YEAR, LAST_YEAR, needed=True) or 0

    def percent(self, column: str, *, needed: bool = True) -> Decimal | None:
        """A number from 0 to 100 with at most two places; Thai digits and a per cent sign are understood."""
        result = read_number(self.line.cells[column], minimum=Decimal(0), maximum=Decimal(100), units=("%",))
        if result is None and not needed:
            return None
        if not isinstance(result, Understood):
            self._no_number(column, result, _("“%(value)s” ไม่ใช่ตัวเลข 0–100"))
            return None
        number = result.value
        if number != number.quantize(CENT):
            self.fault(column, _("“%(value)s” มีทศนิยมเกิน 2 ตำแหน่ง") % {"value": self.line.cells[column]})
        return number.quantize(CENT)


def check_duplicates(lines: Sequence[tuple[TableLine, Any]], faults: list[str]) -> None:
    """Notes lines that are about the same figure as an earlier one."""
    seen: dict[Any, int] = {}
    for line, key in lines:
        if key in seen:
            told = {"line": line.number, "first": seen[key]}
            faults.append(_("แถว %(line)s เป็นตัวเลขเดียวกับแถว %(first)s") % told)
        seen.setdefault(key, line.number)


def save_figure(old: models.Model | None, new: models.Model, fields: Sequence[str]) -> str:
    """Stores `new`, or its fields in `old`; says whether that "added", "changed" or found the "same"."""
    if old is None:
        new.save()
        return "added"
    if all(getattr(old, f) == getattr(new, f) for f in fields):
        return "same"
    for name in fields:
        setattr(old, name, getattr(new, name))
    old.save(update_fields=fields)
    return "changed"


def record_import(
    *, by: User | None, verb: str, name: str, text: str, done: ImportOutcome, province: Province | None
) -> None:
    """The line of the journal about a load that changed something."""
    told = [[c.what, c.before, c.after] for c in done.changes[:MAX_RECORDED_CHANGES]]
    file = {"file": name, "sha256": sha256(text.encode()).hexdigest()}
    counts = {"added": done.added, "changed": done.changed, "same": done.same}
    log(by=by, verb=verb, province=province, after={**file, **counts, "figures": told})
