"""Delimited text reads as the workbook with the same cells would: encodings, separators, titles above the table."""

from __future__ import annotations

import pytest
from django.conf import settings

from dgready.sheets.records import read_records
from dgready.sheets.uploaded import read_uploaded_sheet
from dgready.sheets.workbook import SheetFault, WantedHeadings

LIMITS, CHILD = settings.WORKBOOK_LIMITS, settings.READER_LIMITS
WANTED = WantedHeadings(
    {"name": ("ชื่อ", "Name"), "code": ("รหัส", "Code"), "note": ("หมายเหตุ", "Note")}, ("name", "code")
)
TABLE = "รายชื่อหน่วยงาน\n\nรหัส;ชื่อ;หมายเหตุ\nPO;สำนักงานจังหวัด;\nSO;;=1+1\n"


def records(content: bytes) -> tuple[list[dict[str, str]], list[SheetFault]]:
    sheet, faults = read_uploaded_sheet(content, LIMITS, CHILD, WANTED)
    assert sheet is not None
    found = read_records(sheet, WANTED, faults)
    return [{name: str(cell.value) for name, cell in record.cells.items()} for record in found], faults


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.encode("cp874"),
        ("sep=;\n" + TABLE).encode(),
        TABLE.replace(";", "\t").encode(),
        TABLE.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "with a mark", "utf-16", "cp874", "sep line", "tabs", "crlf"],
)
def test_the_same_rows_whatever_saved_them(content: bytes) -> None:
    rows, faults = records(content)
    assert rows == [{"code": "PO", "name": "สำนักงานจังหวัด"}, {"code": "SO", "note": "=1+1"}]
    assert [(f.ref, f.say.en) for f in faults] == [("B5", "Name is missing")]


def test_how_it_was_read_is_said() -> None:
    sheet, _faults = read_uploaded_sheet(TABLE.encode("cp874"), LIMITS, CHILD, WANTED)
    assert sheet is not None
    assert "874" in sheet.read_as.th


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"\xd0\xcf\x11\xe0old", b"%PDF-1.7", b"\x1f\x8bpacked"])
def test_what_is_no_table_is_refused_in_words(content: bytes) -> None:
    sheet, faults = read_uploaded_sheet(content, LIMITS, CHILD, WANTED)
    assert sheet is None
    assert faults[0].say.th


def test_text_has_the_same_limits() -> None:
    long = ("รหัส,ชื่อ\n" + "PO,ก\n" * (LIMITS.rows + 5)).encode()
    assert read_uploaded_sheet(long, LIMITS, CHILD, WANTED)[0] is None
    assert read_uploaded_sheet(b"a" * (LIMITS.size + 1), LIMITS, CHILD, WANTED)[0] is None


def test_missing_and_doubled_headings_are_named() -> None:
    assert records("รหัส,รหัส,ชื่อ\n1,2,3\n".encode())[1][0].say.en == "The heading “รหัส” stands twice"
    assert records("รหัส,อื่น\n1,2\n".encode())[1][0].say.en == "The heading “Name” was not found"
    assert records("รหัส,ชื่อ\n".encode())[1][0].say.en == "There are no rows"
