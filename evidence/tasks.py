"""Celery tasks of evidence: attaching what came in parts, scanning, reading, checking marks, PDFs of office files."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from dgready.celery import app, on_worker_start
from dgready.publishing import publish
from evidence.checking import actions as checking
from evidence.checking import queries as marks
from evidence.models import File
from evidence.placing.actions.rechecking import recheck_file
from evidence.placing.queries import files_to_recheck
from evidence.reading import actions as reading
from evidence.reading import queries as texts
from evidence.reading.pictures import is_installed
from evidence.renditions import actions as renditions
from evidence.renditions import office
from evidence.renditions import queries as made
from evidence.scanning import actions, queries
from evidence.uploading import finishing

log = logging.getLogger(__name__)
SWEEP_SECONDS, SWEPT_FILES = 60, 200
UPLOAD_SWEEP_SECONDS, SWEPT_UPLOADS = 30, 200
TEXT_SWEEP_SECONDS, SWEPT_TEXTS = 60, 20
NIGHTLY_TASK = "evidence.tasks.check_marks_again"
CHECKED_FILES = 50  # by one task
CHECKED_AGAIN = timedelta(days=8)  # how far back a night looks, should some nights have been without a worker
RENDITION_SWEEP_SECONDS, SWEPT_RENDITIONS = 60, 20


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
    """Reads the text of one file, if it still waits for that, and checks the marks in it.

    A long scan is gone on with in a task of its own.
    """
    if reading.read_stored_file(pk):
        publish(reading.READ_TASK, pk)
    else:
        recheck_file(pk)
        checking.check_file(pk)


@shared_task(name="evidence.tasks.read_due_texts")
def read_due_texts() -> None:
    """Sends the messages of texts that are due: never queued, lost with their worker, or to be read anew."""
    now = timezone.now()
    due = texts.due_texts(now, SWEPT_TEXTS)
    if not due:
        for file in File.objects.filter(pk__in=texts.files_without_text(SWEPT_TEXTS)):
            reading.queue_reading(file)
        reading.renew_reading(texts.texts_to_renew(SWEPT_TEXTS, pictures=is_installed()))
        for pk in files_to_recheck(SWEPT_TEXTS):
            recheck_file(pk)
    for pk in due:
        publish(reading.READ_TASK, pk)


@shared_task(name="evidence.tasks.check_unchecked_marks")
def check_unchecked_marks() -> None:
    """Checks marks that were left: made before there was checking, closed to changes then, or the task was lost."""
    for pk in marks.files_with_unchecked_marks(CHECKED_FILES):
        checking.check_file(pk)


@shared_task(name=NIGHTLY_TASK)
def check_marks_again(after: int = 0) -> None:
    """Checks the marks of files that were read anew lately, and of answers that can be changed again; in pieces."""
    files = marks.files_read_since(timezone.now() - CHECKED_AGAIN, CHECKED_FILES, after=after)
    for pk in files:
        checking.check_file(pk)
    if len(files) == CHECKED_FILES:
        publish(NIGHTLY_TASK, files[-1])


@shared_task(name=finishing.FINISH_TASK)
def finish_upload(pk: int) -> None:
    """Attaches one upload that has come whole, if that is still to be done."""
    finishing.finish_upload(pk)


@shared_task(name="evidence.tasks.sweep_uploads")
def sweep_uploads() -> None:
    """Sends the messages of complete uploads that still wait; deletes uploads that have expired."""
    now = timezone.now()
    for pk in finishing.due_uploads(now, SWEPT_UPLOADS):
        publish(finishing.FINISH_TASK, pk)
    finishing.sweep_uploads(now, SWEPT_UPLOADS)


@shared_task(name=renditions.RENDITION_TASK)
def make_rendition(pk: int) -> None:
    """Makes the PDF of one office document, if it still waits for that."""
    renditions.make_stored_rendition(pk)


@shared_task(name="evidence.tasks.make_due_renditions")
def make_due_renditions() -> None:
    """Sends the messages of PDFs that are due: never queued, lost with their worker, or possible by now."""
    due = made.due_renditions(timezone.now(), SWEPT_RENDITIONS)
    if not due:
        for file in File.objects.filter(pk__in=made.files_without_rendition(SWEPT_RENDITIONS)):
            renditions.queue_rendition(file)
        if office.is_installed():
            renditions.renew_renditions(made.renditions_to_renew(SWEPT_RENDITIONS))
    for pk in due:
        publish(renditions.RENDITION_TASK, pk)


@app.on_after_finalize.connect
def _schedule_periodic_tasks(sender: Any, **kwargs: Any) -> None:
    sender.add_periodic_task(UPLOAD_SWEEP_SECONDS, sweep_uploads.s(), name="evidence: uploads")
    sender.add_periodic_task(SWEEP_SECONDS, scan_due_files.s(), name="evidence: files to scan")
    sender.add_periodic_task(TEXT_SWEEP_SECONDS, read_due_texts.s(), name="evidence: texts to read")
    sender.add_periodic_task(TEXT_SWEEP_SECONDS, check_unchecked_marks.s(), name="evidence: marks to check")
    sender.add_periodic_task(crontab(hour=2, minute=40), check_marks_again.s(), name="evidence: marks to check again")
    sender.add_periodic_task(RENDITION_SWEEP_SECONDS, make_due_renditions.s(), name="evidence: PDFs to make")


@on_worker_start
def resume_scanning() -> None:
    """At the start of the embedded process, off at night perhaps: what waits is attached, scanned, read, checked."""
    try:
        sweep_uploads.delay()
        scan_due_files.delay()
        read_due_texts.delay()
        check_marks_again.delay()
        make_due_renditions.delay()
    except DatabaseError:
        log.warning("files to scan, read or check could not be queued at the start", exc_info=True)
