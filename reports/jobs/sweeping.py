"""The nightly sweep: files that killed processes left behind and that nothing names, and files of drafts, once old."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.db.models import Q
from django.utils import timezone

from dgready.leftovers import STALE_SECONDS, sweep_folder, sweep_local_files
from dgready.store_faults import STORE_FAULTS
from evidence.store import INCOMING_FOLDER, evidence_storage
from reports.jobs.expiring import sweep_expired_files
from reports.jobs.store import job_folder
from reports.models import ACTIVE_STATES, Job, JobState, RunKind, SystemRun
from reports.offline_form.actions import sweep_returned
from reports.system.runs import record_run

log = logging.getLogger(__name__)
LOOK_BACK: Final = timedelta(days=30)  # jobs older than this were swept in an earlier night
MOST_JOBS: Final = 2000  # of one night
SILENT: Final[tuple[type[Exception], ...]] = (*STORE_FAULTS, OSError)


def sweep() -> SystemRun:
    """Sweeps all places and records the run; it is not well when the store did not answer."""
    started = timezone.now()
    detail: dict[str, Any] = {**sweep_local_files(), "incoming": _sweep_incoming(), "returned": sweep_returned()}
    try:
        detail |= {
            "papers": _sweep_papers(),
            "expired": sweep_expired_files(started),
            "parts": sum(_abort_uploads(storages[n]) for n in ("default", "evidence")),
        }
    except SILENT as fault:
        log.warning("the store was not swept: %r", fault)
        detail["fault"] = repr(fault)[:300]
    return record_run(kind=RunKind.SWEEP, started=started, ok="fault" not in detail, detail=detail)


def _sweep_incoming() -> int:
    """Uploads that were never moved into a store that is a folder."""
    storage = evidence_storage()
    if not isinstance(storage, FileSystemStorage):
        return 0
    return sweep_folder(Path(storage.base_location) / INCOMING_FOLDER)


def _sweep_papers() -> int:
    """Files of jobs in the store that no job names: half written, or of an attempt that was taken away."""
    now = timezone.now()
    settled = Job.objects.filter(created_at__gte=now - LOOK_BACK).exclude(state__in=ACTIVE_STATES)
    # A job that was done at the first attempt has left nothing.
    suspects = settled.filter(~Q(state=JobState.DONE) | Q(attempts__gt=1), attempts__gt=0)
    rows = suspects.filter(finished_at__lt=now - timedelta(seconds=STALE_SECONDS)).order_by("-created_at")
    swept = 0
    for public_id, stored in rows.values_list("public_id", "stored")[:MOST_JOBS]:
        folder = job_folder(public_id)
        try:
            names = default_storage.listdir(folder)[1]
        except FileNotFoundError:
            continue
        for name in names:
            if f"{folder}/{name}" != stored:
                default_storage.delete(f"{folder}/{name}")
                swept += 1
    return swept


def _abort_uploads(storage: Any) -> int:
    """Uploads into a bucket that were begun in parts and never ended: their parts would stay for ever."""
    bucket = getattr(storage, "bucket", None)
    if bucket is None:
        return 0
    limit = timezone.now() - timedelta(seconds=STALE_SECONDS)
    begun = [part for part in bucket.multipart_uploads.all() if part.initiated < limit]
    begun = [part for part in begun if part.object_key.startswith(f"{storage.location}/")]
    for part in begun:
        part.abort()
    return len(begun)
