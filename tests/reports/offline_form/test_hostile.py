"""Forms that come back broken: every fault is named by sheet and cell, and nothing else is changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from openpyxl import Workbook, load_workbook

from reports.offline_form import texts
from reports.offline_form.form_content import HIDDEN_SHEET
from reports.offline_form.queries import read_returned
from reports.offline_form.returned import NotThisForm
from survey.instrument.schema import CompiledInstrument
from tests.reports.offline_form.filling import compare, edit, form_file, put, read_here, rows_of, whole
from tests.trial import TRIAL, form

ROUNDS = "T6#r1/T6.rounds"
SEATS = f"{ROUNDS}#r2/T6.seats"
BASE = {"T1": "none", "T1.1": "ยังไม่มีงบประมาณ", "T6": ["r1"], "T6#r1/T6.name": "หลักสูตร", ROUNDS: ["r2"], SEATS: "20"}


@pytest.fixture
def instrument() -> CompiledInstrument:
    return form(TRIAL)


@pytest.fixture
def path(instrument: CompiledInstrument, tmp_path: Path) -> Path:
    return form_file(instrument, BASE, tmp_path / "form.xlsx")


def where(path: Path, address: str) -> tuple[str, int]:
    """Sheet and row of an address."""
    sheet, row = rows_of(load_workbook(path))[address]
    return sheet.title, row


def test_a_formula_counts_by_its_stored_result_or_is_a_fault(instrument: CompiledInstrument, path: Path) -> None:
    """openpyxl stores no result."""
    put(path, {"T1.1": '="a"&"b"'}, formulas=True)
    changes = compare(instrument, path, BASE)
    sheet, row = where(path, "T1.1")
    assert [(f.sheet, f.ref, f.say) for f in changes.faults] == [(sheet, f"D{row}", texts.NO_VALUE)]
    assert changes.questions == []


def test_merged_cells_change_nothing(instrument: CompiledInstrument, path: Path) -> None:
    sheet, row = where(path, SEATS)

    def merge(book: Workbook, rows: dict[str, Any]) -> None:
        book[sheet].merge_cells(f"D{row}:D{row + 1}")

    edit(path, merge)
    changes = compare(instrument, path, BASE)
    assert {(f.ref, f.say) for f in changes.faults} == {(f"D{row}", texts.MERGED), (f"D{row + 1}", texts.MERGED)}
    assert changes.questions == []


def test_an_edited_id_is_named_and_its_row_not_read(instrument: CompiledInstrument, path: Path) -> None:
    sheet, row = where(path, "T1.1")

    def change(book: Workbook, rows: dict[str, Any]) -> None:
        book[sheet][f"A{row}"] = book[sheet][f"A{row}"].value.replace("T1.1", "T8")
        book[sheet][f"D{row}"] = "อื่น"

    edit(path, change)
    changes = compare(instrument, path, BASE)
    assert [(f.ref, f.say) for f in changes.faults] == [(f"A{row}", texts.EDITED_ID)]
    assert changes.questions == []
    assert changes.notes == [texts.MISSING.filled(n=1)]


def test_a_missing_sheet_changes_nothing_of_it(instrument: CompiledInstrument, path: Path) -> None:
    sheet, _row = where(path, "T6#r1/T6.name")
    edit(path, lambda book, rows: book.remove(book[sheet]))
    changes = compare(instrument, path, BASE)
    assert (changes.questions, changes.faults) == ([], [])
    assert len(changes.notes) == 1


def test_renamed_added_and_copied_sheets(instrument: CompiledInstrument, path: Path) -> None:
    """A renamed sheet is read by its ids, an added one is not read, a copy is a fault row by row."""
    sheet, row = where(path, "T1.1")

    def change(book: Workbook, rows: dict[str, Any]) -> None:
        book[sheet][f"D{row}"] = "เหตุผลใหม่"
        book[sheet].title = "แผ่นของฉัน"
        book.create_sheet("บันทึก")["A1"] = "โน้ต"

    edit(path, change)
    changes = compare(instrument, path, BASE)
    assert [c.changed for c in changes.questions] == [["T1.1"]]
    assert changes.questions[0].places["T1.1"] == ("แผ่นของฉัน", f"D{row}")
    assert (changes.faults, changes.notes) == ([], [texts.FOREIGN_SHEET.filled(name="บันทึก")])

    edit(path, lambda book, rows: book.copy_worksheet(book["แผ่นของฉัน"]))
    copied = compare(instrument, path, BASE)
    assert len(copied.faults) > 10
    assert all(f.sheet == "แผ่นของฉัน Copy" for f in copied.faults)


@pytest.mark.parametrize(
    ("address", "typed", "reason"),
    [
        (SEATS, "ยี่สิบ", "ต้องเป็นตัวเลข"),
        (SEATS, 1e300, ""),
        (SEATS, "1,50", "ไม่แน่ใจว่าหมายถึง"),
        ("T1", "ไม่มีในรายการ", "ตัวเลือกนี้ไม่มีในข้อคำถาม"),
        ("T1.1", "ก" * 4001, "ยาวเกิน 4000"),
        ("T6#r1/T6.link", "ไม่ใช่เว็บ", ""),
    ],
)
def test_a_cell_is_cleaned_as_on_the_page(
    instrument: CompiledInstrument, path: Path, address: str, typed: str | float, reason: str
) -> None:
    put(path, {address: typed})
    changes = compare(instrument, path, BASE)
    sheet, row = where(path, address)
    assert [(f.sheet, f.ref) for f in changes.faults] == [(sheet, f"D{row}")]
    assert reason in changes.faults[0].say.th
    assert changes.questions == []


def test_thai_digits_dates_and_ticks_are_understood(instrument: CompiledInstrument, path: Path) -> None:
    month = next(i.id for i in instrument.items.values() if i.kind == "month_year" and not i.repeat)
    multi = next(i for i in instrument.items.values() if i.kind == "multi" and not i.repeat)
    first = next(key for key, option in multi.by_key.items() if not option.exclusive)
    put(path, {SEATS: "๒๕", month: "มิ.ย. 2567", f"{multi.id}={first}": "ใช่"})
    changes = compare(instrument, path, BASE)
    assert changes.faults == []
    values = {a: v for c in changes.questions for a, v in c.resolved({}).items()}
    assert (values[SEATS], values[month], values[multi.id]) == ("25", "2024-06", [first])


def test_another_agencys_item_is_refused(instrument: CompiledInstrument, path: Path) -> None:
    put(path, {"T1.1": "ใหม่", "T6#r1/T6.name": "ใหม่"})
    own = {q: items for q, items in whole(instrument).items() if q == "T6"}
    changes = compare(instrument, path, BASE, writable=own)
    sheet, row = where(path, "T1.1")
    assert [(f.sheet, f.ref, f.say) for f in changes.refused] == [(sheet, f"D{row}", texts.OUTSIDE)]
    assert [c.question for c in changes.questions] == ["T6"]


def test_what_the_form_has_no_more_is_refused_and_the_rest_kept(instrument: CompiledInstrument, path: Path) -> None:
    """As when the round moved on: the file has a field, and an option, that the present version does not have."""
    code = load_workbook(path)
    sheet, row = rows_of(code)["T1"]
    hidden = code[HIDDEN_SHEET]
    option = next(
        r for r in range(1, hidden.max_row + 1) if [hidden.cell(r, c).value for c in (1, 2)] == ["option", "T1"]
    )
    hidden.cell(option, 3).value, title = "dropped", hidden.cell(option, 4).value
    sheet[f"D{row}"] = title
    code.save(path)
    put(path, {"T6#r1/T6.name": "ใหม่"})
    changes = compare(instrument, path, BASE)
    assert [(f.ref, f.say) for f in changes.refused] == [(f"D{row}", texts.GONE_OPTION)]
    assert [c.changed for c in changes.questions] == [["T6#r1/T6.name"]]


def test_a_removed_and_an_added_row(instrument: CompiledInstrument, path: Path) -> None:
    rows = rows_of(load_workbook(path))
    free = next(a for a in rows if a.startswith("T6#") and a.endswith("/T6.name") and "#r1/" not in a)
    put(path, {"T6#r1/T6.name": None, SEATS: None, free: "หลักสูตรใหม่"})
    change = compare(instrument, path, BASE).questions[0]
    assert change.resolved({}) == {"T6": [free.split("#")[1].split("/")[0]], free: "หลักสูตรใหม่"}


def test_a_conflict_is_asked_and_what_one_side_changed_stands(instrument: CompiledInstrument, path: Path) -> None:
    put(path, {"T6#r1/T6.name": "ของฉัน"})
    theirs = BASE | {"T6#r1/T6.name": "ของเขา", SEATS: "30"}
    change = compare(instrument, path, BASE, theirs).questions[0]
    assert (list(change.conflicts), list(change.changed)) == (["T6#r1/T6.name"], [])
    kept = {"T6": ["r1"], ROUNDS: ["r2"], SEATS: "30"}
    assert change.resolved({"T6#r1/T6.name": "mine"}) == kept | {"T6#r1/T6.name": "ของฉัน"}
    assert change.resolved({"T6#r1/T6.name": "theirs"}) == kept | {"T6#r1/T6.name": "ของเขา"}


def test_a_row_that_one_side_removed_and_the_other_changed(instrument: CompiledInstrument, path: Path) -> None:
    put(path, {"T6#r1/T6.name": None, SEATS: None})
    theirs = BASE | {SEATS: "30"}
    change = compare(instrument, path, BASE, theirs).questions[0]
    assert list(change.conflicts) == ["T6#r1"]
    assert change.resolved({"T6#r1": "mine"}) == {}
    assert change.resolved({"T6#r1": "theirs"})[SEATS] == "30"


def test_ten_thousand_rows(path: Path) -> None:
    def fill(book: Workbook, rows: dict[str, Any]) -> None:
        sheet = book.create_sheet("ข้อมูล")
        for number in range(10_000):
            sheet.append([number])

    edit(path, fill)
    with pytest.raises(NotThisForm) as refused:
        read_returned(path.read_bytes())
    assert str(settings.WORKBOOK_LIMITS.rows) in refused.value.say.th


def test_a_hidden_head_with_nonsense(instrument: CompiledInstrument, path: Path) -> None:
    def spoil(book: Workbook, rows: dict[str, Any]) -> None:
        for row in book[HIDDEN_SHEET].iter_rows(max_col=3):
            if row[1].value in ("rows", "T1"):
                row[2].value = "²" * 6000

    edit(path, spoil)
    put(path, {"T1.1": "ใหม่"})
    assert [c.question for c in compare(instrument, path, BASE).questions] == ["T1"]


def test_files_that_are_no_forms(path: Path, tmp_path: Path) -> None:
    edit(path, lambda book, rows: book.remove(book[HIDDEN_SHEET]))
    other = Workbook()
    other.save(tmp_path / "other.xlsx")
    contents = [path.read_bytes(), (tmp_path / "other.xlsx").read_bytes(), b"PK\x03\x04", b"", b"%PDF-1.7", b"a,b\n1,2"]
    contents.append(b"\0" * (settings.WORKBOOK_LIMITS.size + 1))
    for content in contents:
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(NotThisForm):
            read_here(tmp_path / "file")
