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
from reports.proof.files import FILE_SOURCES, FileSource, StoredFile
from reports.system.file_faults import record_file_fault
from reports.system.runs import RunKind, last_run, record_run
from reports.system.slices import run_slice
from survey.notices import actions as notices
from survey.verifying.replayer import Names

log = logging.getLogger(__name__)
SLICE_SECONDS: Final = 60  # then other tasks have their turn
MAX_LISTED: Final = 20  # faults that the run names
_BEGINNING: Final = (FILE_SOURCES[0].name, 0)


def verify_files_slice(seconds: float = SLICE_SECONDS) -> SystemRun:
    """Read the next files, going on where the last slice stopped, and record how far it came; alarms about faults.

    `detail`: what this slice and the pass so far checked and found, and where to go on (`next`, null at the end).
    """
    started = timezone.now()
    earlier = _unfinished_pass()
    after = earlier.get("next")
    done = run_slice(_files_after(*(after or _BEGINNING)), _file_faults, seconds=seconds)
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
        "total": sum(source.rows().count() for source in FILE_SOURCES),
        "next": None if done.complete else _place_of(done.last) or after or list(_BEGINNING),
        "error": repr(done.error) if done.error else "",
        "listed": [name for name, _province in done.faults[:MAX_LISTED]],
    }
    run = record_run(
        kind=RunKind.VERIFY_FILES, started=started, ok=not (detail["pass_faults"] or done.error), detail=detail
    )
    _tell(provinces, started)
    return run


def _tell(provinces: Counter[str], started: datetime) -> None:
    """Notices to the administrators of each province with faults, and to the centre."""
    rows = {province.code: province for province in Province.objects.filter(code__in=provinces)}
    for code, count in provinces.items():
        url = reverse("survey:province-journal", args=[code]) if code in rows else ""
        day = timezone.localdate(started).isoformat()
        notices.notify_checked_files(count=count, day=day, province=rows.get(code), url=url)


def _files_after(source: str, key: int) -> Iterator[tuple[FileSource, StoredFile]]:
    """All files behind the row of a source; memory stays flat, and no query is open while one is read."""
    names = Names()
    start = [one.name for one in FILE_SOURCES].index(source)
    for number, one in enumerate(FILE_SOURCES[start:]):
        for file in one.read(key if number == 0 else 0, names):
            yield one, file


def _place_of(last: tuple[FileSource, StoredFile] | None) -> list[str | int] | None:
    return [last[0].name, last[1].pk] if last else None


def _unfinished_pass() -> dict[str, Any]:
    """The detail of the last slice if its pass is not over."""
    run = last_run(RunKind.VERIFY_FILES)
    after = run.detail.get("next") if run else None
    known = {source.name for source in FILE_SOURCES}
    return dict(run.detail) if run and after and after[0] in known else {}


def _file_faults(key: tuple[FileSource, StoredFile]) -> Iterator[tuple[str, str]]:
    """Store and name of a file that is not the one that was put in, and the code of its province."""
    source, file = key
    try:
        open_verified(source.store, file.name, file.sha256, anew=True).close()
    except StoredFileFault as fault:
        record_file_fault(fault, what=file.subject, province=Province.objects.filter(code=file.province).first())
        yield f"{source.store}/{file.name}", file.province


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
