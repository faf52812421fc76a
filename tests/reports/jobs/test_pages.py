"""The page of papers: making, watching, downloading, and who may."""

from __future__ import annotations

import re

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent, User
from accounts.roles import Role
from reports.models import Download, Job, JobState, ReportKind
from scoring.models import OfficialResult
from survey.approval import actions as workflow
from survey.models import Assignment, Response
from tests.factories import AgencyFactory
from tests.flow import Flow
from tests.reports.conftest import make_job
from tests.second_factors import remember


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(flow: Flow) -> Client:
    """The secretariat's."""
    return signed_in(flow.secretariat)


def listing(flow: Flow) -> str:
    return reverse("reports:list", args=[flow.response.pk])


def make(flow: Flow) -> str:
    return reverse("reports:make", args=[flow.response.pk])


def url(name: str, job: Job) -> str:
    return reverse(f"reports:{name}", args=[job.public_id])


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    keys: list[int] = []
    monkeypatch.setattr("reports.jobs.actions.enqueue_job", keys.append)
    return keys


def test_make_and_watch(flow: Flow, desk: Client, queued: list[int]) -> None:
    answer = desk.post(make(flow), {"kind": "result"})
    job = Job.objects.get()
    assert queued == [job.pk]
    assert (job.by, job.kind, job.response) == (flow.secretariat, ReportKind.RESULT, flow.response)
    assert answer["Location"] == f"{listing(flow)}#job-{job.public_id}"
    page = desk.get(listing(flow)).content.decode()
    assert f'hx-get="{url("job", job)}"' in page
    assert "<progress" in page
    assert "ดูความคืบหน้าล่าสุด" in page


def test_kinds_by_capability(flow: Flow, queued: list[int]) -> None:
    committee = signed_in(flow.who(Role.COMMITTEE))
    page = committee.get(listing(flow)).content.decode()
    assert 'value="result"' in page
    assert 'value="dga"' not in page
    assert committee.post(make(flow), {"kind": "dga"}).status_code == 404
    assert committee.post(make(flow), {"kind": "result"}).status_code == 302
    excel = make_job(flow, ReportKind.DGA)
    assert committee.get(url("job", excel)).status_code == 404
    assert committee.get(url("download", excel)).status_code == 404
    assert str(excel.public_id) not in committee.get(listing(flow)).content.decode()


def test_what_may_be_chosen_of_a_paper(flow: Flow, desk: Client, queued: list[int]) -> None:
    agency = flow.people.a1
    Assignment.objects.create(round=flow.round, agency=agency, question=flow.question("T1"))
    earlier = {"year": flow.round.year - 1, "kind": "total", "code": "total", "score": 50, "origin": "official"}
    OfficialResult.objects.create(province=flow.province, source="x", **earlier)
    version = flow.approve()
    workflow.reopen_response(by=flow.governor, response=flow.response, reason="แก้ไข")
    page = desk.get(listing(flow)).content.decode()
    assert f'<option value="{agency.code}">' in page
    assert f'<option value="{flow.round.year - 1}">' in page
    for kind, given, params in (
        ("blank", {"agency": agency.code}, {"agency": agency.code}),
        ("blank", {"agency": "NOBODY"}, {}),
        ("result", {"year": str(flow.round.year - 1)}, {"year": flow.round.year - 1}),
        ("result", {"year": "2444"}, {}),
        ("questionnaire", {"version": str(version.number)}, {"version": version.number}),
        ("questionnaire", {"version": "9"}, {}),
    ):
        desk.post(make(flow), {"kind": kind, **given})
        assert Job.objects.latest("pk").params == params, (kind, given)


@pytest.mark.parametrize("kind", ["", "x", "RESULT"])
def test_no_such_kind(flow: Flow, desk: Client, kind: str) -> None:
    assert desk.post(make(flow), {"kind": kind}).status_code == 404


def test_line_of_a_running_job_asks_again(flow: Flow, desk: Client) -> None:
    job = make_job(flow, state=JobState.RUNNING, done=40, total=100)
    line = desk.get(url("job", job), headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1500ms"' in line
    assert 'value="40"' in line
    assert "<html" not in line
    assert "<html" in desk.get(url("job", job)).content.decode()


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED, JobState.DONE])
def test_line_of_an_ended_job_rests(flow: Flow, desk: Client, state: JobState) -> None:
    job = make_job(flow, state=state, message="เหตุผลที่ไม่สำเร็จ", sha256="ab")
    line = desk.get(url("job", job), headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in line
    assert 'hx-swap-oob="innerHTML"' in line
    assert ("เหตุผลที่ไม่สำเร็จ" in line) == (state is not JobState.CANCELLED)
    assert ("ลองใหม่" in line) == (state is not JobState.DONE)


def test_cancel(flow: Flow, desk: Client) -> None:
    job = make_job(flow)
    assert desk.post(url("cancel", job))["Location"] == listing(flow)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert "จบแล้ว" in desk.post(url("cancel", job), follow=True).content.decode()


def test_download_is_noted_and_sandboxed(done_job: Job, desk: Client, flow: Flow) -> None:
    answer = desk.get(url("download", done_job))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 made"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    note = Download.objects.get()
    assert (note.job, note.by) == (done_job, flow.secretariat)
    page = desk.get(listing(flow)).content.decode()
    assert "ผลประเมิน.pdf" in page
    assert done_job.sha256[:16] in page


def test_only_a_get_is_a_download(done_job: Job, desk: Client) -> None:
    assert desk.head(url("download", done_job)).status_code == 405
    assert not Download.objects.exists()


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.FAILED, JobState.CANCELLED])
def test_no_file_before_it_is_done(flow: Flow, desk: Client, state: JobState) -> None:
    assert desk.get(url("download", make_job(flow, state=state))).status_code == 404


