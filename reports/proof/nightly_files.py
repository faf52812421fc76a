"""Reading every stored file again, in slices that fit the night; a pass over all files may take several nights."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Province
from dgready.stored_files import StoredFileFault, open_verified
from reports.models import SystemRun
from reports.proof.stored_files import SOURCES, StoredFile, count_stored_files, stored_files
from reports.system.file_faults import record_file_fault
from reports.system.runs import RunKind, last_run, record_run
from reports.system.slices import run_slice
from survey.notices import actions as notices

log = logging.getLogger(__name__)
SLICE_SECONDS: Final = 60  # then other tasks have their turn
MAX_LISTED: Final = 20  # faults that the run names


def verify_files_slice(seconds: float = SLICE_SECONDS) -> SystemRun:
    """Read the next files, going on where the last slice stopped, and record how far it came; alarms about faults.

    `detail`: what this slice and the pass so far checked and found, and where to go on (`next`, null at the end).
    """
    started = timezone.now()
    earlier = _unfinished_pass()
    after = earlier.get("next")
    done = run_slice(stored_files(tuple(after) if after else None), _file_faults, seconds=seconds)
    provinces = Counter(province for _name, province in done.faults)
    faults = len(done.faults)
    if done.error is not None:  # the store is away, say: the next slice begins here
        log.error("reading stored files stopped: %r", done.error)
    detail: dict[str, Any] = {
        "checked": done.checked,
        "faults": faults,
        "pass_started": earlier.get("pass_started", started.isoformat()),
        "pass_checked": earlier.get("pass_checked", 0) + done.checked,
        "pass_faults": earlier.get("pass_faults", 0) + faults,
        "total": count_stored_files(),
        "next": None if done.complete else _place_of(done.last) or after or [next(iter(SOURCES)), 0],
        "error": repr(done.error) if done.error else "",
        "listed": [name for name, _province in done.faults[:MAX_LISTED]],
    }
    run = record_run(
        kind=RunKind.VERIFY_FILES, started=started, ok=not (detail["pass_faults"] or done.error), detail=detail
    )
    for province, count in provinces.items():
        url = reverse("survey:province-journal", args=[province.code]) if province else ""
        notices.notify_checked_files(
            count=count, day=timezone.localdate(started).isoformat(), province=province, url=url
        )
    return run


def _place_of(file: StoredFile | None) -> list[str | int] | None:
    return [file.source, file.pk] if file else None


def _unfinished_pass() -> dict[str, Any]:
    """The detail of the last slice if its pass is not over."""
    run = last_run(RunKind.VERIFY_FILES)
    after = run.detail.get("next") if run else None
    return dict(run.detail) if run and after and after[0] in SOURCES else {}


def _file_faults(file: StoredFile) -> Iterator[tuple[str, Province | None]]:
    """Store, name and province of a file that is not the one that was put in."""
    try:
        open_verified(file.store, file.name, file.sha256, anew=True).close()
    except StoredFileFault as fault:
        what, province = SOURCES[file.source].owner(file.pk)
        record_file_fault(fault, what=what, province=province)
        yield f"{file.store}/{file.name}", province


def is_night_over(now: datetime) -> bool:
    """Whether tonight's time for reading files is used up, or a pass has been completed tonight."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    runs = SystemRun.objects.filter(kind=RunKind.VERIFY_FILES, started_at__gte=midnight)
    spent = timedelta()
    for run in runs:
        spent += run.ended_at - run.started_at
        if run.detail.get("next") is None:
            return True
    return spent >= timedelta(minutes=settings.VERIFY_MINUTES)
