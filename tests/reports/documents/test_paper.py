"""The page kit: what every paper has on every page, and what none may have."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from weasyprint import HTML

from reports.content.agenda import gather_agenda
from reports.content.certificate import gather_certificate
from reports.content.queries import gather_report
from reports.content.results import gather_result_paper
from reports.documents.agency_papers import assignments_html, blank_html
from reports.documents.certificate import certificate_html
from reports.documents.committee import AGENDA, MINUTES, RESOLUTIONS, committee_html
from reports.documents.paper import CONTENTS_FROM, with_contents, write_paper
from reports.documents.questionnaire import questionnaire_html
from reports.documents.render import BASE_URL, StaticFileFetcher
from reports.documents.result import result_html
from reports.errors import ReportError
from survey.approval import actions as workflow
from survey.models import Assignment
from tests.flow import Flow
from tests.reports.conftest import fresh, read_back, squeezed
from tests.reports.documents.page_look import DRAFT, VOID, orphans, pages_across, underfull
from tests.reports.documents.test_committee import record_of
from tests.reports.documents.ua_rules import faults

pytestmark = [pytest.mark.slow, pytest.mark.once]


def assign(flow: Flow) -> None:
    """A question of the form is an agency's."""
    Assignment.objects.create(round=flow.round, agency=flow.people.a1, question=flow.question("T1"))


@pytest.fixture
def papers(filled: Flow) -> dict[str, str]:
    """Every paper of a draft as HTML."""
    assign(filled)
    meeting = record_of(filled).pk
    response = fresh(filled.response)
    agenda = gather_agenda(response, meeting)
    return {
        "questionnaire": questionnaire_html(agenda.report),
        "result": result_html(*gather_result_paper(filled.province, filled.round.year, "th")),
        "committee": committee_html(agenda),
        "agenda": committee_html(agenda, AGENDA),
        "minutes": committee_html(agenda, MINUTES),
        "resolutions": committee_html(agenda, RESOLUTIONS),
        "blank": blank_html(response, None, "th"),
        "part": blank_html(response, filled.people.a1, "th"),
        "assignments": assignments_html(response, None, "th"),
    }


def test_every_paper_keeps_the_rules_of_the_kit(papers: dict[str, str], filled: Flow, tmp_path: Path) -> None:
    machine_words = re.compile(rf"{filled.round.instrument.key}|\bT\d+/\w|\[\[|<!--|&(amp|lt|gt|quot|#)")
    for name, markup in papers.items():
        path = tmp_path / f"{name}.pdf"
        count = write_paper(markup, path)
        pages = [page for page in read_back(path, "-layout").split("\f") if page.strip()]
        assert len(pages) == count, name
        for number, page in enumerate(pages, start=1):
            assert re.search(rf"หน้า {number} จาก {count}\b", page), (name, number)
            assert re.search(r"SHA-256 [0-9a-f]{16} · พิมพ์เมื่อ \d+ \S+ \d\d", page), (name, number)
            assert squeezed(f"จังหวัดเอ · ปี {filled.round.year}") in squeezed(page), (name, number)
        assert faults(path) == [], name
        assert underfull(path) == [], name
        assert orphans(path, markup) == [], name
        assert not machine_words.search("\n".join(pages)), name
        assert name == "result" or not re.search(r"<td[^>]*>\s*(<[^>]+>\s*)*\d{1,3}/\d{1,3}\s*<", markup), name
        drafts = name in ("questionnaire", "result", "committee", "agenda")
        assert pages_across(path, DRAFT) == [drafts] * count, name
        if count >= CONTENTS_FROM:
            assert squeezed("สารบัญ") in squeezed(pages[0]), name


def test_what_is_approved_shows_its_public_check_and_what_is_superseded_says_so(filled: Flow, tmp_path: Path) -> None:
    version = filled.approve()
    report = gather_report(fresh(filled.response))
    approved = {
        "questionnaire": questionnaire_html(report),
        "certificate": certificate_html(gather_certificate(fresh(filled.response))),
    }
    for name, markup in approved.items():
        path = tmp_path / f"{name}.pdf"
        count = write_paper(markup, path)
        text = squeezed(read_back(path))
        assert str(version.public_id) in text, name
        assert version.sha256 in text, name
        assert "<path" in markup, name
        assert text.count(f"SHA-256{version.sha256[:16]}") >= count, name
        assert faults(path) == [], name
        assert not any(pages_across(path, DRAFT)), name
    workflow.reopen_response(by=filled.governor, response=filled.response, reason="แก้ไข")
    old = gather_report(fresh(filled.response), number=version.number)
    count = write_paper(questionnaire_html(old), tmp_path / "old.pdf")
    assert pages_across(tmp_path / "old.pdf", VOID) == [True] * count
    assert read_back(tmp_path / "old.pdf").count("ยกเลิกแล้ว") >= count
    with pytest.raises(ReportError):
        gather_report(fresh(filled.response), number=9)


def test_the_same_draft_has_the_same_hash_whenever_it_is_printed(filled: Flow) -> None:
    first, second = (questionnaire_html(gather_report(fresh(filled.response))) for _time in range(2))
    hashes = [re.findall(r"SHA-256 ([0-9a-f]{16})", markup)[0] for markup in (first, second)]
    assert hashes[0] == hashes[1]
    filled.save("T1", {"T1": "none", "T1.1": "ยังไม่มีคน"})
    third = questionnaire_html(gather_report(fresh(filled.response)))
    assert re.findall(r"SHA-256 ([0-9a-f]{16})", third)[0] != hashes[0]


def test_contents_name_every_part_once() -> None:
    parts = "".join(f"<h2>ส่วน {n} &amp; ต่อ</h2><p>ข้อความ</p>" for n in (1, 2))
    listed = with_contents(f"<!-- contents -->{parts}")
    assert listed.count("ส่วน 1 &amp; ต่อ") == 2
    assert 'href="#part-2"' in listed
    assert with_contents(parts) == parts
    assert "paper-contents" not in with_contents("<!-- contents --><h2>ส่วนเดียว</h2>")


def test_printing_takes_little_longer_than_weasyprint_alone(papers: dict[str, str], tmp_path: Path) -> None:
    """The machine's noise passes in one of a few turns; a slower kit fails in each."""
    markup = papers["questionnaire"]
    write_paper(markup, tmp_path / "warm.pdf")
    assert any(print_cost(markup, tmp_path) < 1.5 for _turn in range(4))


def print_cost(markup: str, folder: Path) -> float:
    """Processor time of the kit by that of WeasyPrint alone for the same markup."""
    began = time.process_time()
    HTML(string=markup, base_url=BASE_URL, url_fetcher=StaticFileFetcher()).write_pdf(
        folder / "raw.pdf", pdf_variant="pdf/ua-1"
    )
    alone = time.process_time() - began
    began = time.process_time()
    write_paper(markup, folder / "made.pdf")
    return (time.process_time() - began) / alone
