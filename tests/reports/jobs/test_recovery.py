"""Jobs whose message is lost, whose worker is killed, or for which the store does not answer."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ConnectTimeoutError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dgready import publishing
from dgready.celery import app
from dgready.thai import format_datetime
from reports import tasks
from reports.jobs import actions as jobs
from reports.jobs import heartbeat, makers, recovery, store
from reports.models import Job, JobState, ReportKind
from tests.flow import Flow
from tests.reports.conftest import make_job


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What would have gone into the queue."""
    keys: list[int] = []
    monkeypatch.setattr(jobs, "enqueue_job", keys.append)
    monkeypatch.setattr(recovery, "enqueue_job", keys.append)
    return keys


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Files are made at once; the jobs that asked for one."""
    asked: list[Job] = []

    def make(job: Job, path: Path, progress: jobs.ProgressReporter) -> str:
        asked.append(job)
        path.write_bytes(b"%PDF-1.7 made")
        return "made.pdf"

    monkeypatch.setattr(makers, "make_job_file", make)
    return asked


class SilentStore:
    """A store that answers nothing in time."""

    def save(self, name: str, content: object = None) -> str:
        raise ConnectTimeoutError(endpoint_url="http://store")

    open = save


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    with monkeypatch.context() as patched:
        patched.setattr(store, "default_storage", SilentStore())
        yield patched


def ago(**span: float) -> object:
    return timezone.now() - timedelta(**span)


def again(job: Job) -> Job:
    job.refresh_from_db()
    return job


def due(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(next_try_at=timezone.now())


# -- the broker -----------------------------------------------------------------------------------


class Away:
    """A broker that refuses, and counts who asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = 0
        monkeypatch.setattr(publishing, "_broker", publishing._Broker())
        monkeypatch.setattr(app, "send_task", self.refuse)
        monkeypatch.setattr("celery.canvas.Signature.apply_async", self.refuse)

    def refuse(self, *args: object, **options: object) -> None:
        self.asked += 1
        raise ConnectionRefusedError("no broker")


def test_without_a_broker_the_request_succeeds_and_the_row_waits(
    flow: Flow, monkeypatch: pytest.MonkeyPatch, client: Client, django_capture_on_commit_callbacks
) -> None:
    away = Away(monkeypatch)
    client.force_login(flow.secretariat)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("reports:make", args=[flow.response.pk]), {"kind": "dga"}).status_code == 302
        client.post(reverse("reports:make", args=[flow.response.pk]), {"kind": "result"})
    assert away.asked == 1  # the second did not wait for it again
    assert Job.objects.filter(state=JobState.QUEUED).count() == 2


def rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker's rest is over; moved, not slept through, since between two calls any time may pass."""
    over = publishing._broker._away_until - publishing.REST_SECONDS
    monkeypatch.setattr(publishing._broker, "_away_until", max(over - 1, 1e-9))


def test_after_its_rest_the_broker_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    away = Away(monkeypatch)
    assert not publishing.publish("reports.tasks.sweep")
    assert not publishing.publish("reports.tasks.sweep")
    rest(monkeypatch)
    assert not publishing.publish("reports.tasks.sweep")
    assert away.asked == 2
    rest(monkeypatch)
    monkeypatch.setattr("celery.canvas.Signature.apply_async", lambda *args, **options: None)
    assert [publishing.publish("reports.tasks.sweep") for _n in range(2)] == [True, True]


def test_a_lost_message_is_sent_again_within_a_minute(flow: Flow, sent: list[int]) -> None:
    job = make_job(flow)
    seconds = 0
    while not sent and seconds < 120:
        seconds += tasks.SWEEP_SECONDS
        recovery.requeue_lost_jobs(timezone.now() + timedelta(seconds=seconds))
    assert (sent, seconds <= 60) == ([job.pk], True)
    recovery.requeue_lost_jobs(timezone.now() + timedelta(seconds=tasks.SWEEP_SECONDS))
    assert sent == [job.pk]  # not with every sweep


def test_a_killed_workers_job_is_sent_again_within_a_minute(flow: Flow, sent: list[int]) -> None:
    assert (jobs.STALE_AFTER + timedelta(seconds=tasks.SWEEP_SECONDS)) < timedelta(minutes=1)
    assert timedelta(seconds=3 * heartbeat.BEAT_SECONDS) < jobs.STALE_AFTER
    job = make_job(flow, state=JobState.RUNNING, attempts=1, beat_at=timezone.now() - jobs.STALE_AFTER)
    recovery.requeue_lost_jobs(timezone.now() + timedelta(seconds=1))
    assert (sent, again(job).state) == ([job.pk], JobState.QUEUED)


def test_a_long_queue_is_not_doubled(flow: Flow, sent: list[int]) -> None:
    for number in range(recovery.RESENT_AT_ONCE + 5):
        make_job(flow, params={"n": number}, beat_at=ago(minutes=5))
    recovery.requeue_lost_jobs()
    assert len(sent) == recovery.RESENT_AT_ONCE


