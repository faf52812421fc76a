"""The governor's one page: one A4 page whatever it says, its figures those of the score, an estimate marked as one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import call_command
from django.utils import timezone

from reports.content.brief import ASKED_WHEN_CLOSED, GovernorBrief, KpiStep, gather_brief
from reports.content.report import OpenPoint
from reports.documents.brief import FITS, brief_html, write_brief_pdf
from reports.errors import ReportError
from scoring.scheme import registry
from survey.answering import actions as answers
from survey.approval import actions as workflow
from survey.approval.review import read_evidence_and_score
from survey.models import Response
from tests.factories import ProvinceFactory
from tests.flow import Flow
from tests.reports.conftest import fresh, read_back, squeezed
from tests.reports.documents.page_look import DRAFT, pages_across
from tests.reports.documents.ua_rules import faults
from tests.scoring.published import load_published_results
from tests.trial import REAL, Trial, make_trial


def words(brief: GovernorBrief) -> str:
    """What the page says."""
    return squeezed(re.sub(r"<[^>]+>", "", brief_html(brief)))


@pytest.fixture
def real(db: None) -> Trial:
    """The real year of the sample province with one answer; the years before are published."""
    province = ProvinceFactory(code="TH-43")
    load_published_results()
    trial = make_trial(REAL, province)
    answers.save_answer(
        by=trial.secretariat,
        response=trial.response,
        question=trial.question("P1.3"),
        value={"P1.3": "doing"},
        base_revision=0,
    )
    return trial


def test_it_says_what_the_score_says(real: Trial) -> None:
    brief = gather_brief(fresh(real.response))
    said = words(brief)
    assert brief.score.likely is not None
    assert brief.score.chance is not None
    assert brief.result.kpi is not None
    for text in (
        "คะแนนรวมประมาณการ",
        f"{brief.score.total}",
        f"ช่วงที่น่าจะเป็น 90 % {brief.score.likely}",
        "ยังไม่ใช่ผลที่ สพร. ประกาศ",
        "ผลปี 2567",
        "70.93",
        "ต่ำกว่าเป้าหมายขั้นต้น",
        f"รายการค้าง {brief.open_count} รายการ",
        brief.left,
        "โปรดเร่งรัดหน่วยงาน",
        *(row.name for row in brief.score.pillars),
        *(text for text, _gain in brief.score.steps),
    ):
        assert squeezed(text) in said, text
    assert len(brief.score.steps) == 5
    assert sum(n for _label, n in brief.open_kinds) == brief.open_count > 0
    assert [step.next_name for step in brief.kpi_steps] == ["เป้าหมายขั้นต้น"] * 2


def test_what_is_asked_follows_the_state_and_the_clock(flow: Flow) -> None:
    flow.submit()
    said = words(gather_brief(fresh(flow.response)))
    assert squeezed("แล้วอนุมัติหรือส่งกลับให้แก้ไข") in said
    response = fresh(flow.response)
    response.round.closes_at = timezone.now() - timedelta(hours=1)
    late = gather_brief(response)
    assert (late.closed, late.left) == (True, "")
    assert squeezed(str(ASKED_WHEN_CLOSED)) in words(late)
    assert squeezed("ปิดรับแล้ว") in words(late)


def test_every_state_asks_something() -> None:
    from reports.content.brief import ASKED

    assert set(ASKED) == set(Response.State)


def test_without_a_scheme_it_says_why(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*args: object, **more: object) -> None:
        raise registry.MissingScheme("none")

    monkeypatch.setattr("reports.content.draft_source.get_full_score_json", missing)
    with pytest.raises(ReportError) as caught:
        gather_brief(fresh(flow.response))
    assert caught.value.reason == "unscored"


LONG = "คำตอบข้อนี้ขัดแย้งกับจำนวนที่ตอบไว้ก่อนหน้า โปรดตรวจตัวเลขกับหน่วยงานเจ้าของเรื่องอีกครั้ง " * 8


def extremes(brief: GovernorBrief) -> dict[str, GovernorBrief]:
    """The page with as little and as much on it as there can be."""
    score, report = brief.score, brief.report
    bare = replace(score, rows=(), steps=(), likely=None, chance=None, total=None, level=None)
    nothing = replace(brief, score=bare, report=replace(report, open_points=()), kpi_steps=(), open_kinds=())
    row = replace(score.pillars[0], name=LONG, score=Decimal(100), level=5)
    much = replace(score, rows=(row,) * 40, steps=((LONG, "เพิ่มได้ไม่เกิน 12.34 คะแนน"),) * 5)
    points = tuple(OpenPoint("P1.2.3", LONG, "", "contradiction") for _ in range(200))
    kinds = tuple((label, 400) for label, _n in brief.open_kinds) * 4
    everything = replace(
        brief,
        score=much,
        report=replace(report, open_points=points, content=replace(report.content, title=LONG)),
        kpi_steps=(KpiStep(LONG, "เป้าหมายขั้นต้น", "เป้าหมายมาตรฐาน", "12.34 คะแนน"),) * 4,
        open_kinds=kinds,
        asked=LONG[:300],
    )
    return {"nothing": nothing, "everything": everything}


@pytest.mark.slow
@pytest.mark.once
def test_it_is_one_page_whatever_it_says(real: Trial, tmp_path: Path) -> None:
    brief = gather_brief(fresh(real.response))
    for name, one in ({"usual": brief} | extremes(brief)).items():
        path = tmp_path / f"{name}.pdf"
        write_brief_pdf(one, path)
        with pypdfium2.PdfDocument(path) as pdf:
            assert len(pdf) == 1, name
            assert [round(x) for x in pdf[0].get_size()] == [595, 842], name
        assert faults(path) == [], name
        assert re.search(r"หน้า 1 จาก 1\b", read_back(path, "-layout")), name
    assert pages_across(tmp_path / "usual.pdf", DRAFT) == [True]
    told = squeezed(read_back(tmp_path / "everything.pdf"))
    for text in ("และอีก 16 ตัวชี้วัด", "คำตอบขัดแย้งกันอีก 198 รายการ", "รายการค้าง 200 รายการ"):
        assert squeezed(text) in told, text
    assert len(FITS) == 5


@pytest.mark.slow
@pytest.mark.once
def test_an_approved_one_has_its_public_check(filled: Flow, tmp_path: Path) -> None:
    filled.submit()
    workflow.approve_response(by=filled.governor, response=filled.response, compose=read_evidence_and_score)
    brief = gather_brief(fresh(filled.response))
    assert brief.report.approval is not None
    path = tmp_path / "a.pdf"
    call_command("report", "brief", "--province", "TH-91", "--year", "2570", "--language", "en", "--out", str(path))
    told = squeezed(read_back(path))
    assert squeezed(brief.report.approval.address) in told
    assert brief.report.approval.sha256 in told
    with pypdfium2.PdfDocument(path) as pdf:
        assert len(pdf) == 1
