"""Papers of one pillar: all that is asked in it, and nothing of another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from reports.content.pillar import pillar_items
from reports.content.queries import gather_report
from reports.documents.agency_papers import assignments_html, blank_html
from reports.documents.score_report import score_report_html
from reports.documents.score_tree import ScoreReport, score_tree
from reports.errors import ReportError
from reports.jobs.choices import PaperChoices
from reports.models import Job, ReportKind
from scoring.engine.queries import score_response
from scoring.headline.queries import read_headline, read_year_results
from survey.models import Assignment, Response
from tests.flow import Flow
from tests.reports.conftest import fresh, read_back, squeezed
from tests.trial import REAL, Trial, make_trial


@pytest.fixture
def real(db: None) -> Trial:
    """The real year, every question assigned to one agency."""
    from tests.factories import AgencyFactory, ProvinceFactory

    trial = make_trial(REAL, ProvinceFactory(code="TH-43"))
    agency = AgencyFactory(province=trial.province, code="PO")
    questions = [trial.question(question.id) for question in trial.compiled.questions]
    Assignment.objects.bulk_create(Assignment(round=trial.round, agency=agency, question=q) for q in questions)
    return trial


def words(html: str) -> str:
    """What a paper says."""
    return squeezed(re.sub(r"<[^>]+>", "", html))


def asked(real: Trial, *, inside: str = "", outside: str = "") -> set[str]:
    """The wordings of the questions in a pillar, or of those in none but others, which no text of it repeats."""
    found = [q for q in real.compiled.questions if (q.pillar == inside if inside else q.pillar != outside)]
    return {squeezed(question.ask.th) for question in found}


@pytest.mark.parametrize("pillar", ["1", "4", "8"])
def test_the_questionnaire_has_every_item_of_it_and_none_of_others(real: Trial, pillar: str) -> None:
    report = gather_report(fresh(real.response), pillar=pillar)
    printed = {line.item for line in report.content.walk()}
    whole = {line.item for line in gather_report(fresh(real.response)).content.walk()}
    assert printed == whole & pillar_items(real.compiled, pillar)
    assert printed == {item.id for item in real.compiled.items.values() if item.pillar == pillar}
    assert report.score is None
    assert all((point.code or "").startswith((f"P{pillar}", "")) for point in report.open_points)
    assert f"ตัวชี้วัดที่ {pillar}" in report.pillar_title
    assert report.name.endswith(f"-p{pillar}")
    assert 0 < report.progress.total < gather_report(fresh(real.response)).progress.total


@pytest.mark.parametrize("make_html", [blank_html, assignments_html])
def test_the_papers_of_agencies_ask_the_same(real: Trial, make_html) -> None:
    response = fresh(real.response)
    for pillar in ("2", "6"):
        told = words(make_html(response, None, "th", pillar))
        missing = {text for text in asked(real, inside=pillar) if text not in told}
        assert missing == set()
        strange = {text for text in asked(real, outside=pillar) if len(text) > 30 and text in told}
        assert strange - asked(real, inside=pillar) == set()
        assert squeezed(f"ตัวชี้วัดที่ {pillar}") in told


def test_the_reasons_are_those_of_its_sub_pillars(real: Trial) -> None:
    response = fresh(real.response)
    scored, headline = score_response(response), read_headline(response, read_year_results(response))
    report = ScoreReport(response, scored.sheet, scored.ranges, None, (), headline=headline, pillar="4")
    (pillar,) = score_tree(report)
    codes = {sub.score.code for sub in pillar.subs}
    assert (pillar.number, codes) == (
        "4",
        {s.code for s in scored.sheet.sub_pillars if s.code.startswith("4.")} & codes,
    )
    assert codes == {sub.code for one in scored.sheet.pillars if one.number == "4" for sub in one.sub_pillars}
    told = words(score_report_html(report))
    for step in headline.steps:
        assert (squeezed(step.text.th) in told) == (step.sub_pillar in codes), step


def test_an_agency_that_answers_nothing_of_it_has_no_paper(real: Trial) -> None:
    Assignment.objects.exclude(question__item_id__startswith="P1").delete()
    agency = Assignment.objects.first().agency  # type: ignore[union-attr]
    for make_html in (blank_html, assignments_html):
        assert squeezed("ตัวชี้วัดที่ 1") in words(make_html(fresh(real.response), agency, "th", "1"))
        with pytest.raises(ReportError) as caught:
            make_html(fresh(real.response), agency, "th", "4")
        assert caught.value.reason == "unassigned"


def test_a_pillar_that_is_not_there(flow: Flow, tmp_path: Path) -> None:
    for kind in ("questionnaire", "blank", "reasons", "evidence-index"):
        where = ["--province", "TH-91", "--year", "2570", "--out", str(tmp_path / "a.pdf")]
        with pytest.raises(CommandError, match="no such part: 99"):
            call_command("report", kind, *where, "--pillar", "99")


@pytest.mark.slow
@pytest.mark.once
def test_the_command_prints_a_pillar(flow: Flow, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    call_command("report", "blank", "--province", "TH-91", "--year", "2570", "--out", str(path), "--pillar", "1")
    assert squeezed("ตัวชี้วัดที่ 1") in squeezed(read_back(path))


# -- by page ---------------------------------------------------------------------------------------


@pytest.fixture
def desk(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The secretariat's; jobs wait."""
    monkeypatch.setattr("reports.jobs.actions.enqueue_job", lambda pk: None)
    client = Client()
    client.force_login(flow.secretariat)
    return client


