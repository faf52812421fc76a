"""A figure that is recovered or assumed is marked wherever it is shown: the pages and papers are walked for them."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.html import strip_tags
from openpyxl import load_workbook

from accounts.roles import Role
from reports.content.agenda import gather_agenda
from reports.content.queries import gather_report
from reports.documents.committee import committee_html
from reports.documents.questionnaire import questionnaire_html
from reports.documents.score_report import score_report_html
from reports.documents.score_tree import ScoreReport
from reports.workbooks.score_report import write_score_workbook
from scoring.engine.queries import get_score_sheet, score_response
from scoring.externals.actions import save_external_score
from scoring.kpi.as_json import serialize_kpi
from scoring.kpi.queries import evaluate_province_kpi, get_past_result
from scoring.management.commands._score_text import write_sheet_lines
from scoring.models import OfficialResult
from scoring.results.fit_queries import get_official_scores
from scoring.results.queries import list_results_before
from scoring.scheme.marked import mark_score, origin_of
from scoring.scheme.wording import format_marked
from survey.models import Response
from tests.committee import make_meeting
from tests.factories import MembershipFactory, ProvinceFactory
from tests.scoring.published import load_published_results
from tests.trial import REAL, Trial, make_trial

# No estimate comes to these: recovered ones begin with 33, the assumed one is 44.44. A difference has its sign.
FIGURE = re.compile(r"(?<![\d.−+])(33\.\d\d|44\.44)(?!\d)(?!\s*%)(?!\s*\((?:คำนวณย้อน|ยังไม่ใช่ผลจริง)\))")
CHART = re.compile(r'<figure class="chart">.*?</figure>', re.DOTALL)


@pytest.fixture
def world(db: None) -> Trial:
    """The real year; every published figure is recovered, every score from outside assumed."""
    province = ProvinceFactory(code="TH-43", region="northeast")
    load_published_results()
    for number, row in enumerate(OfficialResult.objects.filter(year__in=(2566, 2567))):
        OfficialResult.objects.filter(pk=row.pk).update(origin="recovered", score=Decimal(3300 + number % 100) / 100)
    trial = make_trial(REAL, province)
    for code in ("3.3", "4.2", "4.3"):
        save_external_score(
            by=trial.secretariat,
            response=trial.response,
            sub_pillar=code,
            score=Decimal("44.44"),
            source="ตัวอย่าง",
            dated=timezone.localdate(),
            origin="assumed",
        )
    return trial


def assert_marked(html: str, where: str, least: int) -> None:
    """Every such figure outside charts is marked, and there are some; a chart says it in its heading."""
    for chart in CHART.findall(html):
        assert "(คำนวณย้อน)" in chart or not re.search(r"(?<![\d.])33\.\d\d", chart), f"chart on {where}"
    said = re.sub(r"\s+", " ", strip_tags(CHART.sub(" ", html)))
    bare = [said[max(0, m.start() - 60) : m.end() + 30] for m in FIGURE.finditer(said)]
    assert bare == [], where
    assert len(re.findall(r"(?<![\d.])(?:33\.\d\d|44\.44) \(", said)) >= least, where


PAGES = {
    "score/": (Role.SECRETARIAT, 30),
    "score/why/3.3/": (Role.SECRETARIAT, 2),
    "score/why/1.1/": (Role.SECRETARIAT, 1),
    "score/externals/": (Role.SECRETARIAT, 3),
    "years/": (Role.SECRETARIAT, 20),
    "last-year/P5.2/": (Role.SECRETARIAT, 3),
    "plan/": (Role.SECRETARIAT, 0),
    "whatif/": (Role.SECRETARIAT, 0),
    "check/": (Role.SECRETARIAT, 0),
    "brief/": (Role.GOVERNOR, 1),
}


def test_pages_mark_what_is_not_official(world: Trial, client: Client) -> None:
    for page, (role, least) in PAGES.items():
        client.force_login(world.user(role))
        response = client.get(f"/r/{world.response.pk}/{page}", follow=True)
        assert response.status_code == 200, page
        assert_marked(response.content.decode(), page, least)


def test_the_meeting_and_its_paper_mark_them_too(world: Trial, client: Client) -> None:
    meeting = make_meeting(world.secretariat, world.round)
    client.force_login(world.secretariat)
    html = client.get(
        f"/p/{world.province.code}/{world.round.year}/meetings/{meeting.pk}/resolutions/"
    ).content.decode()
    assert_marked(html, "resolutions", 3)
    fresh = Response.objects.select_related("round__province", "round__instrument").get(pk=world.response.pk)
    with translation.override("th"):
        assert_marked(committee_html(gather_agenda(fresh, meeting.pk)), "committee paper", 15)
        assert_marked(questionnaire_html(gather_report(fresh, "th")), "result paper", 3)


def scored_report(world: Trial) -> ScoreReport:
    """The paper "reasons of the score" of the world's answer."""
    fresh = Response.objects.select_related("round__province", "round__instrument").get(pk=world.response.pk)
    scored = score_response(fresh)
    return ScoreReport(fresh, scored.sheet, scored.ranges, None, (), "th")


