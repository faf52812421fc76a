"""The workbook: a sheet per pillar, every item in it, and no text that could run as a formula."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from openpyxl import Workbook, load_workbook

from demo.content import sample_values
from reports.content.listing import build_content
from reports.content.queries import gather_report
from reports.content.report import ResponseReport
from reports.content.structure import EvidenceItem, EvidenceMark
from reports.workbooks import dga
from reports.workbooks.cells import BUDDHIST_MOMENT, MAX_CELL_LENGTH, text_cell
from reports.workbooks.sheet_titles import MAX_TITLE_LENGTH, unique_sheet_title
from survey.instrument.path import resolve_path
from tests.flow import COURSE, Flow
from tests.reports.conftest import fresh
from tests.trial import REAL, form

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "=cmd|' /C calc'!A0", '=HYPERLINK("x")']

pytestmark = pytest.mark.any_database


@pytest.fixture
def made(report: ResponseReport, tmp_path: Path) -> Path:
    """The draft as a workbook."""
    dga.write_dga_workbook(report, tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def cells(path: Path, sheet: str) -> list[tuple]:
    return list(load_workbook(path)[sheet].iter_rows(values_only=True))


def test_sheets_in_order(made: Path) -> None:
    names = load_workbook(made).sheetnames
    assert names == [
        "ข้อมูล",
        "ผู้ให้ข้อมูล",
        "1 บริการใกล้บ้าน",
        "2 การเรียนรู้ของเจ้าหน้าที่",
        "ทุกรายการ",
        "หลักฐาน",
        "คะแนน",
        "รายการค้าง",
    ]


def test_every_item_in_the_long_sheet(report: ResponseReport, made: Path, flow: Flow) -> None:
    rows = cells(made, "ทุกรายการ")[1:]
    assert {row[0] for row in rows} == {x.item for x in report.content.walk()} - {"T5.3"}  # not of the paper
    by_address = {row[1]: row for row in rows if row[1]}
    assert by_address["T1.1"][6:8] == ("ยังไม่มีงบประมาณ", "ยังไม่มีงบประมาณ")
    assert by_address["T1"][4:7] == ("เลือก 1 ข้อ", "ตอบแล้ว", "none")
    assert by_address["T2"][5] == "ข้ามตามเงื่อนไข"
    assert by_address["T4/kiosk/state"][3].startswith("ตู้")
    assert by_address[COURSE][8] == "0" * 64


def test_every_line_on_the_pillar_sheets(tmp_path: Path, report: ResponseReport) -> None:
    instrument = form(REAL)
    path = resolve_path(instrument, sample_values(instrument, 3, 0.8))
    proof = EvidenceItem("แผน.pdf", "ab" * 32, 10, marks=(EvidenceMark("3", "ข้อความ"),))
    content = build_content(path, {place: [proof] for place in path.places})
    dga.write_dga_workbook(replace(report, content=content), tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    assert len(book.sheetnames) == len(set(book.sheetnames)) == 14
    for section in content.sections:
        name = next(
            s
            for s in book.sheetnames
            if s.startswith(f"{section.pillar_number} " if section.pillar_number else section.title[:20])
        )
        labels = {row[1] for row in book[name].iter_rows(values_only=True)}
        wanted = {x.label for x in section.walk() if x.kind != "cell" and x.own != "item"}
        assert wanted <= labels


def test_codes_questions_answers_and_evidence(made: Path) -> None:
    rows = {row[1]: row for row in cells(made, "1 บริการใกล้บ้าน")}
    assert rows["จังหวัดมีแผนเพิ่มจุดบริการหรือไม่"][:3] == ("T1", "จังหวัดมีแผนเพิ่มจุดบริการหรือไม่", "ไม่มีแผน")
    assert "ข้ามตามเงื่อนไข" in {row[2] for row in rows.values()}
    courses = cells(made, "2 การเรียนรู้ของเจ้าหน้าที่")
    assert any("หลักสูตร.pdf" in (row[3] or "") and "ข้อความ" in row[3] for row in courses)


def test_headings_stay_in_view(made: Path) -> None:
    book = load_workbook(made)
    assert {book[name].freeze_panes for name in book.sheetnames[1:]} == {"A2"}
    assert book["ทุกรายการ"].column_dimensions["A"].width > 10
    assert book["ทุกรายการ"]["A1"].font.name == "Sarabun"


def test_every_sheet_is_set_up_for_print(made: Path) -> None:
    """Landscape, as wide as the page, heads on every page, page numbers, filters, rows as high as their texts."""
    for sheet in load_workbook(made):
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.right.text == "&P / &N"
        if sheet.title != "ข้อมูล":
            assert sheet.print_title_rows == "$1:$1"
            assert sheet.auto_filter.ref.startswith("A1:")
        assert all(sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1))
    long = load_workbook(made)["ทุกรายการ"]
    high = {long.row_dimensions[r].height for r in range(2, long.max_row + 1)}
    assert len(high) > 1


def test_the_evidence_sheet(made: Path) -> None:
    heads, *rows = cells(made, "หลักฐาน")
    course = next(dict(zip(heads, row, strict=True)) for row in rows if row[3] == COURSE)
    assert (course["ไฟล์หรือที่อยู่เว็บ"], course["หน้า"], course["ข้อความที่สนับสนุนคำตอบ"]) == ("หลักสูตร.pdf", "1", "“ข้อความ”")
    assert course["ค่าตรวจสอบ (SHA-256)"] == "0" * 64


def test_dates_are_dates_of_the_buddhist_era(report: ResponseReport, made: Path) -> None:
    sheet = load_workbook(made)["ข้อมูล"]
    cell = next(row[1] for row in sheet.iter_rows() if row[0].value == "พิมพ์เมื่อ")
    assert (cell.is_date, cell.number_format) == (True, BUDDHIST_MOMENT)
    assert cell.value.year == report.printed_at.year


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is optional at run time")
def test_fewer_than_twenty_pages(tmp_path: Path, report: ResponseReport) -> None:
    instrument = form(REAL)
    path = resolve_path(instrument, sample_values(instrument, 3, 0.8))
    proof = EvidenceItem("แผนพัฒนา.pdf", "ab" * 32, 10, marks=(EvidenceMark("3", "ข้อความที่สนับสนุนคำตอบ " * 4),))
    content = build_content(path, {place: [proof] for place in path.places})
    dga.write_dga_workbook(replace(report, content=content), tmp_path / "a.xlsx")
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(tmp_path / "a.xlsx")], check=True, capture_output=True)
    with pikepdf.open(tmp_path / "a.pdf") as printed:
        assert len(printed.pages) < 20


@pytest.mark.parametrize("text", DANGEROUS)
def test_dangerous_text_is_exact_text(text: str, flow: Flow, tmp_path: Path) -> None:
    flow.fill()
    flow.save("T1", {"T1": "none", "T1.1": text})
    flow.prove(name=text)
    dga.write_dga_workbook(gather_report(fresh(flow.response)), tmp_path / "a.xlsx")
    for sheet in load_workbook(tmp_path / "a.xlsx"):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type in ("s", "n", "d")
            if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@", "\t", "\n", "\r")):
                assert cell.quotePrefix
    rows = {row[1]: row for row in cells(tmp_path / "a.xlsx", "ทุกรายการ")}
    assert rows["T1.1"][6] == text
    assert rows[COURSE][9] == text


def test_no_formula_in_the_file(made: Path) -> None:
    with zipfile.ZipFile(made) as archive:
        sheets = [archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/")]
    assert sheets
    assert all(b"<f>" not in sheet and b"<f " not in sheet for sheet in sheets)


@pytest.mark.parametrize("text", [*DANGEROUS, "#N/A", "12", "2025-01-01", "TRUE", "ข้อความ"])
def test_text_cell_keeps_text(text: str, tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("a")
    sheet.append([text_cell(sheet, text)])
    book.save(tmp_path / "a.xlsx")
    cell = load_workbook(tmp_path / "a.xlsx")["a"]["A1"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_what_a_cell_cannot_hold(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("a")
    sheet.append([text_cell(sheet, t) for t in ("ก\x00\x0bข", "ก" * (MAX_CELL_LENGTH + 10), "\ud800x", "")])
    book.save(tmp_path / "a.xlsx")
    (row,) = load_workbook(tmp_path / "a.xlsx")["a"].iter_rows(values_only=True)
    assert row[0] == "กข"
    assert len(row[1]) == MAX_CELL_LENGTH
    assert row[2:] == ("\ufffdx", None)


def test_info_says_what_it_is(made: Path) -> None:
    facts = dict(row[:2] for row in cells(made, "ข้อมูล") if row[1])
    assert facts["จังหวัด"] == "จังหวัดเอ (TH-91)"
    assert facts["สถานะ"].startswith("ฉบับร่าง ยังไม่อนุมัติ")


def test_titles_are_what_excel_takes() -> None:
    assert unique_sheet_title("ก/ข[ค]:?", []) == "ก ข ค"
    long = "การเตรียมพร้อมด้านปัญญาประดิษฐ์"
    first = unique_sheet_title(long * 2, [])
    assert len(first) <= MAX_TITLE_LENGTH
    assert unique_sheet_title(long * 2, [first]) != first
    assert unique_sheet_title("กี่" * 20, [])[-1] != "ก"
