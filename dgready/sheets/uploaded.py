"""Tables that somebody sends in, workbooks or delimited text, read by the guard in a process of its own. PURE.

50 KB of XML can be made to take minutes and gigabytes: whatever runs against a limit of the child is refused like
what unpacks too far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from dgready.children import ChildFault
from dgready.guard.reading import read_guarded
from dgready.limits import ChildLimits, WorkbookLimits
from dgready.localized_text import LocalizedText
from dgready.sheets.workbook import BOMB, TOO_LARGE, Sheet, SheetCell, SheetFault, WantedHeadings, with_limit

_READERS: Final = "dgready.guard.readers.tables"
_FILLED_READER: Final = "dgready.guard.readers.filled_forms:filled"


def read_uploaded_sheet(
    content: bytes, limits: WorkbookLimits, child: ChildLimits, wanted: WantedHeadings | None = None
) -> tuple[Sheet | None, list[SheetFault]]:
    """The sheet with the table, and what is wrong with it as a file. Formulas are faults, never values.

    What stands above the headings is left out. Without `wanted`, and where no sheet has the headings, it is the
    first sheet. Delimited text is the sheet that a spreadsheet would show.
    """
    asked = wanted and [{name: list(some) for name, some in wanted.headings.items()}, list(wanted.required)]
    plain = _read("sheet", content, limits, child, wanted=asked)
    if isinstance(plain, LocalizedText):
        return None, [SheetFault("", "", plain)]
    faults = [SheetFault(name, ref, LocalizedText(*say)) for name, ref, say in plain["faults"]]
    if plain["name"] is None:
        return None, faults
    rows = tuple({c[0]: SheetCell(c[0], c[1], _value(c[2]), c[3]) for c in row} for row in plain["rows"])
    return Sheet(plain["name"], rows, LocalizedText(*plain["read_as"])), faults


def read_uploaded_texts(
    content: bytes, limits: WorkbookLimits, child: ChildLimits, headings: Sequence[str] = ()
) -> tuple[tuple[str, ...], ...] | LocalizedText:
    """The rows of a table as texts, of a workbook those of the sheet with `headings`; or why it is not read."""
    plain = _read("texts", content, limits, child, headings=list(headings))
    if isinstance(plain, LocalizedText):
        return plain
    return LocalizedText(*plain["refused"]) if "refused" in plain else tuple(map(tuple, plain["rows"]))


@dataclass(frozen=True, slots=True)
class FilledCell:
    """A cell of a workbook that came back: `formula` counts by its stored result, `broken` shows an error."""

    value: Any
    formula: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A sheet of a workbook that came back: cells by row and column (from 1), and its merged ranges."""

    name: str
    rows: Mapping[int, Mapping[int, FilledCell]]
    merged: tuple[str, ...]


def read_filled_workbook(
    content: bytes, limits: WorkbookLimits, child: ChildLimits, sheets: int
) -> tuple[FilledSheet, ...] | LocalizedText:
    """All sheets of a workbook that was filled in, hidden ones too; or why it is not read."""
    if len(content) > limits.size:
        return with_limit(TOO_LARGE, limits.size // 1024**2)
    try:
        plain = read_guarded(_FILLED_READER, content, child, most=asdict(limits), sheets=sheets)
    except ChildFault:
        return BOMB
    return filled_sheets(plain)


def filled_sheets(plain: Mapping[str, Any]) -> tuple[FilledSheet, ...] | LocalizedText:
    """What the reader found in a workbook that was filled in (dgready.guard.readers.filled_forms)."""
    if "refused" in plain:
        return LocalizedText(*plain["refused"])
    return tuple(FilledSheet(s["name"], _filled_rows(s["rows"]), tuple(s["merged"])) for s in plain["sheets"])


def _filled_rows(rows: Sequence[Any]) -> dict[int, dict[int, FilledCell]]:
    return {
        number: {column: FilledCell(_value(value), kind == "f", kind == "e") for column, value, kind in cells}
        for number, cells in rows
    }


def _read(reader: str, content: bytes, limits: WorkbookLimits, child: ChildLimits, **asked: Any) -> Any:
    if len(content) > limits.size:
        return with_limit(TOO_LARGE, limits.size // 1024**2)
    try:
        return read_guarded(f"{_READERS}:{reader}", content, child, most=asdict(limits), **asked)
    except ChildFault:
        return BOMB


def _value(plain: Any) -> Any:
    return datetime.fromisoformat(plain["moment"]) if isinstance(plain, dict) else plain
