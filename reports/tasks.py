"""Celery tasks of reports: making the file of a job, and queueing lost jobs again."""

from __future__ import annotations

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from celery import Task, shared_task
from celery.schedules import crontab
from django.conf import settings
from django.db import DatabaseError, OperationalError
from django.utils import timezone

from dgready.celery import app, on_worker_start
from reports.errors import ReportError
from reports.jobs import actions as jobs
from reports.jobs import makers, recovery, store
from reports.jobs.heartbeat import beating
from reports.models import Job, RunKind
from reports.system import sweeping
from reports.system.runs import last_good_run

log = logging.getLogger(__name__)
SWEEP_SECONDS = 15  # with recovery.LOST_AFTER and jobs.STALE_AFTER: within a minute
SWEEP_FROM_HOUR = 3  # o'clock in Thailand


@shared_task(bind=True, max_retries=None)
def run(self: Task[Any, Any], pk: int) -> None:
    """Makes the file of a job and records the outcome. Does nothing when the job is taken, ended or gone."""
    job = jobs.claim_job(pk)
    if job is None:
        return
    try:
        with beating(job):
            _make_and_store(job)
    except jobs.JobStopped:
        log.info("job %s was taken away", job.public_id)
    except ReportError as error:
        jobs.fail_job(job, error)
    except store.FAULTS as error:
        log.warning("job %s: the store does not answer: %r", job.public_id, error)
        if not recovery.wait_for_store(job):
            jobs.fail_job(job, ReportError("store"))
    except (OSError, OperationalError) as error:
        log.warning("job %s: %r", job.public_id, error)
        if not recovery.retry_later(job):
            jobs.fail_job(job, ReportError("making"))
    except Exception:
        code = job.public_id.hex[:8]
        log.exception("job %s failed", job.public_id)
        jobs.fail_job(job, ReportError("unknown", code=code))


def _make_and_store(job: Job) -> None:
    with TemporaryDirectory(dir=settings.UPLOAD_DIR) as folder:
        path = Path(folder) / "file"
        name = makers.make_job_file(job, path, jobs.progress_reporter(job))
        stored_file = store.store_job_file(path, job, name)
    if not jobs.finish_job(
        job, file_name=name, stored=stored_file.name, size=stored_file.size, sha256=stored_file.sha256
    ):
        store.delete_job_file(stored_file.name)
        raise jobs.JobStopped


@shared_task
def sweep() -> None:
    """Queues again the jobs that nobody makes."""
    recovery.requeue_lost_jobs()


@shared_task
def sweep_files() -> None:
    """Once a night, from SWEEP_FROM_HOUR on: delete what killed processes left; tried again while the store is away."""
    now = timezone.localtime()
    last = last_good_run(RunKind.SWEEP)
    if now.hour >= SWEEP_FROM_HOUR and (last is None or timezone.localdate(last.ended_at) < now.date()):
        sweeping.sweep()


@app.on_after_finalize.connect
def _schedule_sweep(sender: Any, **kwargs: Any) -> None:
    # Of several that waited in a long queue one is enough.
    sender.add_periodic_task(SWEEP_SECONDS, sweep.s(), name="reports: hand on lost jobs", expires=SWEEP_SECONDS)
    sender.add_periodic_task(crontab(minute=40), sweep_files.s(), name="reports: sweep files")


@on_worker_start
def requeue_at_start() -> None:
    """Queues again what was unfinished when the embedded process starts: no earlier worker is alive then."""
    try:
        recovery.requeue_unfinished_jobs()
    except DatabaseError:
        log.warning("unfinished jobs could not be queued again", exc_info=True)