def test_the_reasons_of_the_score_mark_them_on_paper_and_in_the_workbook(world: Trial, tmp_path: Path) -> None:
    report = scored_report(world)
    assert_marked(score_report_html(report), "reasons", 3)
    write_score_workbook(report, tmp_path / "score.xlsx")
    book = load_workbook(tmp_path / "score.xlsx", read_only=True)
    bare = []
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            if any(isinstance(value, int | float) and abs(value - 44.44) < 0.001 for value in row):
                said = " ".join(str(value) for value in row if isinstance(value, str))
                bare += [] if "ยังไม่ใช่ผลจริง" in said or "คะแนนที่คาดไว้" in said else [(sheet.title, said)]
    assert bare == []


def test_a_fit_marks_a_result_that_was_recovered(world: Trial, client: Client) -> None:
    rows = OfficialResult.objects.filter(year=2567, province=world.province, kind="sub_pillar")
    codes = [sub.code for sub in get_score_sheet(world.response).sub_pillars]
    for row, code in zip(rows, codes, strict=False):
        row.pk, row.year, row.code = None, 2568, code
        row.save(force_insert=True)
    assert set(map(origin_of, get_official_scores(world.response).values())) == {"recovered"}
    client.force_login(MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user)
    page = client.get(f"/r/{world.response.pk}/fit/")
    assert page.status_code == 200
    assert_marked(page.content.decode(), "fit", 1)


def test_what_programs_read_marks_them_too(world: Trial) -> None:
    past = list_results_before(world.province, world.round.year)
    result = next(found for year in past if (found := get_past_result(year)))
    assert origin_of(result.total) == "recovered"
    kpi = evaluate_province_kpi(world.province, get_score_sheet(world.response), past)
    assert kpi is not None
    for part, told in zip(kpi.parts, serialize_kpi(kpi)["parts"], strict=True):
        assert told.get("best_from", "official") == origin_of(part.best)
    lines = list(write_sheet_lines(get_score_sheet(world.response)))
    assert len([line for line in lines if line.endswith("44.44 [assumed]")]) == 3
    assert not [line for line in lines if line.endswith("44.44")]


def test_the_rank_1_total_of_2566_is_not_printed_bare(db: None, client: Client) -> None:
    province = ProvinceFactory(code="TH-43", region="northeast")
    load_published_results()
    trial = make_trial(REAL, province)
    client.force_login(trial.secretariat)
    said = re.sub(r"\s+", " ", strip_tags(client.get(f"/r/{trial.response.pk}/years/").content.decode()))
    assert "72.64 (คำนวณย้อน)" in said
    assert "39.78 (" not in said, "what was printed has no mark"


def test_a_mark_goes_with_the_score_and_not_with_what_is_computed(world: Trial) -> None:
    sheet = get_score_sheet(world.response)
    origins = {sub.code: origin_of(sub.score) for sub in sheet.sub_pillars if sub.external}
    assert set(origins.values()) == {"assumed"}
    assert origin_of(mark_score(Decimal(1), "recovered") + 1) == "official"
    assert mark_score(Decimal(1), "official") is not None
    assert format_marked(None) == "–"
    assert format_marked(Decimal("1.005")) == "1.01"


def test_the_form_asks_whether_it_is_a_result(world: Trial, client: Client) -> None:
    client.force_login(world.secretariat)
    url = f"/r/{world.response.pk}/score/externals/"
    given = {"sub_pillar": "3.3", "score": "50", "source": "หนังสือแจ้งผล", "dated": "1/1/2568", "origin": "official"}
    assert client.post(url, given).status_code == 302
    assert world.response.external_scores.get(sub_pillar="3.3").origin == "official"
    said = strip_tags(client.get(url).content.decode())
    assert "50.00 (" not in re.sub(r"\s+", " ", said)
