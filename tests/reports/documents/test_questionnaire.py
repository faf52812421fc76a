"""The PDF: tagged, numbered, every item in it, and nothing fetched from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pikepdf
import pytest
from openpyxl import load_workbook

from demo.content import sample_values
from reports.content.listing import build_content
from reports.content.queries import gather_report
from reports.content.report import ResponseReport
from reports.content.structure import EvidenceItem, EvidenceMark
from reports.documents import questionnaire
from reports.documents.render import ForbiddenResource, StaticFileFetcher, write_pdf
from reports.errors import ReportError
from reports.workbooks import dga
from survey.approval import actions as workflow
from survey.approval.review import read_evidence_and_score
from survey.instrument.path import resolve_path
from tests.committee import make_delegation
from tests.flow import Flow, outside
from tests.reports.conftest import fresh, read_back, squeezed
from tests.trial import REAL, form

pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture
def printed(report: ResponseReport, tmp_path: Path) -> Path:
    """The draft as PDF."""
    questionnaire.write_questionnaire_pdf(report, tmp_path / "a.pdf")
    return tmp_path / "a.pdf"


def test_every_line_is_printed(report: ResponseReport, printed: Path) -> None:
    text = squeezed(read_back(printed, "-raw"))
    missing = [x.label for x in report.content.walk() if squeezed(x.label) not in text]
    missing += [x.text for x in report.content.walk() if squeezed(x.text) not in text and not x.picked]
    missing += [label for x in report.content.walk() for label in x.picked if squeezed(label) not in text]
    assert missing == []


def test_every_line_of_the_real_form(report: ResponseReport, tmp_path: Path) -> None:
    instrument = form(REAL)
    path = resolve_path(instrument, sample_values(instrument, 7, 0.7))
    proof = EvidenceItem("แผนปฏิบัติการ.pdf", "ab" * 32, 10, marks=(EvidenceMark("3-5", "อนุมัติแผน"),))
    content = build_content(path, {place: [proof] for place in path.places})
    questionnaire.write_questionnaire_pdf(replace(report, content=content), tmp_path / "a.pdf")
    text = squeezed(read_back(tmp_path / "a.pdf", "-raw"))
    # A running head may stand between two halves of a label that goes over a page.
    missing = [x.label for x in content.walk() if squeezed(x.label) not in text]
    assert len(missing) <= 3, missing


def test_each_pillar_has_one_heading_and_what_is_not_asked_is_folded(report: ResponseReport) -> None:
    instrument = form(REAL)
    content = build_content(resolve_path(instrument, sample_values(instrument, 7, 0.7)), {})
    html = questionnaire.questionnaire_html(replace(report, content=content, score=None, open_points=()))
    headings = re.findall(r"<h2>(.*?)</h2>", html)
    pillars = re.findall(r"ตัวชี้วัดที่ (\d+)", " ".join(headings))
    assert pillars == [pillar.number for pillar in instrument.pillars]
    assert any(heading.startswith("3.1 ") for heading in headings)  # the form asks it before pillar 1
    shut = [line for line in content.walk() if line.state in ("off", "closed") and line.kind not in ("cell", "entry")]
    folded = re.findall(r'<p class="line shut[^"]*">(.*?)</p>', html, re.DOTALL)
    assert len(folded) < len(shut) / 2
    together = unescape(" ".join(folded))
    assert [line.code for line in shut if line.code and line.code not in together] == []
    assert [line.label for line in shut if line.label not in together] == []
    assert not re.search(r">\s*(yes|no|true|false|none)\s*<", html, re.IGNORECASE)


def test_cover_of_a_draft(report: ResponseReport, printed: Path) -> None:
    text = squeezed(read_back(printed))
    for wanted in ("จังหวัดเอ", "ฉบับร่าง ยังไม่อนุมัติ", str(report.year), "พิมพ์เมื่อ", "พฤษภาคม 2570"):
        assert squeezed(wanted) in text


def test_tagged_and_titled(printed: Path) -> None:
    with pikepdf.open(printed) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "th"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
            assert "แบบสำรวจพร้อมคำตอบ" in meta["dc:title"]
        kinds, unnamed = tags(pdf)
    assert {"/H1", "/H2", "/H3", "/H4", "/Table", "/TH", "/TD", "/P", "/L"} <= kinds
    assert unnamed == 0


def tags(pdf: pikepdf.Pdf) -> tuple[set[str], int]:
    """The kinds of structure elements, and how many pictures have no alternative text."""
    kinds, unnamed, waiting, seen = set(), 0, [pdf.Root.StructTreeRoot], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting += list(node)
        elif isinstance(node, pikepdf.Dictionary) and node.objgen not in seen:
            if node.objgen != (0, 0):
                seen.add(node.objgen)
            kinds.add(str(node.get("/S", "")))
            unnamed += node.get("/S") == pikepdf.Name.Figure and "/Alt" not in node
            if "/K" in node:
                waiting.append(node.K)
    return kinds, unnamed


def test_pages_are_numbered(printed: Path) -> None:
    with pikepdf.open(printed) as pdf:
        count = len(pdf.pages)
    assert count > 2
    pages = [page for page in read_back(printed).split("\f") if page.strip()]
    found = [re.search(r"หน้า (\d+) จาก (\d+)", page) for page in pages]
    assert [(int(m[1]), int(m[2])) for m in found if m] == [(n + 1, count) for n in range(count)]


def test_only_thai_fonts_and_all_embedded(printed: Path) -> None:
    with pikepdf.open(printed) as pdf:
        for page in pdf.pages:
            for font in page.resources.get("/Font", {}).values():
                assert "Sarabun" in str(font.BaseFont)
                assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor


def test_score_is_shown_as_estimated(filled: Flow, tmp_path: Path) -> None:
    report = gather_report(fresh(filled.response))
    if report.score is None:
        pytest.skip("the made-up year has no scheme here")
    questionnaire.write_questionnaire_pdf(report, tmp_path / "a.pdf")
    text = squeezed(read_back(tmp_path / "a.pdf"))
    assert (squeezed("ค่าประมาณ") in text) == report.score.estimated
    assert all(squeezed(row.name) in text for row in report.score.rows)


def test_an_approved_version_prints_what_was_frozen(filled: Flow, tmp_path: Path) -> None:
    workflow.submit_response(by=filled.secretariat, response=filled.response, points=lambda r: [], reasons={})
    frozen = workflow.approve_response(by=filled.governor, response=filled.response, compose=outside)
    filled.response.answers.all().delete()
    report = gather_report(fresh(filled.response))
    questionnaire.write_questionnaire_pdf(report, tmp_path / "a.pdf")
    text = squeezed(read_back(tmp_path / "a.pdf"))
    assert frozen.sha256 in text
    assert squeezed("ยังไม่มีงบประมาณ") in text
    assert squeezed("ฉบับร่าง") not in text


def test_hostile_text_stays_text(filled: Flow, tmp_path: Path) -> None:
    filled.save("T1", {"T1": "none", "T1.1": '<img src="http://127.0.0.1:9/x"><b>{{ x }}</b> & "ก"'})
    questionnaire.write_questionnaire_pdf(gather_report(fresh(filled.response)), tmp_path / "a.pdf")
    assert squeezed('<img src="http://127.0.0.1:9/x"><b>{{ x }}</b>') in squeezed(read_back(tmp_path / "a.pdf"))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "https://example.org/x.png",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:image/png;base64,AAAA",
        "dgready:///../manage.py",
        "dgready:///css/../../dgready/settings.py",
        "dgready:///%2e%2e/manage.py",
        "dgready://host/css/print.css",
        "dgready:///vendor/sarabun/LICENSE",
        "x.png",
    ],
)
def test_nothing_outside_is_fetched(address: str, tmp_path: Path) -> None:
    with pytest.raises((ForbiddenResource, ValueError)):
        StaticFileFetcher().fetch(address)
    page = f'<html lang="th"><title>x</title><img alt="x" src="{address}"></html>'
    with pytest.raises(ReportError) as caught:
        write_pdf(page, tmp_path / "a.pdf")
    assert caught.value.reason == "outside"


@pytest.mark.parametrize("where", ['<link rel="stylesheet" href="{}">', "<style>@import url({});</style>"])
def test_no_style_from_outside(where: str, tmp_path: Path) -> None:
    head = where.format("http://127.0.0.1:9/x.css")
    with pytest.raises(ReportError):
        write_pdf(f'<html lang="th"><head><title>x</title>{head}</head><body>x</body></html>', tmp_path / "a.pdf")


def test_progress_is_told_and_never_goes_back(report: ResponseReport, tmp_path: Path) -> None:
    told: list[int] = []
    questionnaire.write_questionnaire_pdf(
        report, tmp_path / "a.pdf", lambda done, total: told.append(done * 100 // total)
    )
    assert told == sorted(told)
    assert len(told) > 3
    assert told[-1] <= 100


def test_a_delegates_approval_says_so(filled: Flow, tmp_path: Path) -> None:
    deputy = make_delegation(filled.people, tmp_path).delegate
    filled.submit()
    deputy.forget_grants()
    workflow.approve_response(by=deputy, response=filled.response, compose=read_evidence_and_score)
    made = gather_report(fresh(filled.response))
    questionnaire.write_questionnaire_pdf(made, tmp_path / "a.pdf")
    words = "อนุมัติแทนผู้ว่าราชการจังหวัด ตามคำสั่งเลขที่ 123/2568"
    text = squeezed(read_back(tmp_path / "a.pdf"))
    assert squeezed(words) in text
    assert squeezed(deputy.get_full_name()) in text
    dga.write_dga_workbook(made, tmp_path / "a.xlsx")
    cells = [str(c) for row in load_workbook(tmp_path / "a.xlsx")["ข้อมูล"].iter_rows(values_only=True) for c in row]
    assert any(words in cell and deputy.get_full_name() in cell for cell in cells)
