"""One job for the same request: who shares it, what is given again, who takes it back."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from reports import tasks
from reports.jobs import actions as jobs
from reports.jobs import recovery
from reports.jobs.requests import CancelOutcome, cancel_job
from reports.jobs.sameness import GIVEN_AGAIN_FOR
from reports.models import Job, JobState, ReportKind
from scoring.models import OfficialResult
from tests.flow import Flow
from tests.reports.conftest import make_job

RESULT = ReportKind.RESULT


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What would have gone into the queue."""
    keys: list[int] = []
    monkeypatch.setattr(jobs, "enqueue_job", keys.append)
    monkeypatch.setattr(recovery, "enqueue_job", keys.append)
    return keys


def ask(flow: Flow, by: User | None = None, kind: ReportKind = RESULT, **more: object) -> Job:
    return jobs.start_job(by=by or flow.secretariat, kind=kind, response=flow.response, **more)


def end(job: Job, state: JobState = JobState.DONE) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=timezone.now(), sha256="x", stored="jobs/x/1.pdf")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.backends.Backend")
    return client


def askers(job: Job) -> set[int]:
    return set(job.requests.filter(left_at=None).values_list("by", flat=True))


# -- one job ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [RESULT, ReportKind.DGA, ReportKind.BLANK, ReportKind.PLAN])
def test_two_persons_share_the_work(flow: Flow, sent: list[int], kind: ReportKind) -> None:
    first = ask(flow, kind=kind)
    assert ask(flow, flow.governor, kind) == first
    assert (len(sent), askers(first)) == (1, {flow.secretariat.pk, flow.governor.pk})


@pytest.mark.parametrize("kind", [ReportKind.COMMITTEE, ReportKind.MINUTES, ReportKind.LETTERS])
def test_what_depends_on_who_asks_is_not_shared(flow: Flow, sent: list[int], kind: ReportKind) -> None:
    first = ask(flow, kind=kind)
    assert ask(flow, flow.governor, kind) != first
    assert ask(flow, kind=kind) == first


def test_a_change_is_another_request(flow: Flow, sent: list[int]) -> None:
    first = ask(flow)
    flow.fill()
    assert ask(flow) != first


def test_a_made_file_is_given_again(flow: Flow, sent: list[int]) -> None:
    flow.fill()
    first = ask(flow)
    end(first)
    assert ask(flow, flow.governor) == first
    assert askers(first) == {flow.secretariat.pk, flow.governor.pk}
    assert ask(flow, anew=True) != first


def test_a_made_file_is_old_once_anything_printed_changes(flow: Flow, sent: list[int]) -> None:
    flow.fill()
    seen = {}

    def made(what: str) -> None:
        seen[what] = ask(flow).pk
        end(Job.objects.get(pk=seen[what]))

    made("at first")
    figures = {"year": flow.round.year - 1, "kind": "total", "code": "total", "origin": "official", "source": "x"}
    result = OfficialResult.objects.create(province=flow.province, score=50, **figures)
    made("a published result")
    OfficialResult.objects.filter(pk=result.pk).update(score=51)
    made("another score of it")
    flow.round.period_to += timedelta(days=1)
    flow.round.save()
    made("another period")
    flow.approve()
    made("approved")
    assert len(set(seen.values())) == len(seen)
    assert ask(flow).pk == seen["approved"]


@pytest.mark.parametrize("kind", [ReportKind.PLAN, ReportKind.ASSIGNMENTS, ReportKind.BUNDLE])
def test_what_changes_without_the_answer_is_made_anew(flow: Flow, sent: list[int], kind: ReportKind) -> None:
    first = ask(flow, kind=kind)
    end(first)
    assert ask(flow, kind=kind) != first


def test_a_file_is_not_given_again_for_ever(flow: Flow, sent: list[int]) -> None:
    first = ask(flow)
    end(first)
    Job.objects.update(finished_at=timezone.now() - GIVEN_AGAIN_FOR)
    assert ask(flow) != first


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED, JobState.EXPIRED])
def test_what_gave_no_file_is_begun_anew(flow: Flow, sent: list[int], state: JobState) -> None:
    first = ask(flow)
    end(first, state)
    assert ask(flow) != first


