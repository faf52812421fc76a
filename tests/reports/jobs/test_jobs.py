"""Jobs from the first click to the file, and everything that can go wrong on the way."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.utils import timezone

from reports import tasks
from reports.errors import ReportError
from reports.jobs import actions as jobs
from reports.jobs import makers, recovery
from reports.jobs.requests import CancelOutcome, cancel_job
from reports.models import Job, JobState, ReportKind
from scoring.kpi.registry import load_kpi_schemes
from scoring.models import ActionPlan
from survey.models import Assignment
from tests.committee import endorsed, today
from tests.flow import Flow
from tests.reports.conftest import make_job
from tests.reports.jobs.asked import params_of

BODY = b"%PDF-1.7 made"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Files are made at once; the jobs that asked for one."""
    asked: list[Job] = []

    def make(job: Job, path: Path, progress: jobs.ProgressReporter) -> str:
        asked.append(job)
        progress(50, 100)
        path.write_bytes(BODY)
        return "made.pdf"

    monkeypatch.setattr(makers, "make_job_file", make)
    return asked


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def make(job: Job, path: Path, progress: jobs.ProgressReporter) -> str:
        raise error

    monkeypatch.setattr(makers, "make_job_file", make)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What would have gone into the queue."""
    keys: list[int] = []
    monkeypatch.setattr(jobs, "enqueue_job", keys.append)
    monkeypatch.setattr(recovery, "enqueue_job", keys.append)
    return keys


def again(job: Job) -> Job:
    job.refresh_from_db()
    return job


# -- starting --------------------------------------------------------------------------------------


def test_start_waits_for_the_transaction(
    flow: Flow, quick: list, eager: None, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        job = jobs.start_job(by=flow.secretariat, kind=ReportKind.RESULT, response=flow.response)
        assert again(job).state == JobState.QUEUED
        assert quick == []
    assert len(callbacks) == 1
    assert again(job).state == JobState.DONE


def test_a_second_click_gets_the_same_job(flow: Flow, sent: list[int]) -> None:
    first = jobs.start_job(by=flow.secretariat, kind=ReportKind.RESULT, response=flow.response)
    assert jobs.start_job(by=flow.secretariat, kind=ReportKind.RESULT, response=flow.response) == first
    assert jobs.start_job(by=flow.secretariat, kind=ReportKind.DGA, response=flow.response) != first
    assert len(sent) == 2


# -- the way to the file ---------------------------------------------------------------------------


def test_done(flow: Flow, quick: list[Job]) -> None:
    job = make_job(flow)
    before = set(Path(settings.UPLOAD_DIR).iterdir())  # which other tests of the process share
    tasks.run(job.pk)
    again(job)
    assert (job.state, job.attempts, job.percent) == (JobState.DONE, 1, 100)
    assert (job.file_name, job.size, job.sha256) == ("made.pdf", len(BODY), hashlib.sha256(BODY).hexdigest())
    assert job.finished_at
    with default_storage.open(job.stored) as file:
        assert file.read() == BODY
    left = set(Path(settings.UPLOAD_DIR).iterdir()) - before
    assert {file for file in left if not file.name.startswith(".")} == set()  # hidden are the evidence store's own


@pytest.mark.slow
@pytest.mark.parametrize("kind", ReportKind)
def test_real_files(filled_flow: Flow, kind: ReportKind, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind is ReportKind.KPI:
        judge_by_newest_kpi(filled_flow, monkeypatch)
    if kind is ReportKind.CERTIFICATE:
        filled_flow.approve()
    if kind in (ReportKind.ASSIGNMENTS, ReportKind.LETTERS):
        assign(filled_flow)
    if kind.is_of_meeting:
        endorsed(filled_flow.secretariat, filled_flow.round)
    plan = {"plan": make_plan(filled_flow)} if kind.is_of_plan else {}
    job = make_job(filled_flow, kind, params=params_of(kind, filled_flow, plan))
    tasks.run(job.pk)
    again(job)
    assert (job.state, job.message) == (JobState.DONE, "")
    with default_storage.open(job.stored) as file:
        assert file.read(4) == (b"%PDF" if kind.media_type == "application/pdf" else b"PK\x03\x04")


def judge_by_newest_kpi(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest KPI of OPDC judges the made-up year, which has none of its own."""
    newest = replace(load_kpi_schemes()[0], framework=flow.round.year)
    monkeypatch.setattr("scoring.kpi.registry.load_kpi_schemes", lambda: (newest,))


def assign(flow: Flow) -> None:
    """A question that an agency answers."""
    Assignment.objects.create(round=flow.round, agency=flow.people.a1, question=flow.question("T1"))


def make_plan(flow: Flow) -> int:
    """An adopted plan of the response."""
    values = {"made_by": flow.secretariat, "made_at": timezone.now(), "name": "แผน", "made": {}}
    return ActionPlan.objects.create(response=flow.response, **values).pk


