"""Celery tasks of evidence: scanning files for viruses, reading what they say."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from dgready.celery import app, on_worker_start
from dgready.publishing import publish
from evidence.models import File
from evidence.reading import actions as reading
from evidence.reading import queries as texts
from evidence.reading.pictures import is_installed
from evidence.scanning import actions, queries

log = logging.getLogger(__name__)
SWEEP_SECONDS, SWEPT_FILES = 60, 200
TEXT_SWEEP_SECONDS, SWEPT_TEXTS = 60, 20


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


@shared_task(name=reading.READ_TASK)
def read_file_text(pk: int) -> None:
    """Reads the text of one file, if it still waits for that; a long scan is gone on with in a task of its own."""
    if reading.read_stored_file(pk):
        publish(reading.READ_TASK, pk)


@shared_task(name="evidence.tasks.read_due_texts")
def read_due_texts() -> None:
    """Sends the messages of texts that are due: never queued, lost with their worker, or to be read anew."""
    now = timezone.now()
    due = texts.due_texts(now, SWEPT_TEXTS)
    if not due:
        for file in File.objects.filter(pk__in=texts.files_without_text(SWEPT_TEXTS)):
            reading.queue_reading(file)
        reading.renew_reading(texts.texts_to_renew(SWEPT_TEXTS, pictures=is_installed()))
    for pk in due:
        publish(reading.READ_TASK, pk)


@app.on_after_finalize.connect
def _schedule_periodic_tasks(sender: Any, **kwargs: Any) -> None:
    sender.add_periodic_task(SWEEP_SECONDS, scan_due_files.s(), name="evidence: files to scan")
    sender.add_periodic_task(TEXT_SWEEP_SECONDS, read_due_texts.s(), name="evidence: texts to read")


@on_worker_start
def resume_scanning() -> None:
    """At the start of the embedded process: what waits is scanned and read."""
    try:
        scan_due_files.delay()
        read_due_texts.delay()
    except DatabaseError:
        log.warning("files to scan or read could not be queued at the start", exc_info=True)
