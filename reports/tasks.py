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

from dgready.celery import app, on_worker_start
from reports.backup.making import make_backup
from reports.backup.manifest import BackupError
from reports.errors import ReportError
from reports.jobs import actions as jobs
from reports.jobs import makers, store
from reports.models import Job

log = logging.getLogger(__name__)
RETRY_SECONDS = 5  # seconds, times the attempts so far
SWEEP_SECONDS = 60  # seconds


@shared_task(bind=True, max_retries=None)
def run(self: Task[Any, Any], pk: int) -> None:
    """Makes the file of a job and records the outcome. Does nothing when the job is taken, ended or gone."""
    job = jobs.claim_job(pk)
    if job is None:
        return
    try:
        _make_and_store(job)
    except jobs.JobStopped:
        log.info("job %s was taken away", job.public_id)
    except ReportError as error:
        jobs.fail_job(job, error)
    except (OSError, OperationalError, store.StorageError) as error:
        log.warning("job %s: %r", job.public_id, error)
        if not jobs.release_job(job):
            jobs.fail_job(job, ReportError("store"))
            return
        run.apply_async((pk,), countdown=RETRY_SECONDS * job.attempts)
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
    """Queues again the jobs whose worker died."""
    jobs.requeue_lost_jobs()


@app.on_after_finalize.connect
def _schedule_sweep(sender: Any, **kwargs: Any) -> None:
    sender.add_periodic_task(SWEEP_SECONDS, sweep.s(), name="reports: hand on lost jobs")


# Not handed to another worker when it takes longer than the broker waits: a second backup would only be refused.
@shared_task(acks_late=False, time_limit=settings.BACKUP_SECONDS + 600, soft_time_limit=settings.BACKUP_SECONDS + 300)
def make_nightly_backup() -> None:
    """Makes a backup at each target of the settings; one that fails does not keep the others."""
    for address in settings.BACKUP_TARGETS:
        try:
            made = make_backup(address)
        except BackupError as error:
            log.error("no backup at %s: %s", address, error)
        else:
            for fault in made.faults:
                log.error("backup %s: %s", made.name, fault)


@app.on_after_finalize.connect
def _schedule_backup(sender: Any, **kwargs: Any) -> None:
    at = crontab(hour=str(settings.BACKUP_HOUR), minute="20")
    sender.add_periodic_task(at, make_nightly_backup.s(), name="reports: back up", expires=3600)


@on_worker_start
def requeue_at_start() -> None:
    """Queues again what was unfinished when the embedded process starts: no earlier worker is alive then."""
    try:
        jobs.requeue_unfinished_jobs()
    except DatabaseError:
        log.warning("unfinished jobs could not be queued again", exc_info=True)
