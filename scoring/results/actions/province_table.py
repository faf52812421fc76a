"""Reading the table that has a line for each province and a column for each figure, as the template gives it out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from dgready.sheets.names import column_letters
from dgready.typed.characters import fold_dashes, fold_typed
from dgready.typed.tables import best_heading_row, fold_heading
from scoring.results.actions.cells import MAX_FAULTS, TableLine, TableRejected
from scoring.results.actions.subjects import Subjects
from scoring.results.published_table import PublishedTable

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "framework": ("ปี", "ปี พ.ศ.", "framework", "year"),
    "code": ("รหัสจังหวัด", "รหัส", "province code", "code"),
    "province": ("จังหวัด", "ชื่อจังหวัด", "province", "subject"),
    "total": ("คะแนนรวม", "รวม", "total"),
    "rank": ("อันดับ", "อันดับที่", "rank"),
    "level": ("ระดับ", "level"),
    "source": ("ที่มา", "source"),
    "from": ("from",),
}
_NAMES: Final = {fold_heading(heading): name for name, some in HEADINGS.items() for heading in some}
# "1.1", "1.1* Digital Policy" are sub-pillars; "ตัวชี้วัด 1", "P1", "1" pillars.
_FIGURE: Final = re.compile(r"(?:ตัวชี้วัด(?:ที่)?|pillar|p)?\s*([1-9][0-9]?(?:\.[0-9]{1,2})*)(?![0-9])")


def is_province_table(table: PublishedTable) -> bool:
    """Whether a table is one of these: it names provinces and has columns of figures, but no column `kind`."""
    names = [fold_heading(cell) for cell in _heading_row(table)[1]]
    known = {_NAMES.get(name) for name in names}
    has_figures = "total" in known or any(_figure_of(name) for name in names)
    return "kind" not in names and bool(known & {"code", "province"}) and has_figures


def read_province_lines(table: PublishedTable, subjects: Subjects) -> list[TableLine]:
    """Its figures as lines of the long table, each naming the cell it was read from. Raises TableRejected."""
    heading_row, heads = _heading_row(table)
    columns, figures, faults = _read_headings(heads, table.rows[heading_row + 1 :])
    lines: list[TableLine] = []
    for number, row in enumerate(table.rows[heading_row + 1 :], heading_row + 2):
        cells = {name: _cell(row, at) for name, at in columns.items()}
        if any(_cell(row, at) for at in figures) or cells.get("total") or cells.get("rank") or cells.get("level"):
            _check_names(number, cells, subjects, faults)
            lines += _lines_of_row(number, row, heads, columns, figures)
    if not faults and not lines:
        faults.append(_("ไม่มีแถวข้อมูล"))
    if faults:
        raise TableRejected(faults[:MAX_FAULTS])
    return lines


def _heading_row(table: PublishedTable) -> tuple[int, Sequence[str]]:
    row = best_heading_row(table.rows, HEADINGS)
    return row, table.rows[row] if table.rows else ()


def _figure_of(heading: str) -> str:
    """The code of the figure that a heading names: of a sub-pillar, or the number of a pillar."""
    found = _FIGURE.match(fold_typed(heading).casefold())
    return found.group(1) if found else ""


def _read_headings(
    heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[dict[str, int], dict[int, str], list[str]]:
    """The named columns, the columns of figures with their codes, and what is wrong with the headings."""
    columns: dict[str, int] = {}
    figures: dict[int, str] = {}
    faults: list[str] = []
    for at, heading in enumerate(heads):
        name, code = _NAMES.get(fold_heading(heading)), _figure_of(heading)
        if name in columns or (code and not name and code in figures.values()):
            faults.append(_("คอลัมน์ %(column)s มีสองครั้ง") % {"column": heading})
        elif name:
            columns[name] = at
        elif code:
            figures[at] = code
        elif any(_cell(row, at) for row in rows):
            faults.append(_("ไม่รู้จักคอลัมน์ %(column)s") % {"column": heading or column_letters(at + 1)})
    for needed in ("framework", "source"):
        if needed not in columns:
            faults.append(_("ไม่มีคอลัมน์ %(column)s") % {"column": HEADINGS[needed][0]})
    if any(any(row[len(heads) :]) for row in rows):
        faults.append(_("มีตัวเลขในคอลัมน์ที่ไม่มีหัว"))
    return columns, figures, faults


def _check_names(number: int, cells: Mapping[str, str], subjects: Subjects, faults: list[str]) -> None:
    """A code and a name that mean two provinces are a fault: nobody can tell whose figures these are."""
    code, name = (subjects.find(cells.get(column, "")) for column in ("code", "province"))
    if code and name and code != name:
        values = {"line": number, "code": cells["code"], "name": cells["province"]}
        faults.append(_("แถว %(line)s รหัส “%(code)s” กับชื่อ “%(name)s” เป็นคนละจังหวัด") % values)


def _lines_of_row(
    number: int, row: Sequence[str], heads: Sequence[str], columns: Mapping[str, int], figures: Mapping[int, str]
) -> Iterator[TableLine]:
    whole = {name: _cell(row, at) for name, at in columns.items()}
    subject = "code" if whole.get("code") else "province"
    shared = {"framework": whole.get("framework", ""), "subject": whole.get(subject, ""), "rank": "", "level": ""}
    shared |= {"from": whole.get("from") or "official", "source": whole.get("source", "")}
    places = {name: _place(number, at, heads[at]) for name, at in columns.items()}
    names = {**places, "subject": places.get(subject, subject)}
    for at, code in figures.items():
        if score := _cell(row, at):
            kind = "sub_pillar" if "." in code else "pillar"
            place = _place(number, at, heads[at])
            cells = {**shared, "kind": kind, "code": code, "score": score}
            yield TableLine(number, cells, {**names, "score": place, "code": place})
    if any(whole.get(name) for name in ("total", "rank", "level")):
        ends = {"kind": "total", "code": "total", "score": whole.get("total", "")}
        ends |= {name: whole.get(name, "") for name in ("rank", "level")}
        yield TableLine(number, {**shared, **ends}, {**names, "score": places.get("total", HEADINGS["total"][0])})


def _place(number: int, at: int, heading: str) -> str:
    return f"{' '.join(heading.split())} ({column_letters(at + 1)}{number})"


def _cell(row: Sequence[str], at: int) -> str:
    """What stands in a cell; a dash alone stands for nothing."""
    return fold_dashes(row[at]).strip(" -") and row[at].strip() if at < len(row) else ""
