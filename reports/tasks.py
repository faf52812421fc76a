"""Celery tasks of reports: making the file of a job, queueing lost jobs again, proofs of the night."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from celery import Task, shared_task
from celery.schedules import crontab
from celery.signals import beat_init, worker_ready
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone

from dgready.celery import app, on_worker_start
from dgready.database_locks import try_lock
from dgready.leftovers import sweep_local_files
from reports.backup.making import make_backup
from reports.backup.manifest import BackupError
from reports.errors import AuthorityUnavailable, ReportError
from reports.jobs import actions as jobs
from reports.jobs import recovery, store, sweeping
from reports.jobs.heartbeat import beating
from reports.models import Job, RunKind
from reports.proof.nightly_files import is_night_over, verify_files_slice
from reports.system.file_faults import find_mended_files
from reports.system.heartbeats import (
    BEAT_SECONDS,
    CLOCK,
    WORKER,
    beat_in_thread,
    end_turn,
    record_heartbeat,
    take_turn,
)
from reports.system.runs import last_good_run
from survey.rounds.daily_chores import once_a_day

log = logging.getLogger(__name__)
SWEEP_SECONDS = 15  # with recovery.LOST_AFTER and jobs.STALE_AFTER: within a minute
NIGHTLY_FROM_HOUR, SWEEP_FROM_HOUR = 2, 3  # o'clock in Thailand


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
    except AuthorityUnavailable as error:
        log.warning("job %s: %s", job.public_id, error)
        if not recovery.retry_later(job):
            jobs.fail_job(job, ReportError("authority"))
    except (OSError, OperationalError, InterfaceError) as error:
        log.warning("job %s: %r", job.public_id, error)
        if not connection.in_atomic_block:  # as where a test stands in one
            connection.close_if_unusable_or_obsolete()  # that of a database that is gone; there may be another by now
        if not recovery.retry_later(job):
            jobs.fail_job(job, ReportError("making"))
    except Exception:
        code = job.public_id.hex[:8]
        log.exception("job %s failed", job.public_id)
        jobs.fail_job(job, ReportError("unknown", code=code))


def _make_and_store(job: Job) -> None:
    # Here, not above: what lays out and signs papers takes 50 MB of an embedded process that may never make one.
    from reports.jobs import makers

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
    if now.hour < SWEEP_FROM_HOUR:
        return
    with try_lock("sweep files") as is_ours:
        last = last_good_run(RunKind.SWEEP)
        if is_ours and (last is None or timezone.localdate(last.ended_at) < now.date()):
            sweeping.sweep()


@shared_task
def verify_journal_nightly() -> None:
    """Verify all once a night, from NIGHTLY_FROM_HOUR on; a night on which it was broken off begins anew."""
    now = timezone.localtime()
    if now.hour < NIGHTLY_FROM_HOUR:
        return
    with once_a_day("nightly", now.date()) as is_due:
        if is_due:
            from reports.proof.nightly_journal import prove_tonight  # loads pyhanko, for once a night

            prove_tonight()


@shared_task
def anchor_nightly() -> None:
    """Write tonight's anchor, once a night, from NIGHTLY_FROM_HOUR on; the proof of the journal checks them all."""
    now = timezone.localtime()
    if now.hour < NIGHTLY_FROM_HOUR:
        return
    with once_a_day("anchor", now.date()) as is_due:
        if is_due:
            from reports.proof.anchoring import make_anchor  # as above

            make_anchor()


@shared_task
def verify_files_nightly() -> None:
    """Read the next slice of the stored files again, then queue the next one while the night has time left."""
    now = timezone.localtime()
    if now.hour < NIGHTLY_FROM_HOUR or is_night_over(now):
        return
    if not take_turn("verify_files", timedelta(seconds=settings.TASK_SECONDS)):
        return
    try:
        run = verify_files_slice()
    finally:
        end_turn("verify_files")
    if run.detail["next"] is None:
        find_mended_files()
    elif not run.detail["error"]:
        verify_files_nightly.delay()


@shared_task
def heartbeat() -> None:
    """Sign of life of the embedded installation, whose clock has queued this and whose worker does it."""
    record_heartbeat(CLOCK)
    record_heartbeat(WORKER)


@worker_ready.connect
def _beat_of_worker(**kwargs: Any) -> None:
    beat_in_thread(WORKER)
    sweep_local_files()  # of this machine; the sweep of the night may be another's


@beat_init.connect
def _beat_of_clock(**kwargs: Any) -> None:
    if not settings.EMBEDDED_WORKER:
        beat_in_thread(CLOCK)


@app.on_after_finalize.connect
def _schedule_sweep(sender: Any, **kwargs: Any) -> None:
    # Of several that waited in a long queue one is enough.
    sender.add_periodic_task(SWEEP_SECONDS, sweep.s(), name="reports: hand on lost jobs", expires=SWEEP_SECONDS)
    sender.add_periodic_task(crontab(minute=40), sweep_files.s(), name="reports: sweep files")
    if settings.EMBEDDED_WORKER:
        sender.add_periodic_task(BEAT_SECONDS, heartbeat.s(), name="reports: sign of life")
    # Queued every hour, for a machine that was off at night.
    sender.add_periodic_task(crontab(minute=10), verify_journal_nightly.s(), name="reports: proof of the journal")
    sender.add_periodic_task(crontab(minute=15), anchor_nightly.s(), name="reports: anchor of the chains")
    sender.add_periodic_task(crontab(minute=20), verify_files_nightly.s(), name="reports: proof of the files")


# Not handed to another worker when it takes longer than the broker waits: a second backup would only be refused.
@shared_task(acks_late=False, time_limit=settings.BACKUP_SECONDS + 600, soft_time_limit=settings.BACKUP_SECONDS + 300)
def make_nightly_backup() -> None:
    """Makes a backup at each target of the settings, once a day, however many clocks there are."""
    with once_a_day("backup", timezone.localdate()) as is_due:
        if is_due:
            for address in settings.BACKUP_TARGETS:
                _back_up(address)


def _back_up(address: str) -> None:
    """One that fails does not keep the others."""
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
        heartbeat.delay()
        recovery.requeue_unfinished_jobs()
        verify_journal_nightly.delay()
    except DatabaseError:
        log.warning("unfinished jobs could not be queued again", exc_info=True)
