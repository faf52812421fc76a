"""The page of all files that were asked for: whose, in which order, and that it stays small."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from dgready import middleware
from reports.jobs import expiring
from reports.jobs.queries import with_reader
from reports.models import Job, JobState, ReportKind
from survey.models import Response, Round
from tests.flow import Flow
from tests.reports.conftest import make_job

URL = "/jobs/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.backends.Backend")
    return client


def shown(user: User, query: str = "") -> str:
    return signed_in(user).get(URL + query).content.decode()


def elsewhere(flow: Flow) -> Response:
    """An answer of province b."""
    copy = Round.objects.get(pk=flow.round.pk)
    copy.pk, copy.province = None, flow.people.b
    copy.save()
    return Response.objects.create(round=copy)


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.SECRETARIAT, "all"),
        (Role.GOVERNOR, "all"),
        (Role.PROVINCE_ADMIN, "all"),
        (Role.COMMITTEE, "own"),
    ],
)
def test_whose_files_are_shown(flow: Flow, role: Role, sees: str) -> None:
    reader = flow.who(role)
    other = flow.governor if role is not Role.GOVERNOR else flow.secretariat
    own = make_job(flow, by=reader)
    others = make_job(flow, ReportKind.QUESTIONNAIRE, by=other)
    far = make_job(flow, ReportKind.BLANK, response=elsewhere(flow), by=flow.people.who(Role.SECRETARIAT, "b"))
    page = shown(reader)
    there = {job: str(job.public_id) in page for job in (own, others, far)}
    assert there == {own: True, others: sees == "all", far: False}


def test_a_file_of_a_kind_that_one_may_not_have_is_not_shown(flow: Flow) -> None:
    """Who lost the right to export since does not see the workbook they asked for."""
    job = make_job(flow, ReportKind.DGA, by=flow.who(Role.COMMITTEE))
    assert str(job.public_id) not in shown(flow.who(Role.COMMITTEE))


def test_who_joined_sees_it(flow: Flow) -> None:
    member = flow.who(Role.COMMITTEE)
    job = make_job(flow)
    job.requests.create(by=flow.secretariat, at=job.created_at)
    job.requests.create(by=member, at=job.created_at)
    page = shown(member)
    assert "มีผู้รอไฟล์นี้ 2 คน" in page
    assert reverse("reports:cancel", args=[job.public_id]) in page


def test_filters(flow: Flow) -> None:
    jobs = {state: make_job(flow, state=state, message="เหตุผล", sha256="x") for state in JobState}
    shown_by_filter = {
        "": set(JobState),
        "active": {JobState.QUEUED, JobState.RUNNING},
        "done": {JobState.DONE},
        "failed": {JobState.FAILED},
        "ended": {JobState.CANCELLED, JobState.EXPIRED},
        "nonsense": set(JobState),
    }
    for key, states in shown_by_filter.items():
        page = shown(flow.secretariat, f"?state={key}")
        assert {state for state, job in jobs.items() if f'id="job-{job.public_id}"' in page} == states, key
    assert "หมดอายุแล้ว ขอใหม่ได้" in shown(flow.secretariat, "?state=ended")
    assert "เหตุผล" in shown(flow.secretariat, "?state=failed")


def test_place_in_the_queue(flow: Flow) -> None:
    """In the order of asking, whoever is being made; one that is put off has no place until its time."""
    now = timezone.now()

    def asked(minutes: int, **more: object) -> Job:
        return make_job(flow, created_at=now - timedelta(minutes=minutes), **more)

    running = [asked(9, state=JobState.RUNNING), asked(8, state=JobState.RUNNING)]
    put_off = asked(7, next_try_at=now + timedelta(minutes=5))
    first, second = asked(6), asked(5)
    same_moment = [asked(4), asked(4)]
    places = {job.pk: job.queue_place for job in with_reader(Job.objects.all(), flow.secretariat)}
    waiting = [first, second, same_moment[0], make_same(same_moment)]
    assert [places[job.pk] for job in waiting] == [1, 2, 3, 4]
    assert [places[job.pk] for job in (*running, put_off)] == [None] * 3
    assert "ลำดับที่ 2" in shown(flow.secretariat)


def make_same(jobs: list[Job]) -> Job:
    """The second of two jobs that were asked for in the same moment."""
    Job.objects.filter(pk=jobs[1].pk).update(created_at=jobs[0].created_at)
    return jobs[1]


@pytest.mark.slow
@pytest.mark.once
def test_ten_thousand_jobs_make_one_small_page(flow: Flow, django_assert_max_num_queries) -> None:
    now = timezone.now()
    states = [*JobState, JobState.DONE, JobState.DONE]
    Job.objects.bulk_create(
        Job(
            kind=ReportKind.RESULT,
            response=flow.response,
            by=flow.governor if number % 3 else flow.secretariat,
            state=states[number % len(states)],
            sha256="x",
            file_name="a.pdf",
            created_at=now - timedelta(minutes=number),
            beat_at=now,
            finished_at=now,
        )
        for number in range(10_000)
    )
    desk = signed_in(flow.secretariat)
    desk.get(URL)
    for query in ("", "?page=9999", "?state=active&page=50"):
        begun = time.process_time()
        with django_assert_max_num_queries(10):
            page = desk.get(URL + query)
        print(f"{query}: {time.process_time() - begun:.2f} CPU-s here, {len(page.content)} bytes")
        assert len(page.content) < 150_000
        assert page.content.count(b'<li id="job-') in range(1, 26)


@pytest.mark.parametrize("address", [URL, "job"])
def test_asking_for_progress_prolongs_no_session(flow: Flow, address: str) -> None:
    """Nobody may be there: a page left open must not keep a person signed in."""
    desk, job = signed_in(flow.secretariat), make_job(flow)
    address = reverse("reports:job", args=[job.public_id]) if address == "job" else address
    desk.get(address)
    session = desk.session
    session[middleware.LAST_EXTENDED_KEY] = old = session[middleware.LAST_EXTENDED_KEY] - middleware.EXTEND_INTERVAL
    session.save()
    answer = desk.get(address, headers={"HX-Request": "true"})
    assert desk.session[middleware.LAST_EXTENDED_KEY] == old
    assert "no-store" in answer["Cache-Control"]
    desk.get(address)
    assert desk.session[middleware.LAST_EXTENDED_KEY] > old


def test_the_list_asks_again_only_while_something_is_waited_for(flow: Flow) -> None:
    job = make_job(flow)
    desk = signed_in(flow.secretariat)
    part = desk.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in part, 'hx-trigger="every 4s"' in part, "every 1500ms" in part) == (False, True, False)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, sha256="x")
    part = desk.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert ("hx-trigger" in part, "เสร็จทุกงานแล้ว" in part) == (False, True)


def test_taking_back_leads_to_where_it_was_pressed(flow: Flow) -> None:
    job = make_job(flow)
    answer = signed_in(flow.secretariat).post(reverse("reports:cancel", args=[job.public_id]), {"from": "jobs"})
    assert answer["Location"] == URL


def test_it_is_linked_where_files_are(flow: Flow) -> None:
    listing = signed_in(flow.secretariat).get(reverse("reports:list", args=[flow.response.pk])).content.decode()
    assert listing.count(f'href="{URL}"') == 2  # the header's and the page's own
    assert f'href="{URL}"' not in signed_in(flow.people.who(Role.COORDINATOR)).get("/").content.decode()


# -- how long files are kept -----------------------------------------------------------------------


def made(flow: Flow, days: int, **more: object) -> Job:
    """A job that was done so many days ago, with its file."""
    job = make_job(flow, state=JobState.DONE, sha256="x", finished_at=timezone.now() - timedelta(days=days), **more)
    job.stored = default_storage.save(f"jobs/{job.public_id}/1.pdf", ContentFile(b"x"))
    job.save(update_fields=["stored"])
    return job


def test_files_of_drafts_go_after_a_while_and_rows_stay(flow: Flow, settings) -> None:
    settings.JOB_FILE_DAYS = 30
    old, young = made(flow, 31, of_draft=True), made(flow, 29, of_draft=True)
    approved = made(flow, 400)
    assert expiring.sweep_expired_files(timezone.now()) == 1
    assert expiring.sweep_expired_files(timezone.now()) == 0
    there = {job: default_storage.exists(job.stored) for job in (old, young, approved)}
    assert there == {old: False, young: True, approved: True}
    old.refresh_from_db()
    assert (old.state, old.stored, old.sha256) == (JobState.EXPIRED, "", "x")
    desk = signed_in(flow.secretariat)
    assert desk.get(reverse("reports:download", args=[old.public_id])).status_code == 404
    page = desk.get(URL).content.decode()
    assert "เก็บไว้ตลอด" in page
    assert "เก็บไว้ถึง" in page
    assert "ขอใหม่" in page


def test_zero_days_keep_all(flow: Flow, settings) -> None:
    settings.JOB_FILE_DAYS = 0
    job = made(flow, 4000, of_draft=True)
    assert expiring.sweep_expired_files(timezone.now()) == 0
    assert job.kept_until is None


def test_a_sweep_that_was_broken_off_is_finished(flow: Flow, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.JOB_FILE_DAYS = 30
    job = made(flow, 31, of_draft=True)

    def silent(name: str) -> None:
        raise OSError("store")

    delete = expiring.delete_job_file
    monkeypatch.setattr(expiring, "delete_job_file", silent)
    with pytest.raises(OSError, match="store"):
        expiring.sweep_expired_files(timezone.now())
    monkeypatch.setattr(expiring, "delete_job_file", delete)
    job.refresh_from_db()
    assert job.state == JobState.EXPIRED
    assert expiring.sweep_expired_files(timezone.now()) == 1
    assert not default_storage.exists(job.stored)
