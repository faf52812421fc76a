"""Reading a table of published figures: its lines, its cells, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from dgready.language import localize_text
from dgready.typed.codes import read_code
from dgready.typed.numbers import read_number
from dgready.typed.result import Refusal, Understood
from dgready.typed.tables import best_heading_row, fold_heading
from scoring.results.published_table import PublishedTable

MAX_FAULTS = 200
FIRST_YEAR, LAST_YEAR = 2500, 2700
CENT = Decimal("0.01")
COMMON_COLUMNS = ("framework", "kind", "code", "from", "source")  # of every such table


class TableRejected(ValueError):
    """The file has faults; `faults` lists them, one line each, with line and column."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of a table: its number in the file and its cells by column; `names`: how the file calls a column."""

    number: int
    cells: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)


def read_header(table: PublishedTable) -> list[str]:
    """The columns a table names."""
    return _read_table(table, COMMON_COLUMNS)[0]


def read_lines(table: PublishedTable, needed: Sequence[str], optional: Collection[str] = ()) -> list[TableLine]:
    """The lines of a table with their cells stripped. Raises TableRejected when its columns are not the right ones."""
    names, rows = _read_table(table, needed)
    faults = [_("ไม่มีคอลัมน์ %(column)s") % {"column": c} for c in needed if c not in names]
    known = {*needed, *optional}
    faults += [_("ไม่รู้จักคอลัมน์ %(column)s") % {"column": c or "–"} for c in names if c not in known]
    faults += [_("คอลัมน์ %(column)s มีสองครั้ง") % {"column": c} for c in sorted(set(names) - {""}) if names.count(c) > 1]
    lines = []
    for number, row in rows:
        if len(row) < len(names) or any(row[len(names) :]):
            counts = {"line": number, "found": len(row), "columns": len(names)}
            faults.append(_("แถว %(line)s มี %(found)s ช่อง แต่หัวตารางมี %(columns)s") % counts)
        cells = dict(zip(names, row, strict=False))
        lines.append(TableLine(number, {c: cells.get(c, "") for c in known}))
    if not faults and not lines:
        faults.append(_("ไม่มีแถวข้อมูล"))
    if faults:
        raise TableRejected(faults[:MAX_FAULTS])
    return lines


def _read_table(table: PublishedTable, needed: Sequence[str]) -> tuple[list[str], list[tuple[int, Sequence[str]]]]:
    """The names of the columns, and the rows below them that are not empty with their numbers in the file.

    The headings may stand below a title; columns without a heading are left out where nothing stands in them.
    """
    rows = table.rows
    heading_row = best_heading_row(rows, {name: (name,) for name in needed})
    names = [fold_heading(name) for name in rows[heading_row]] if rows else []
    data_rows: list[tuple[int, Sequence[str]]] = [
        (number, row) for number, row in enumerate(rows[heading_row + 1 :], heading_row + 2) if any(row)
    ]
    used = [i for i, name in enumerate(names) if name or any(i < len(row) and row[i] for _number, row in data_rows)]
    if used == list(range(len(names))):
        return names, data_rows
    return [names[i] for i in used], [(n, [row[i] for i in used if i < len(row)]) for n, row in data_rows]


class CellReader:
    """Reads the cells of a line; what is wrong with one goes to `faults` with its line and column."""

    def __init__(self, line: TableLine, faults: list[str]) -> None:
        self.line, self.faults = line, faults

    def fault(self, column: str, text: str) -> None:
        """Notes what is wrong with a cell."""
        values = {"line": self.line.number, "column": self.line.names.get(column, column), "text": text}
        self.faults.append(_("แถว %(line)s คอลัมน์ %(column)s: %(text)s") % values)

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
        """One of the known words; for one that is none of them, the one that is probably meant is named."""
        value = self.code(column, known)
        if value not in known:
            self.unknown(column, known)
        return value

    def unknown(self, column: str, known: Collection[str], otherwise: str = "") -> None:
        """Notes that a cell is none of the known words, and which it probably means; else the text `otherwise`."""
        value = self.line.cells[column]
        result = read_code(value, [word for word in known if word])
        if isinstance(result, Refusal) and result.code == "guess":
            self.fault(column, localize_text(result.reason))
            return
        values = {"value": value, "known": ", ".join(word or "–" for word in known)}
        self.fault(column, otherwise or _("“%(value)s” ไม่ใช่ค่าที่ใช้ได้ (%(known)s)") % values)

    def whole(self, column: str, low: int, high: int, *, needed: bool = False) -> int | None:
        """A whole number in a range; Thai digits are understood."""
        value = self.line.cells[column]
        result = read_number(value, whole=True, minimum=Decimal(low), maximum=Decimal(high))
        if result is None and not needed:
            return None
        if not isinstance(result, Understood):
            self._not_a_number(column, result, _("“%(value)s” ไม่ใช่จำนวนเต็ม %(low)s–%(high)s"), low=low, high=high)
            return None
        return int(result.value)

    def _not_a_number(self, column: str, result: Refusal | None, text: str, **values: object) -> None:
        """An unclear separator is asked back with what it could mean; everything else is no such number."""
        unclear = result is not None and result.code == "separator"
        value = self.line.cells[column]
        self.fault(column, localize_text(result.reason) if result and unclear else text % {"value": value, **values})

    def year(self, column: str) -> int:
        """A year of the Buddhist era."""
        return self.whole(column, FIRST_YEAR, LAST_YEAR, needed=True) or 0

    def percent(self, column: str, *, needed: bool = True) -> Decimal | None:
        """A number from 0 to 100 with at most two places; Thai digits and a per cent sign are understood."""
        result = read_number(self.line.cells[column], minimum=Decimal(0), maximum=Decimal(100), units=("%",))
        if result is None and not needed:
            return None
        if not isinstance(result, Understood):
            self._not_a_number(column, result, _("“%(value)s” ไม่ใช่ตัวเลข 0–100"))
            return None
        number = result.value
        if number != number.quantize(CENT):
            self.fault(column, _("“%(value)s” มีทศนิยมเกิน 2 ตำแหน่ง") % {"value": self.line.cells[column]})
        return number.quantize(CENT)
