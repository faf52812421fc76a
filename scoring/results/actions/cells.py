"""Reading a table of published figures: its lines, its cells, and what is wrong with them."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from dgready.thai import arabic_digits

MAX_FAULTS = 200


FIRST_YEAR, LAST_YEAR = 2500, 2700


CENT = Decimal("0.01")


class TableRejected(ValueError):
    """The file has faults; `faults` lists them, one line each, with line and column."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of a table: its number in the file and its cells by column."""

    number: int
    cells: Mapping[str, str]


def read_header(text: str) -> list[str]:
    """The columns a table names."""
    return [name.strip() for name in next(_read_rows(text), [])]


def read_lines(text: str, needed: Sequence[str], optional: Collection[str] = ()) -> list[TableLine]:
    """The lines of a table with their cells stripped. Raises TableRejected when its columns are not the right ones."""
    rows = _read_rows(text)
    names = [name.strip() for name in next(rows, [])]
    faults = [_("ไม่มีคอลัมน์ %(column)s") % {"column": c} for c in needed if c not in names]
    known = {*needed, *optional}
    faults += [_("ไม่รู้จักคอลัมน์ %(column)s") % {"column": c or "–"} for c in names if c not in known]
    faults += [_("คอลัมน์ %(column)s มีสองครั้ง") % {"column": c} for c in sorted(set(names)) if names.count(c) > 1]
    lines = []
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(names):
            names_in_text = {"line": number, "found": len(row), "columns": len(names)}
            faults.append(_("แถว %(line)s มี %(found)s ช่อง แต่หัวตารางมี %(columns)s") % names_in_text)
        cells = dict(zip(names, (cell.strip() for cell in row), strict=False))
        lines.append(TableLine(number, {c: cells.get(c, "") for c in known}))
    if not faults and not lines:
        faults.append(_("ไม่มีแถวข้อมูล"))
    if faults:
        raise TableRejected(faults[:MAX_FAULTS])
    return lines


def _read_rows(text: str) -> Iterator[list[str]]:
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    return csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))


class CellReader:
    """Reads the cells of a line; what is wrong with one goes to `faults` with its line and column."""

    def __init__(self, line: TableLine, faults: list[str]) -> None:
        self.line, self.faults = line, faults

    def fault(self, column: str, text: str) -> None:
        """Notes what is wrong with a cell."""
        values = {"line": self.line.number, "column": column, "text": text}
        self.faults.append(_("แถว %(line)s คอลัมน์ %(column)s: %(text)s") % values)

    def text(self, column: str, longest: int, *, needed: bool = True) -> str:
        """A text of at most `longest` characters."""
        value = self.line.cells[column]
        if needed and not value:
            self.fault(column, _("ต้องไม่ว่าง"))
        if len(value) > longest:
            self.fault(column, _("ยาวเกิน %(n)s ตัวอักษร") % {"n": longest})
        return value

    def choice(self, column: str, known: Collection[str]) -> str:
        """One of some words."""
        value = self.line.cells[column]
        if value not in known:
            values = {"value": value, "known": ", ".join(k or "–" for k in known)}
            self.fault(column, _("“%(value)s” ไม่ใช่ค่าที่ใช้ได้ (%(known)s)") % values)
        return value

    def whole(self, column: str, low: int, high: int, *, needed: bool = False) -> int | None:
        """A whole number in a range; Thai digits are understood."""
        value = arabic_digits(self.line.cells[column])
        if not value and not needed:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 10 and low <= int(value) <= high):
            values = {"value": value, "low": low, "high": high}
            self.fault(column, _("“%(value)s” ไม่ใช่จำนวนเต็ม %(low)s–%(high)s") % values)
            return None
        return int(value)

    def year(self, column: str) -> int:
        """A year of the Buddhist era."""
        return self.whole(column, FIRST_YEAR, LAST_YEAR, needed=True) or 0

    def percent(self, column: str, *, needed: bool = True) -> Decimal | None:
        """A number from 0 to 100 with at most two places; Thai digits and a per cent sign are understood."""
        value = arabic_digits(self.line.cells[column]).removesuffix("%").strip()
        if not value and not needed:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or not 0 <= number <= 100:
            self.fault(column, _("“%(value)s” ไม่ใช่ตัวเลข 0–100") % {"value": value})
            return None
        if number != number.quantize(CENT):
            self.fault(column, _("“%(value)s” มีทศนิยมเกิน 2 ตำแหน่ง") % {"value": value})
        return number.quantize(CENT)