@pytest.mark.django_db(transaction=True)
def test_the_heart_beats_while_the_maker_says_nothing(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.05)
    job = jobs.claim_job(make_job(flow).pk)
    assert job is not None
    Job.objects.update(beat_at=ago(seconds=39))
    with heartbeat.beating(job):
        end = time.monotonic() + 10
        while again(job).beat_at < ago(seconds=5) and time.monotonic() < end:
            time.sleep(0.05)
    assert job.beat_at > ago(seconds=5)


# -- the store ------------------------------------------------------------------------------------


def test_a_silent_store_is_waited_out_with_growing_pauses(
    flow: Flow, made: list[Job], silent: pytest.MonkeyPatch, sent: list[int]
) -> None:
    job, pauses = make_job(flow), []
    for _turn in range(9):
        tasks.run(job.pk)
        assert again(job).state == JobState.QUEUED
        pauses.append(round((job.next_try_at - job.beat_at).total_seconds()))
        tasks.run(job.pk)  # a second message does not shorten the pause
        due(job)
    assert pauses == [15, 30, 60, 120, 240, 480, 900, 900, 900]
    assert len(made) == 9
    recovery.requeue_lost_jobs()
    assert sent == [job.pk]
    silent.undo()
    tasks.run(job.pk)
    assert (again(job).state, job.waiting_since) == (JobState.DONE, None)


def test_after_a_day_it_is_given_up(flow: Flow, made: list[Job], silent: pytest.MonkeyPatch) -> None:
    job = make_job(flow, waiting_since=ago(hours=25))
    tasks.run(job.pk)
    assert again(job).state == JobState.FAILED
    assert "คลังไฟล์ไม่ตอบ" in job.message


def test_the_page_says_when_it_is_tried_again(flow: Flow, made: list, silent: object, client: Client) -> None:
    job = make_job(flow)
    tasks.run(job.pk)
    client.force_login(flow.secretariat)
    page = client.get(reverse("reports:job", args=[job.public_id])).content.decode()
    assert "คลังไฟล์ยังไม่ตอบ จะลองใหม่เวลา" in page
    assert format_datetime(timezone.localtime(again(job).next_try_at), "th", "short") in page
    assert reverse("reports:again", args=[job.public_id]) in page


# -- asking again ---------------------------------------------------------------------------------


def ask(flow: Flow) -> Job:
    return jobs.start_job(by=flow.secretariat, kind=ReportKind.RESULT, response=flow.response)


@pytest.mark.parametrize(
    "state",
    [
        {"state": JobState.RUNNING, "attempts": 3, "beat_at": 50},
        {"state": JobState.QUEUED, "created_at": 70},
        {"state": JobState.QUEUED, "attempts": 9, "waits": 9, "waiting_since": 3600, "next_try_at": -600},
    ],
)
def test_a_stuck_job_is_started_anew(flow: Flow, sent: list[int], made: list[Job], state: dict) -> None:
    values = {key: ago(seconds=value) if key.endswith(("_at", "since")) else value for key, value in state.items()}
    job = make_job(flow, done=40, total=100, **values)
    asked = ask(flow)
    assert (asked.pk, sent) == (job.pk, [job.pk])
    assert (asked.state, asked.percent, asked.next_try_at) == (JobState.QUEUED, 0, None)
    assert asked.created_at > ago(seconds=10)
    tasks.run(job.pk)
    assert again(job).state == JobState.DONE


def test_a_job_that_is_made_or_waits_its_turn_is_shown(flow: Flow, sent: list[int]) -> None:
    job = make_job(flow, created_at=ago(minutes=5))
    make_job(flow, ReportKind.DGA, state=JobState.RUNNING, attempts=1)  # the worker lives and is busy
    assert (ask(flow).pk, sent) == (job.pk, [])
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1)
    assert (ask(flow).pk, sent) == (job.pk, [])


def test_a_worker_that_wakes_up_loses_the_job_that_was_started_anew(flow: Flow, sent: list[int]) -> None:
    first = jobs.claim_job(make_job(flow).pk)
    assert first is not None
    Job.objects.update(beat_at=ago(seconds=50))
    ask(flow)
    second = jobs.claim_job(first.pk)
    assert second is not None
    assert not jobs.finish_job(first, file_name="a", stored="a", size=1, sha256="a")
    assert jobs.finish_job(second, file_name="b", stored="b", size=1, sha256="b")


def test_trying_again_keeps_what_was_asked_for(flow: Flow, sent: list[int], client: Client) -> None:
    failed = make_job(flow, ReportKind.MINUTES, state=JobState.FAILED, params={"meeting": 7}, message="ไม่สำเร็จ")
    client.force_login(flow.secretariat)
    page = client.get(reverse("reports:job", args=[failed.public_id])).content.decode()
    assert reverse("reports:again", args=[failed.public_id]) in page
    answer = client.post(reverse("reports:again", args=[failed.public_id]))
    started = Job.objects.exclude(pk=failed.pk).get()
    assert (started.kind, started.params, started.state) == (failed.kind, {"meeting": 7}, JobState.QUEUED)
    assert answer["Location"] == reverse("reports:job", args=[started.public_id])