def test_the_page_says_when_it_was_made_and_makes_it_anew(flow: Flow, sent: list[int]) -> None:
    desk, make = signed_in(flow.secretariat), reverse("reports:make", args=[flow.response.pk])
    desk.post(make, {"kind": "result"})
    job = Job.objects.get()
    end(job)
    page = desk.post(make, {"kind": "result"}, follow=True)
    assert "สร้างไว้แล้วเมื่อ" in page.content.decode()
    assert "สร้างใหม่" in page.content.decode()
    desk.post(reverse("reports:again", args=[job.public_id]))
    assert Job.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_job(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "enqueue_job", lambda pk: None)
    people = [flow.secretariat, flow.governor, flow.who(Role.COMMITTEE), flow.who(Role.PROVINCE_ADMIN)]
    start, faults = threading.Barrier(len(people)), []

    def asks(person: User) -> None:
        try:
            start.wait(10)
            ask(flow, person)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=asks, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert faults == []
    assert askers(Job.objects.get()) == {person.pk for person in people}


# -- taking it back --------------------------------------------------------------------------------


def test_a_shared_job_stops_when_all_have_left(flow: Flow, sent: list[int]) -> None:
    job = ask(flow)
    ask(flow, flow.governor)
    assert cancel_job(by=flow.secretariat, job=job) is CancelOutcome.LEFT
    assert cancel_job(by=flow.secretariat, job=job) is CancelOutcome.LEFT  # once more changes nothing
    job.refresh_from_db()
    assert (job.state, askers(job)) == (JobState.QUEUED, {flow.governor.pk})
    assert cancel_job(by=flow.governor, job=job) is CancelOutcome.CANCELLED
    job.refresh_from_db()
    assert (job.state, job.cancelled_by) == (JobState.CANCELLED, flow.governor)


def test_who_asks_again_waits_again(flow: Flow, sent: list[int]) -> None:
    job = ask(flow)
    ask(flow, flow.governor)
    cancel_job(by=flow.secretariat, job=job)
    assert ask(flow) == job
    assert askers(job) == {flow.secretariat.pk, flow.governor.pk}


def test_who_manages_the_rounds_stops_it_for_all(flow: Flow, sent: list[int]) -> None:
    manager = flow.who(Role.PROVINCE_ADMIN)
    job = ask(flow)
    ask(flow, flow.governor)
    ask(flow, manager)
    assert cancel_job(by=manager, job=job, manages=True) is CancelOutcome.LEFT
    assert cancel_job(by=manager, job=job, manages=True) is CancelOutcome.CANCELLED


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.SECRETARIAT, True), (Role.PROVINCE_ADMIN, True), (Role.GOVERNOR, False), (Role.COMMITTEE, False)],
)
def test_who_may_take_back_whose(flow: Flow, sent: list[int], role: Role, may: bool) -> None:
    job, client = ask(flow), signed_in(flow.who(role))
    cancel = reverse("reports:cancel", args=[job.public_id])
    assert (cancel in client.get(reverse("reports:job", args=[job.public_id])).content.decode()) == may
    assert client.post(cancel).status_code == (302 if may else 404)
    job.refresh_from_db()
    assert (job.state == JobState.CANCELLED) == may
    if may:
        page = signed_in(flow.governor).get(reverse("reports:job", args=[job.public_id])).content.decode()
        assert f"ยกเลิกโดย {flow.who(role).get_full_name()}" in page


def test_papers_with_opinions_are_not_handed_to_others(flow: Flow) -> None:
    """What the secretariat's paper prints of members' opinions, others may not read before the conclusion."""
    job = make_job(flow, ReportKind.COMMITTEE, state=JobState.DONE, sha256="x", stored="x", file_name="paper.pdf")
    address = reverse("reports:job", args=[job.public_id])
    assert signed_in(flow.secretariat).get(address).status_code == 200
    other = signed_in(flow.who(Role.COMMITTEE))
    assert other.get(address).status_code == 404
    assert other.get(reverse("reports:download", args=[job.public_id])).status_code == 404
    assert address not in other.get(reverse("reports:list", args=[flow.response.pk])).content.decode()


def test_a_failed_job_is_tried_again_with_all_that_was_asked(flow: Flow, sent: list[int]) -> None:
    job = ask(flow, kind=ReportKind.INDEX, params={"pillar": "1"})
    end(job, JobState.FAILED)
    signed_in(flow.secretariat).post(reverse("reports:again", args=[job.public_id]))
    newest = Job.objects.latest("pk")
    assert (newest.pk != job.pk, newest.kind, newest.params) == (True, "index", {"pillar": "1"})


def test_a_draft_is_known_by_its_file(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    flow.fill()
    flow.prove()
    draft = make_job(flow, ReportKind.DGA)
    tasks.run(draft.pk)
    flow.approve()
    approved = make_job(flow, ReportKind.DGA)
    tasks.run(approved.pk)
    kept = {job.pk: job.of_draft for job in Job.objects.all()}
    assert kept == {draft.pk: True, approved.pk: False}