@pytest.fixture
def filled_flow(flow: Flow) -> Flow:
    """Answered and proven."""
    flow.fill()
    flow.prove()
    return flow


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.CANCELLED])
def test_an_ended_job_is_not_done_again(flow: Flow, quick: list[Job], state: JobState) -> None:
    job = make_job(flow, state=state, sha256="x")
    tasks.run(job.pk)
    assert quick == []
    assert again(job).state == state


def test_a_job_that_is_gone(db: None, quick: list[Job]) -> None:
    tasks.run(4711)
    assert quick == []


def test_two_messages_make_one_file(flow: Flow, quick: list[Job]) -> None:
    job = make_job(flow)
    tasks.run(job.pk)
    tasks.run(job.pk)
    assert len(quick) == 1


# -- progress --------------------------------------------------------------------------------------


def test_progress_is_written_at_most_twice_a_second(flow: Flow, django_assert_num_queries) -> None:
    job = jobs.claim_job(make_job(flow).pk)
    now = [0.0]
    report = jobs.progress_reporter(job, clock=lambda: now[0])
    with django_assert_num_queries(3):
        for step in range(100):
            now[0] = step / 100
            report(step, 100)
        now[0] = 1.01
        report(100, 100)
    assert again(job).percent == 100


def test_progress_never_shows_more_than_all(flow: Flow) -> None:
    job = jobs.claim_job(make_job(flow).pk)
    jobs.progress_reporter(job)(120, 100)
    assert again(job).percent == 100


# -- failing ---------------------------------------------------------------------------------------


def test_a_known_fault_is_said_in_thai(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ReportError("frozen"))
    job = make_job(flow)
    tasks.run(job.pk)
    assert again(job).state == JobState.FAILED
    assert job.message.startswith("เนื้อหาฉบับที่อนุมัติ")


def test_an_unknown_fault_has_a_code_and_no_inside(flow: Flow, monkeypatch, caplog) -> None:
    failing(monkeypatch, KeyError("secret inside"))
    job = make_job(flow)
    tasks.run(job.pk)
    assert again(job).state == JobState.FAILED
    assert job.public_id.hex[:8] in job.message
    assert "secret" not in job.message
    assert "secret inside" in caplog.text


@pytest.mark.parametrize("fault", [OSError("disk"), OperationalError("locked")])
def test_a_passing_fault_is_tried_again(flow: Flow, quick: list, monkeypatch, fault: Exception) -> None:
    made = makers.make_job_file
    failing(monkeypatch, fault)
    job = make_job(flow)
    tasks.run(job.pk)
    assert again(job).state == JobState.QUEUED
    assert job.next_try_at - job.beat_at == recovery.RETRY_PAUSE
    monkeypatch.setattr(makers, "make_job_file", made)
    tasks.run(job.pk)
    assert again(job).state == JobState.QUEUED  # not before its pause is over
    pass_time(job)
    tasks.run(job.pk)
    assert (again(job).state, job.attempts) == (JobState.DONE, 2)


def pass_time(job: Job) -> None:
    """The pause of a waiting job is over."""
    Job.objects.filter(pk=job.pk).update(next_try_at=timezone.now())


def test_a_lasting_fault_ends(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, OSError("disk"))
    job = make_job(flow)
    for _turn in range(jobs.MAX_ATTEMPTS + 1):
        tasks.run(job.pk)
        pass_time(job)
    assert (again(job).state, job.attempts) == (JobState.FAILED, jobs.MAX_ATTEMPTS)
    assert "สร้างไฟล์ไม่สำเร็จ" in job.message


# -- cancelling ------------------------------------------------------------------------------------


def test_cancel_while_it_waits(flow: Flow, quick: list[Job]) -> None:
    job = make_job(flow)
    assert cancel_job(by=flow.secretariat, job=job) is CancelOutcome.CANCELLED
    tasks.run(job.pk)
    assert (again(job).state, job.cancelled_by) == (JobState.CANCELLED, flow.secretariat)
    assert quick == []
    assert cancel_job(by=flow.secretariat, job=job) is CancelOutcome.ENDED


