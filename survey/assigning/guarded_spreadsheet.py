"""An uploaded workbook read in a process of its own: 50 KB of XML can be made to take minutes and gigabytes. PURE."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, BinaryIO, Final

from dgready.children import ChildFault, read_in_child
from dgready.limits import ChildLimits, WorkbookLimits
from survey.assigning.spreadsheet import BOMB, Sheet, SheetCell, SheetFault, WantedHeadings, read_cells, refusal
from survey.instrument.schema import LocalizedText

_MOMENT: Final = "moment"


def read_guarded_sheet(
    content: bytes, limits: WorkbookLimits, child: ChildLimits, wanted: WantedHeadings | None = None
) -> tuple[Sheet | None, list[SheetFault]]:
    """As `read_table_sheet`, in a child process.

    A workbook that runs against a limit of the child is refused like one that unpacks too far.
    """
    if (reason := refusal(content, limits)) is not None:
        return None, [SheetFault("", "", reason)]
    try:
        plain = read_in_child(
            "survey.assigning.guarded_spreadsheet:read_plain",
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
