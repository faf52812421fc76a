"""Celery tasks of evidence: scanning files for viruses."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from dgready.celery import app, on_worker_start
from evidence.scanning import actions, queries

log = logging.getLogger(__name__)
SWEEP_SECONDS, SWEPT_FILES = 60, 200


@shared_task(name=actions.SCAN_TASK)
def scan_file(pk: int) -> None:
    """Scans one file, if it still waits for that."""
    if settings.CLAMD_ADDRESS:
        actions.scan_stored_file(pk)


@shared_task(name="evidence.tasks.scan_due_files")
def scan_due_files() -> None:
    """Scans the files that are due; ends at the first that the scanner does not answer for."""
    if not settings.CLAMD_ADDRESS:
        actions.release_unscanned()
        return
    for pk in queries.due_files(timezone.now(), SWEPT_FILES):
        if not actions.scan_stored_file(pk):
            return


@app.on_after_finalize.connect
def _schedule_periodic_tasks(sender: Any, **kwargs: Any) -> None:
    sender.add_periodic_task(SWEEP_SECONDS, scan_due_files.s(), name="evidence: files to scan")


@on_worker_start
def resume_scanning() -> None:
    """At the start of the embedded process: what waits is scanned."""
    try:
        scan_due_files.delay()
    except DatabaseError:
        log.warning("files to scan could not be queued at the start", exc_info=True)
