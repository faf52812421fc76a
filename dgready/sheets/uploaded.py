"""An uploaded table, a workbook or delimited text, as cells. PURE.

A workbook is read in a process of its own: 50 KB of XML can be made to take minutes and gigabytes.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, BinaryIO, Final

from dgready.children import ChildFault, read_in_child
from dgready.limits import ChildLimits, WorkbookLimits
from dgready.localized_text import LocalizedText
from dgready.sheets.text import read_text_sheet
from dgready.sheets.workbook import BOMB, Sheet, SheetCell, SheetFault, WantedHeadings, read_cells, refusal

_MOMENT: Final = "moment"
_FOREIGN: Final = (b"PK", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")  # what no delimited text begins with


def read_uploaded_sheet(
    content: bytes, limits: WorkbookLimits, child: ChildLimits, wanted: WantedHeadings | None = None
) -> tuple[Sheet | None, list[SheetFault]]:
    """As `read_table_sheet`, in a child process; delimited text as the sheet that a spreadsheet would show.

    A workbook that runs against a limit of the child is refused like one that unpacks too far.
    """
    if not content.startswith(_FOREIGN):
        return read_text_sheet(content, limits, wanted)
    if (reason := refusal(content, limits)) is not None:
        return None, [SheetFault("", "", reason)]
    try:
        plain = read_in_child(
            "dgready.sheets.uploaded:read_plain",
            content,
            child,
            rows=limits.rows,
            columns=limits.columns,
            wanted=wanted and [{name: list(some) for name, some in wanted.headings.items()}, list(wanted.required)],
        )
    except ChildFault:
        return None, [SheetFault("", "", BOMB)]
    faults = [SheetFault(name, ref, LocalizedText(*say)) for name, ref, say in plain["faults"]]
    if plain["name"] is None:
        return None, faults
    rows = tuple({c[0]: SheetCell(c[0], c[1], _value(c[2]), c[3]) for c in row} for row in plain["rows"])
    return Sheet(plain["name"], rows), faults


def read_plain(file: BinaryIO, rows: int, columns: int, wanted: list[Any] | None) -> dict[str, Any]:
    """In the child: the sheet and its faults as JSON carries them."""
    sheet, faults = read_cells(file, rows, columns, WantedHeadings(*wanted) if wanted else None)
    return {
        "faults": [[f.sheet, f.ref, [f.say.th, f.say.en]] for f in faults],
        "name": sheet and sheet.name,
        "rows": [[_plain(c) for c in row.values()] for row in sheet.rows] if sheet else [],
    }


def _plain(cell: SheetCell) -> list[Any]:
    value = cell.value
    if isinstance(value, date):
        value = {_MOMENT: value.isoformat()}
    elif not isinstance(value, str | int | float):
        value = str(value)
    return [cell.column, cell.row, value, cell.bad]


def _value(plain: Any) -> Any:
    return datetime.fromisoformat(plain[_MOMENT]) if isinstance(plain, dict) else plain