def test_cancel_while_it_runs(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(job: Job, path: Path, progress: jobs.ProgressReporter) -> str:
        cancel_job(by=flow.secretariat, job=job)
        progress(10, 100)
        raise AssertionError("not reached")

    monkeypatch.setattr(makers, "make_job_file", make)
    job = make_job(flow)
    tasks.run(job.pk)
    assert again(job).state == JobState.CANCELLED


def test_cancel_at_the_last_moment_leaves_no_file(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    def make(job: Job, path: Path, progress: jobs.ProgressReporter) -> str:
        path.write_bytes(BODY)
        cancel_job(by=flow.secretariat, job=job)
        return "made.pdf"

    monkeypatch.setattr(makers, "make_job_file", make)
    job = make_job(flow)
    tasks.run(job.pk)
    assert again(job).state == JobState.CANCELLED
    assert not default_storage.exists(f"jobs/{job.public_id}/1.pdf")


# -- dead workers ----------------------------------------------------------------------------------


def dead(flow: Flow, **more: object) -> Job:
    """A job whose worker was killed a while ago."""
    long_ago = timezone.now() - jobs.STALE_AFTER - timedelta(seconds=1)
    return make_job(flow, state=JobState.RUNNING, attempts=1, beat_at=long_ago, **more)


def test_a_running_job_is_left_alone(flow: Flow, quick: list[Job], sent: list[int]) -> None:
    job = make_job(flow, state=JobState.RUNNING, attempts=1)
    tasks.run(job.pk)
    tasks.sweep()
    assert (quick, sent) == ([], [])


def test_a_dead_workers_job_is_taken_over(flow: Flow, quick: list[Job]) -> None:
    job = dead(flow)
    tasks.run(job.pk)
    assert (again(job).state, job.attempts) == (JobState.DONE, 2)


def test_the_sweep_finds_dead_and_lost_jobs(flow: Flow, sent: list[int]) -> None:
    killed = dead(flow)
    lost = make_job(flow, beat_at=timezone.now() - recovery.LOST_AFTER - timedelta(seconds=1))
    make_job(flow)
    tasks.sweep()
    assert sorted(sent) == sorted([killed.pk, lost.pk])
    assert again(killed).state == JobState.QUEUED
    tasks.sweep()
    assert len(sent) == 2


def test_a_worker_thought_dead_cannot_finish(flow: Flow) -> None:
    first = jobs.claim_job(make_job(flow).pk)
    Job.objects.update(beat_at=timezone.now() - jobs.STALE_AFTER * 2)
    second = jobs.claim_job(first.pk)
    assert second.attempts == 2
    assert not jobs.finish_job(first, file_name="a", stored="a", size=1, sha256="a")
    assert not jobs.fail_job(first, ReportError("store"))
    with pytest.raises(jobs.JobStopped):
        jobs.progress_reporter(first)(1, 2)
    assert jobs.finish_job(second, file_name="b", stored="b", size=1, sha256="b")


def test_a_job_that_kills_its_workers_is_given_up(flow: Flow, quick: list[Job]) -> None:
    job = dead(flow)
    Job.objects.update(attempts=jobs.MAX_ATTEMPTS)
    tasks.run(job.pk)
    assert again(job).state == JobState.FAILED
    assert quick == []
    assert job.message


def test_embedded_start_queues_everything_unfinished(flow: Flow, sent: list[int]) -> None:
    running, waiting = make_job(flow, state=JobState.RUNNING, attempts=1), make_job(flow)
    make_job(flow, state=JobState.DONE, sha256="x")
    tasks.requeue_at_start()
    assert sent == [running.pk, waiting.pk]
    assert again(running).state == JobState.QUEUED


# -- in a real worker ------------------------------------------------------------------------------


def wait(job: Job, seconds: float = 40) -> Job:
    until = time.monotonic() + seconds
    while again(job).is_active and time.monotonic() < until:
        time.sleep(0.05)
    return job


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_in_a_worker(filled_flow: Flow, worker: None) -> None:
    job = jobs.start_job(by=filled_flow.secretariat, kind=ReportKind.DGA, response=filled_flow.response)
    assert wait(job).state == JobState.DONE


@pytest.mark.redis
@pytest.mark.django_db(transaction=True)
def test_on_redis(filled_flow: Flow, worker: None) -> None:
    endorsed(filled_flow.secretariat, filled_flow.round, today(1))
    filled_flow.approve()
    assign(filled_flow)
    plan = {"plan": make_plan(filled_flow)}
    # What was approved here holds no score, so there is nothing to say of one.
    unscored = (ReportKind.RESULT, ReportKind.BRIEF, ReportKind.KPI)
    kinds = [kind for kind in ReportKind if kind not in unscored]
    asked = [(kind, params_of(kind, filled_flow, plan)) for kind in kinds]
    by, response = filled_flow.secretariat, filled_flow.response
    made = [jobs.start_job(by=by, kind=kind, response=response, params=params) for kind, params in asked]
    assert {job.kind: job.message for job in made if wait(job).state != JobState.DONE} == {}


@pytest.mark.slow
def test_beat_knows_every_periodic_task() -> None:
    """As `celery beat` starts: import the tasks, then finalise the app."""
    words = (
        "from dgready.celery import app; app.loader.init_worker(); app.finalize();"
        "print([e['task'] for e in app.conf.beat_schedule.values()])"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DGREADY_TEST_VAR": str(settings.VAR_DIR)}
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=False, cwd=settings.BASE_DIR, env=env
    )
    nightly = ("reports.tasks.sweep", "reports.tasks.verify_journal_nightly")
    for name in (*nightly, "survey.tasks.send_letters", "survey.tasks.daily"):
        assert name in done.stdout, done.stderr


def test_web_process_sends_a_task_it_has_not_imported() -> None:
    assert tasks.run.name == jobs.RUN_TASK
