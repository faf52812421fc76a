"""The worker's entry: takes the id of a job, makes its file, records what came of it."""

from __future__ import annotations

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from celery import Task, shared_task
from django.conf import settings
from django.db import DatabaseError, OperationalError

from dgready.celery import app, at_start
from reports.errors import ReportError
from reports.jobs import actions as jobs
from reports.jobs import kinds, store
from reports.models import Job

log = logging.getLogger(__name__)
AGAIN_AFTER = 5  # seconds, times the attempts so far
SWEEP_EVERY = 60  # seconds


@shared_task(bind=True, max_retries=None)
def run(self: Task[Any, Any], pk: int) -> None:
    """Makes the file of a job. Does nothing when the job is taken, ended or gone."""
    job = jobs.claim(pk)
    if job is None:
        return
    try:
        _make(job)
    except jobs.Stopped:
        log.info("job %s was taken away", job.public_id)
    except ReportError as error:
        jobs.fail(job, error)
    except (OSError, OperationalError, store.StoreFault) as fault:
        log.warning("job %s: %r", job.public_id, fault)
        if not jobs.release(job):
            jobs.fail(job, ReportError("store"))
            return
        run.apply_async((pk,), countdown=AGAIN_AFTER * job.attempts)
    except Exception:
        code = job.public_id.hex[:8]
        log.exception("job %s failed", job.public_id)
        jobs.fail(job, ReportError("unknown", code=code))


def _make(job: Job) -> None:
    with TemporaryDirectory(dir=settings.UPLOAD_DIR) as folder:
        path = Path(folder) / "file"
        name = kinds.make(job, path, jobs.progress_of(job))
        kept = store.keep(path, job, name)
    if not jobs.finish(job, file_name=name, stored=kept.stored, size=kept.size, sha256=kept.sha256):
        store.drop(kept.stored)
        raise jobs.Stopped


@shared_task
def sweep() -> None:
    """Hands on jobs whose worker died."""
    jobs.sweep()


@app.on_after_finalize.connect
def _every_minute(sender: Any, **kwargs: Any) -> None:
    sender.add_periodic_task(SWEEP_EVERY, sweep.s(), name="reports: hand on lost jobs")


@at_start
def requeue() -> None:
    """The embedded process starts: nothing of before runs any more."""
    try:
        jobs.requeue()
    except DatabaseError:
        log.warning("unfinished jobs could not be queued again", exc_info=True)
