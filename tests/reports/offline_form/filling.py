"""An offline form as a person fills it: written to a file, changed with openpyxl, read back."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dgready.guard.readers.filled_forms import filled
from dgready.sheets.uploaded import filled_sheets
from reports.offline_form.changes import FormChanges, StoredAnswer, compare_form
from reports.offline_form.form_content import HIDDEN_SHEET, FormContent
from reports.offline_form.layout import lay_out_form
from reports.offline_form.queries import MAX_SHEETS
from reports.offline_form.returned import NotThisForm, ReturnedForm, read_form
from reports.offline_form.workbook import write_form
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, TableColumn
from survey.instrument.values import drop_empty_rows

Values = Mapping[str, AnswerValue]
HEAD = {
    "form": "a1b2c3",
    "kind": "form",
    "format": "1",
    "province": "TH-91",
    "province_name": "จังหวัดเอ",
    "agency": "A1",
    "agency_name": "สำนักงาน",
    "year": "2570",
    "instrument": "dg-trial",
    "version": "1",
    "language": "th",
}


def whole(instrument: CompiledInstrument) -> dict[str, frozenset[str]]:
    """Every item, by question."""
    return {q.id: frozenset(item.id for item in q.card()) for q in instrument.questions}


def form_file(
    instrument: CompiledInstrument,
    values: Values,
    path: Path,
    asked: Mapping[str, frozenset[str]] | None = None,
    **head: str,
) -> Path:
    """The form of these answers."""
    asked = whole(instrument) if asked is None else asked
    layout = lay_out_form(instrument, asked, values, "th")
    rows = str(sum(1 for line in layout.lines if line.id))
    content = FormContent(
        instrument=instrument,
        layout=layout,
        path=resolve_path(instrument, values),
        values=values,
        revisions=dict.fromkeys(asked, 1),
        files={},
        head={**HEAD, "rows": rows, **head},
        about=[("จังหวัด", "เอ")],
        language="th",
    )
    write_form(content, path)
    return path


def by_question(instrument: CompiledInstrument, values: Values) -> dict[str, dict[str, AnswerValue]]:
    """The values by the question that stores them."""
    found: dict[str, dict[str, AnswerValue]] = {}
    for address, value in values.items():
        item = instrument.items[address.split("#")[0].split("/")[0].split("=")[0]]
        found.setdefault(item.question or item.id, {})[address] = value
    return found


def compare(
    instrument: CompiledInstrument,
    returned: ReturnedForm | Path,
    base: Values,
    theirs: Values | None = None,
    writable: Mapping[str, frozenset[str]] | None = None,
) -> FormChanges:
    """What a form changes: made from `base`, while `theirs` is stored now."""
    if isinstance(returned, Path):
        returned = read_here(returned)
    now = by_question(instrument, base if theirs is None else theirs)
    before = by_question(instrument, base)
    stored = {q: StoredAnswer(2, now.get(q, {}), before.get(q, {})) for q in {*now, *before}}
    return compare_form(instrument, returned, stored, whole(instrument) if writable is None else writable)


def read_here(path: Path) -> ReturnedForm:
    """The form read in this process: starting the guard's own takes most of a small test's time."""
    with path.open("rb") as file:
        plain = json.loads(json.dumps(filled(file, asdict(settings.WORKBOOK_LIMITS), MAX_SHEETS)))
    sheets = filled_sheets(plain)
    if not isinstance(sheets, tuple):
        raise NotThisForm(sheets)
    return read_form(sheets)


def answers_after(changes: FormChanges, values: Values, instrument: CompiledInstrument) -> dict[str, AnswerValue]:
    """All values once the changes are applied."""
    kept = by_question(instrument, values)
    for change in changes.questions:
        kept[change.question] = change.resolved({})
    return {address: value for some in kept.values() for address, value in some.items()}


def rows_of(book: Workbook) -> dict[str, tuple[Worksheet, int]]:
    """Where each address stands in an open form."""
    found = {}
    for sheet in book.worksheets:
        if sheet.title != HIDDEN_SHEET:
            for row in range(1, sheet.max_row + 1):
                if isinstance(text := sheet.cell(row, 1).value, str) and re.search(" [0-9a-f]{6}$", text):
                    found[text.rpartition(" ")[0]] = (sheet, row)
    return found


def edit(path: Path, change: Callable[[Workbook, dict[str, tuple[Worksheet, int]]], Any]) -> Path:
    """The file after a change with openpyxl."""
    book = load_workbook(path)
    change(book, rows_of(book))
    book.save(path)
    return path


def put(path: Path, cells: Mapping[str, Any], column: str = "D", *, formulas: bool = False) -> Path:
    """The file with these answers typed in, by address."""

    def write(book: Workbook, rows: dict[str, tuple[Worksheet, int]]) -> None:
        for address, value in cells.items():
            sheet, row = rows[address]
            sheet[f"{column}{row}"] = value
            if isinstance(value, str) and not formulas:
                sheet[f"{column}{row}"].data_type = "s"  # openpyxl takes "=1+1" for a formula

    return edit(path, write)


def resave(*paths: Path) -> None:
    """Opens the files in LibreOffice, which recalculates them, and saves them as .ods and as .xlsx again."""
    folder = paths[0].parent / "office"
    folder.mkdir(exist_ok=True)
    for kind, sources in (("ods", paths), ("xlsx", [folder / f"{path.stem}.ods" for path in paths])):
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder), *map(str, sources)]
        subprocess.run(command, check=True, capture_output=True)
    for path in paths:
        shutil.copy(folder / f"{path.stem}.xlsx", path)


def random_values(instrument: CompiledInstrument, seed: int) -> dict[str, AnswerValue]:
    """Answers of every kind to most of a form, on its path or not."""
    chance = random.Random(seed)
    values: dict[str, AnswerValue] = {}
    for section in instrument.sections:
        for item in section.items:
            _answer(item, "", values, chance)
    return drop_empty_rows(values, instrument.items)


def _answer(item: Item, prefix: str, values: dict[str, AnswerValue], chance: random.Random) -> None:
    address = prefix + item.id
    if item.kind == "repeat":
        rows = [f"r{chance.randrange(36**4)}" for _row in range(chance.randint(0, item.max_rows or 2))]
        rows = list(dict.fromkeys(rows))
        if rows:
            values[address] = rows
        for row in rows:
            for child in item.items:
                _answer(child, f"{address}#{row}/", values, chance)
        return
    if item.kind == "table":
        for key, _row in item.answer_rows:
            for column in item.columns:
                _leaf(column, f"{address}/{key}/{column.key}", values, chance)
    elif item.kind != "group":
        _leaf(item, address, values, chance)
    for child in item.children:
        _answer(child, prefix, values, chance)


def _leaf(owner: Item | TableColumn, address: str, values: dict[str, AnswerValue], chance: random.Random) -> None:
    if chance.random() < 0.2:
        return
    if owner.kind == "single":
        values[address] = chance.choice(list(owner.by_key))
    elif owner.kind == "multi":
        free = [key for key, option in owner.by_key.items() if not option.exclusive]
        values[address] = [key for key in free if chance.random() < 0.6] or free[:1] or list(owner.by_key)[:1]
    elif owner.kind == "number":
        low = int(float(getattr(owner, "minimum", None) or 0))
        high = int(float(getattr(owner, "maximum", None) or low + 9000))
        values[address] = str(chance.randint(low, high))
    elif owner.kind == "month_year":
        values[address] = f"{chance.randint(2015, 2027)}-{chance.randint(1, 12):02d}"
    elif owner.kind == "url":
        values[address] = f"https://www.example.go.th/หน้า?{chance.randrange(99)}"
    elif getattr(owner, "format", None) == "email":
        values[address] = "office@example.org"
    elif getattr(owner, "format", None) == "phone":
        values[address] = "042-412-345"
    else:
        values[address] = chance.choice(
            ["=1+1", "ข้อความ\nสองบรรทัด", "1.10", "007", "+66", "น้ำใจ “ดี” & <b>", "TRUE", "-"]
        )
