"""A form that came back as plain values: its head, revisions, lists and rows, and what is wrong with it. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Final

from dgready.localized_text import LocalizedText
from dgready.sheets.uploaded import FilledCell, FilledSheet
from dgready.sheets.workbook import BROKEN, SheetFault
from reports.offline_form import texts
from reports.offline_form.form_content import BULK, FILES, FORM, FORMAT
from reports.offline_form.formulas import ANSWER
from reports.offline_form.marks import EditedMark, read_mark

ANSWER_COLUMN: Final = 4
FILES_COLUMN: Final = 7
MAX_NAMES: Final = 50  # file names of one cell
MAX_NAME: Final = 300
_EMPTY: Final = FilledCell(None)
_MOMENT: Final = "moment"


class NotThisForm(Exception):
    """The file is not a form that can be read; `say` tells why."""

    def __init__(self, say: LocalizedText) -> None:
        super().__init__(say.en)
        self.say = say


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """A row with an id: where it stands, what its answer cell holds, the file names typed beside it.

    `readable`: its answer cell has no fault.
    """

    id: str
    sheet: str
    row: int
    value: Any = None
    readable: bool = True
    files: Sequence[str] = ()

    def ref(self, column: str = ANSWER) -> str:
        """The name of its cell in a column."""
        return f"{column}{self.row}"


@dataclass(slots=True)
class ReturnedForm:
    """All that was read of a form. `options`: by list the titles by key that it was made with."""

    head: dict[str, str]
    revisions: dict[str, int] = field(default_factory=dict)
    options: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: list[ReturnedRow] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)
    notes: list[LocalizedText] = field(default_factory=list)

    def to_plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        rows = [[r.id, r.sheet, r.row, _plain(r.value), r.readable, list(r.files)] for r in self.rows]
        faults = [[f.sheet, f.ref, asdict(f.say)] for f in self.faults]
        notes = [asdict(note) for note in self.notes]
        kept = {"head": self.head, "revisions": self.revisions, "options": self.options}
        return {**kept, "rows": rows, "faults": faults, "notes": notes}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ReturnedForm:
        """The same again."""
        rows = [ReturnedRow(i, s, n, _value(v), ok, tuple(files)) for i, s, n, v, ok, files in plain["rows"]]
        faults = [SheetFault(sheet, ref, LocalizedText(**say)) for sheet, ref, say in plain["faults"]]
        notes = [LocalizedText(**note) for note in plain["notes"]]
        return cls(plain["head"], plain["revisions"], plain["options"], rows, faults, notes)


def read_form(sheets: Sequence[FilledSheet]) -> ReturnedForm:
    """Reads the sheets of a form, whatever they are called now. Raises NotThisForm."""
    form = _read_hidden(sheets)
    expected = _number(form.head.get("rows", "")) or 0
    seen: dict[str, tuple[str, int]] = {}
    for sheet in sheets:
        _read_sheet(sheet, form, seen)
    if len(seen) < expected:
        form.notes.append(texts.MISSING.filled(n=expected - len(seen)))
    return form


def _read_hidden(sheets: Sequence[FilledSheet]) -> ReturnedForm:
    for sheet in sheets:
        rows = [[_text(row.get(column)) for column in range(1, 5)] for _number, row in sorted(sheet.rows.items())]
        if not any(row[:2] == ["head", "form"] for row in rows):
            continue
        form = ReturnedForm({name: text for tag, name, text, _rest in rows if tag == "head"})
        for tag, name, key, title in rows:
            if tag == "revision" and (revision := _number(key)) is not None:
                form.revisions[name] = revision
            elif tag == "option":
                form.options.setdefault(name, {})[key] = title
        if form.head.get("kind") not in (FORM, BULK):
            break
        if form.head.get("format") != str(FORMAT):
            raise NotThisForm(texts.OTHER_FORMAT)
        return form
    raise NotThisForm(texts.NOT_A_FORM)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _text(cell: FilledCell | None) -> str:
    return "" if cell is None or cell.value is None else str(cell.value)


def _read_sheet(sheet: FilledSheet, form: ReturnedForm, seen: dict[str, tuple[str, int]]) -> None:
    marked = {n: _text(row.get(1)) for n, row in sheet.rows.items() if isinstance(row.get(1, _EMPTY).value, str)}
    addresses: dict[int, str] = {}
    edited: list[int] = []
    for number, text in marked.items():
        try:
            addresses[number] = read_mark(form.head["form"], text)
        except EditedMark:
            edited.append(number)
    if not addresses:
        is_own = any(row.get(1) == FilledCell("head") for row in sheet.rows.values())
        if sheet.rows and not is_own and sheet.name not in (texts.INSTRUCTIONS.th, texts.INSTRUCTIONS.en):
            form.notes.append(texts.FOREIGN_SHEET.filled(name=sheet.name))
        return
    form.faults += [SheetFault(sheet.name, f"A{number}", texts.EDITED_ID) for number in edited]
    merged = set(_merged_rows(sheet))
    for number, address in addresses.items():
        if address in seen:
            other, row = seen[address]
            form.faults.append(SheetFault(sheet.name, f"A{number}", texts.REPEATED_ID.filled(sheet=other, row=row)))
            continue
        seen[address] = (sheet.name, number)
        form.rows.append(_row(sheet, number, address, merged, form.faults))


def _row(
    sheet: FilledSheet, number: int, address: str, merged: set[tuple[int, int]], faults: list[SheetFault]
) -> ReturnedRow:
    cells = sheet.rows[number]
    answer, files = cells.get(ANSWER_COLUMN, _EMPTY), cells.get(FILES_COLUMN, _EMPTY)
    say = None
    if (number, ANSWER_COLUMN) in merged:
        say = texts.MERGED
    elif answer.broken:
        say = BROKEN
    elif answer.formula and answer.value is None:
        say = texts.NO_VALUE
    if say is not None:
        faults.append(SheetFault(sheet.name, f"{ANSWER}{number}", say))
    names: tuple[str, ...] = ()
    if (number, FILES_COLUMN) in merged or files.broken:
        faults.append(SheetFault(sheet.name, f"{FILES}{number}", BROKEN if files.broken else texts.MERGED))
    else:
        names = tuple(_file_names(_text(files)))
    return ReturnedRow(address, sheet.name, number, answer.value, say is None, names)


def _file_names(text: str) -> Iterator[str]:
    names = [name.strip() for name in text.replace(";", "\n").split("\n")]
    return (name[:MAX_NAME] for name in dict.fromkeys(names[:MAX_NAMES]) if name)


def _merged_rows(sheet: FilledSheet) -> Iterator[tuple[int, int]]:
    """The answer and file cells that are merged with others."""
    from openpyxl.utils import range_boundaries  # loads the library that writes workbooks

    last = max(sheet.rows, default=0)
    for area in sheet.merged:
        left, top, right, bottom = range_boundaries(area)
        for column in (ANSWER_COLUMN, FILES_COLUMN):
            if left <= column <= right:
                yield from ((row, column) for row in range(top, min(bottom, last) + 1))


def _plain(value: Any) -> Any:
    return {_MOMENT: value.isoformat()} if isinstance(value, date) else value


def _value(plain: Any) -> Any:
    return datetime.fromisoformat(plain[_MOMENT]) if isinstance(plain, dict) else plain


def field_rows(rows: Iterable[ReturnedRow]) -> Mapping[str, list[ReturnedRow]]:
    """The rows by the address of their field, ticks together."""
    found: dict[str, list[ReturnedRow]] = {}
    for row in rows:
        found.setdefault(row.id.partition("=")[0], []).append(row)
    return found
