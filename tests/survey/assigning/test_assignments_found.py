"""A list of assignments below a title or behind a cover sheet, with days as people write them."""

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from openpyxl import Workbook

from dgready.guard.readers.workbooks import read_table_sheet
from dgready.sheets.uploaded import read_uploaded_sheet
from survey.assigning.assignment_list import ListContext, ParsedList, parse_assignment_list
from survey.assigning.list_texts import WANTED_HEADINGS
from tests.survey.assigning.test_assignments_import import AGENCIES, HEAD, form

CASES = Path("/work/shared/cases")
KNOWN = ListContext(form(), AGENCIES, date(2026, 10, 1), date(2027, 3, 1))
ROW = ["PO", "1.1", "R", None, "7/12/69", None]


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        made = book.create_sheet(name)
        for row in rows:
            made.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes) -> ParsedList:
    found, faults = read_table_sheet(content, settings.WORKBOOK_LIMITS, WANTED_HEADINGS)
    assert found is not None
    result = parse_assignment_list(found, KNOWN)
    result.faults[:0] = faults
    return result


def test_titles_above_and_sheets_before_the_table_are_passed_over() -> None:
    cover = [["บัญชีมอบหมาย", None], ["ปี 2569", "=TODAY()"]]
    listed = [["บัญชีมอบหมาย ปี 2569"], [None, "=1+1"], [], HEAD, ROW]
    result = read(workbook(ปก=cover, รายการ=listed))
    assert result.faults == [], "formulas above the table are nobody's fault"
    assert [(e.agency, str(e.target), e.due) for e in result.entries] == [("PO", "1.1", date(2026, 12, 7))]


def test_the_process_with_limits_finds_the_same_table() -> None:
    content = workbook(ปก=[["บัญชี", "=1"]], รายการ=[["บัญชี"], HEAD, ROW, ["PO", "=1"]])
    limits = settings.WORKBOOK_LIMITS
    read_in_child = read_uploaded_sheet(content, limits, settings.READER_LIMITS, WANTED_HEADINGS)
    assert read_in_child == read_table_sheet(content, limits, WANTED_HEADINGS)


def test_faults_name_the_cell_of_the_file() -> None:
    listed = [["บัญชี"], [], HEAD, ["PO", "9.9", "R"], ["PO", "=1", "R"]]
    assert [f.ref for f in read(workbook(ก=listed)).faults] == ["B5", "B4"]


def test_a_heading_that_is_missing_is_named_where_the_others_stand() -> None:
    faults = read(workbook(ก=[["บัญชี"], ["หน่วยงาน", "บทบาท"], ["PO", "R"]])).faults
    assert [(f.ref, f.say.th) for f in faults] == [("A2", "ไม่พบหัวคอลัมน์ “ตัวชี้วัดหรือข้อ”")]


def test_a_table_without_rows() -> None:
    assert [f.ref for f in read(workbook(ก=[["บัญชี"], HEAD])).faults] == ["A3"]


@pytest.mark.parametrize(
    "cell",
    ["7/12/69", "7 ธ.ค. 69", "7 ธันวาคม พ.ศ. 2569", "7 ธค 2569", "7/12/2569\u200b", "วันที่ 7 ธ.ค. 2569", "๗/๑๒/๒๕๖๙",
     date(2026, 12, 7), datetime.fromisoformat("2569-12-07"), "2026-12-07"],
)  # fmt: skip
def test_days_as_people_write_them(cell: Any) -> None:
    result = read(workbook(ก=[HEAD, ["PO", "1.1", "R", None, cell, None]]))
    assert result.faults == []
    assert result.entries[0].due == date(2026, 12, 7)


def test_names_with_invisible_characters_are_the_same_names() -> None:
    row = ["\u2066ＰＯ\u2069", "๑.๑\u200b", "\u200eR", "ใช่\u200b", None, "ก\x85ข\u202e"]
    result = read(workbook(ก=[[f"{h}\u200b *" for h in HEAD], row]))
    assert result.faults == []
    assert (result.entries[0].agency, result.entries[0].if_any, result.entries[0].note) == ("PO", True, "ก ข")


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not on this machine")
def test_the_shared_cases_are_read() -> None:
    titled = read((CASES / "assign-title-row.xlsx").read_bytes())
    assert [e.agency for e in titled.entries] == ["SO"]
    dated = read((CASES / "assign-dates.xlsx").read_bytes())
    assert {f.ref[0] for f in dated.faults} <= {"A"}, "each row repeats the first; no day is at fault"
    assert dated.entries[0].due == date(2026, 12, 7)