def test_a_file_that_is_lost(done_job: Job, desk: Client) -> None:
    default_storage.delete(done_job.stored)
    reply = desk.get(url("download", done_job))
    assert reply.status_code == 503
    assert "ไม่พบไฟล์" in reply.content.decode()
    assert not Download.objects.exists()


def test_others_find_nothing(done_job: Job, flow: Flow) -> None:
    strangers = [flow.people.who(Role.SECRETARIAT, "b"), flow.people.who(Role.COORDINATOR), flow.people.nobody]
    for stranger in strangers:
        client = signed_in(stranger)
        for address in (listing(flow), url("job", done_job), url("download", done_job)):
            assert client.get(address).status_code in (403, 404)


def test_draft_is_announced(flow: Flow, desk: Client) -> None:
    assert "ฉบับร่าง" in desk.get(listing(flow)).content.decode()
    flow.approve()
    assert "ฉบับร่าง" not in desk.get(listing(flow)).content.decode()


def test_queries_do_not_grow_with_the_jobs(flow: Flow, desk: Client, django_assert_max_num_queries) -> None:
    desk.get(listing(flow))
    job = make_job(flow, state=JobState.DONE, sha256="ab")
    Download.objects.create(job=job, by=flow.secretariat, at=job.created_at)
    with django_assert_max_num_queries(9) as one:
        desk.get(listing(flow))
    for person in (flow.governor, flow.who(Role.COMMITTEE), flow.secretariat):
        job = make_job(flow, by=person, state=JobState.DONE, sha256="ab")
        Download.objects.create(job=job, by=person, at=job.created_at)
    with django_assert_max_num_queries(9) as many:
        desk.get(listing(flow))
    assert len(many.captured_queries) == len(one.captured_queries)


def test_polling_is_cheap(flow: Flow, desk: Client, django_assert_max_num_queries) -> None:
    job = make_job(flow)
    desk.get(url("job", job))
    with django_assert_max_num_queries(4):
        desk.get(url("job", job), headers={"HX-Request": "true"})


def test_reasons_are_the_provinces_and_in_the_readers_language(flow: Flow, desk: Client, queued: list[int]) -> None:
    desk.post(make(flow), {"kind": "reasons"}, headers={"accept-language": "en"})
    assert Job.objects.get().params == {"language": "en"}
    own = Response.objects.create(round=flow.round, agency=AgencyFactory(province=flow.round.province))
    assert desk.post(reverse("reports:make", args=[own.pk]), {"kind": "reasons"}).status_code == 404
    assert 'value="reasons"' not in desk.get(reverse("reports:list", args=[own.pk])).content.decode()


@pytest.mark.parametrize(
    ("kind", "params"), [("questionnaire", {"language": "en"}), ("blank", {"language": "en"}), ("dga", {})]
)
def test_papers_speak_the_readers_language_but_to_dga(
    flow: Flow, desk: Client, queued: list[int], kind: str, params: dict[str, str]
) -> None:
    desk.post(make(flow), {"kind": kind}, headers={"accept-language": "en"})
    assert Job.objects.get().params == params


@pytest.mark.parametrize("kind", [ReportKind.DGA, ReportKind.BUNDLE, ReportKind.RESULT], ids=str)
def test_what_holds_everything_asks_again_and_is_told(done_job: Job, desk: Client, kind: ReportKind) -> None:
    Job.objects.filter(pk=done_job.pk).update(kind=kind)
    link = re.search(rf'href="{url("download", done_job)}"([^>]*)>', desk.get(url("job", done_job)).content.decode())
    assert link is not None
    assert ("download" in link[1].split()) is not kind.holds_everything
    remember(desk, minutes_ago=11)
    answer = desk.get(url("download", done_job))
    b"".join(answer.streaming_content if answer.streaming else [])
    assert answer.get("Location", "").startswith("/accounts/second-factor/again/") is kind.holds_everything
    remember(desk, minutes_ago=9)
    file = desk.get(url("download", done_job))
    assert b"".join(file.streaming_content)
    assert AccountEvent.objects.filter(verb="download_file").exists() is kind.holds_everything


def test_journal_and_workbook_of_a_province_ask_again(flow: Flow, desk: Client) -> None:
    code, year = flow.response.round.province.code, flow.response.round.year
    for address in (
        reverse("survey:province-journal-export", args=[code, "csv"]),
        reverse("reports:bulk-file", args=[code, year]),
    ):
        remember(desk, minutes_ago=11)
        assert desk.get(address)["Location"].startswith("/accounts/second-factor/again/"), address
        remember(desk, minutes_ago=9)
        assert desk.get(address).status_code == 200, address
    told = AccountEvent.objects.filter(province=flow.response.round.province).values_list("verb", flat=True)
    assert {"export_file", "download_file"} <= set(told)