def test_several_things_may_be_chosen_of_one_paper(flow: Flow, desk: Client) -> None:
    Assignment.objects.create(round=flow.round, agency=flow.people.a1, question=flow.question("T1"))
    page = desk.get(reverse("reports:list", args=[flow.response.pk])).content.decode()
    assert page.count('name="pillar"') == 4
    given = {"kind": "blank", "agency": "A1", "pillar": "1", "version": "7"}
    desk.post(reverse("reports:make", args=[flow.response.pk]), given)
    assert Job.objects.get().params == {"agency": "A1", "pillar": "1"}
    desk.post(reverse("reports:make", args=[flow.response.pk]), {"kind": "reasons", "pillar": "99"})
    assert Job.objects.latest("pk").params == {}


def test_the_questionnaire_of_an_agency_is_a_job_of_its_contribution(flow: Flow, desk: Client) -> None:
    contribution = Response.objects.create(round=flow.round, agency=flow.people.a1)
    given = {"kind": "questionnaire", "agency": "A1", "pillar": "1"}
    answer = desk.post(reverse("reports:make", args=[flow.response.pk]), given)
    job = Job.objects.get()
    assert (job.response, job.params) == (contribution, {"pillar": "1"})
    assert answer["Location"].startswith(reverse("reports:list", args=[contribution.pk]))
    assert (
        PaperChoices(flow.who(Role.COORDINATOR), flow.response).response_of(ReportKind.QUESTIONNAIRE, {"agency": "A2"})
        == flow.response
    )


def test_a_journal_is_asked_for_with_its_filter(flow: Flow, desk: Client) -> None:
    page = desk.get(reverse("survey:province-journal", args=["TH-91"]), {"question": "T1"}).content.decode()
    assert '<input type="hidden" name="question" value="T1">' in page
    given = {"kind": "journal", "question": "T1", "since": "1/6/2568", "until": "x", "scope": "answer"}
    desk.post(reverse("reports:make", args=[flow.response.pk]), given)
    assert Job.objects.get().params == {"question": "T1", "since": "2025-06-01", "scope": "answer"}
    client = Client()
    client.force_login(flow.who(Role.COORDINATOR))
    assert client.post(reverse("reports:make", args=[flow.response.pk]), given).status_code in (403, 404)
