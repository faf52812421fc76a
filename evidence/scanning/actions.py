"""Scanning a stored file: waiting for it, asking the scanner, keeping what it said."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from celery import signature
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dgready.celery import app
from dgready.guard import clamd
from evidence import store
from evidence.files.refusal import EvidenceRefused
from evidence.models import File, ScanState
from evidence.scanning.standing import hold_file_and_its_responses, record_scan
from evidence.scanning.telling import tell_of_virus, tell_scanner_is_away

log = logging.getLogger(__name__)
SCAN_TASK: Final = "evidence.tasks.scan_file"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
TOLD_AFTER: Final = 4  # attempts without an answer, a quarter of an hour
SCANNED_AGAIN_AFTER: Final = timedelta(days=1)  # a file in which a virus was found
AWAY: Final = "no scanner: "  # begins the reason while the scanner does not answer
UNREADABLE: Final = "the file is not in the store"


def queue_scan(file: File) -> None:
    """Has a file scanned that was not yet, once the transaction is through. Nothing without CLAMD_ADDRESS."""
    if not settings.CLAMD_ADDRESS or file.scan_state != ScanState.NONE:
        return
    file.scan_state, file.scan_due_at = ScanState.WAITING, timezone.now()
    file.scan_attempts, file.scan_detail = 0, ""
    file.save(update_fields=["scan_state", "scan_due_at", "scan_attempts", "scan_detail"])
    # Where the queue is away nothing is lost: the sweep of each minute finds the file.
    transaction.on_commit(lambda: signature(SCAN_TASK, (file.pk,), app=app).delay(), robust=True)


def claim_scan(pk: int, now: datetime) -> File | None:
    """The file, if it is due and nobody else is at it; for the length of a task it is nobody else's."""
    due = File.objects.filter(pk=pk, scan_due_at__lte=now)
    if not due.update(scan_due_at=now + timedelta(seconds=settings.TASK_SECONDS)):
        return None
    return File.objects.get(pk=pk)


def scan_stored_file(pk: int) -> bool:
    """Scans a file that is due; whether the scanner could be asked. A file that is not due is left alone."""
    file = claim_scan(pk, timezone.now())
    if file is None:
        return True
    try:
        virus = clamd.scan(settings.CLAMD_ADDRESS, _pieces(file), settings.CLAMD_TIMES)
    except clamd.ScannerAway as fault:
        _postpone(file, f"{AWAY}{fault}")
        return False
    except (clamd.ScanRefused, store.UnreadableContent) as fault:
        _postpone(file, str(fault))
        return True
    _conclude(file, virus)
    return True


def _pieces(file: File) -> Iterator[bytes]:
    """The content. What fails here is a fault of the store, not of the scanner."""
    try:
        with store.open_stored_content(file.stored) as content:
            yield from content.chunks(clamd.PIECE)
    except OSError as fault:
        raise store.UnreadableContent(str(fault) or UNREADABLE) from fault


def _conclude(file: File, virus: str) -> None:
    now = timezone.now()
    with hold_file_and_its_responses(file.pk) as (file, responses):
        was_infected, earlier = file.scan_state == ScanState.INFECTED, file.scan_detail
        file.scan_state = ScanState.INFECTED if virus else ScanState.CLEAN
        file.scan_detail, file.scanned_at, file.scan_attempts = virus, now, 0
        # What a scanner takes for a virus one day it may know better the next.
        file.scan_due_at = now + SCANNED_AGAIN_AFTER if virus else None
        file.save(update_fields=["scan_state", "scan_detail", "scanned_at", "scan_due_at", "scan_attempts"])
        if virus and not was_infected:
            log.error("evidence %s: %s", file.sha256, virus)
            record_scan(file, responses, "scan.infected", after={"virus": virus})
            tell_of_virus(file)
        elif was_infected and not virus:
            log.warning("evidence %s: no longer taken for %s", file.sha256, earlier)
            record_scan(file, responses, "scan.cleared", before={"virus": earlier})
    # The scanner is back: whoever waits for it need not wait for the end of a long pause.
    waiting = File.objects.filter(scan_state=ScanState.WAITING, scan_detail__startswith=AWAY, scan_due_at__gt=now)
    waiting.update(scan_due_at=now, scan_attempts=0, scan_detail="")


def _postpone(file: File, why: str) -> None:
    """Keeps the file waiting, each time longer; one with a virus keeps the name of that."""
    file.scan_attempts = min(file.scan_attempts + 1, 1000)
    pause = min(FIRST_PAUSE * 2 ** min(file.scan_attempts - 1, 10), LONGEST_PAUSE)
    file.scan_due_at = timezone.now() + pause
    if file.scan_state == ScanState.WAITING:
        file.scan_detail = why[:200]
    file.save(update_fields=["scan_attempts", "scan_due_at", "scan_detail"])
    log.warning("evidence %s was not scanned: %s", file.sha256, why)
    if file.scan_attempts >= TOLD_AFTER:
        tell_scanner_is_away(why)


def require_no_virus(path: Path) -> None:
    """Scans a file that is kept elsewhere before it is kept. Raises EvidenceRefused; nothing without CLAMD_ADDRESS."""
    if not settings.CLAMD_ADDRESS:
        return
    try:
        with path.open("rb") as file:
            virus = clamd.scan(settings.CLAMD_ADDRESS, iter(lambda: file.read(clamd.PIECE), b""), settings.CLAMD_TIMES)
    except (clamd.ScannerAway, clamd.ScanRefused) as fault:
        log.warning("an upload was not scanned: %s", fault)
        raise EvidenceRefused("scanner", _("ขณะนี้ตรวจหาไวรัสไม่ได้ จึงยังรับไฟล์ไม่ได้ โปรดส่งใหม่ภายหลัง")) from fault
    if virus:
        raise EvidenceRefused("infected", _("พบไวรัส %(virus)s ในไฟล์นี้ จึงรับไว้ไม่ได้") % {"virus": virus})


def release_unscanned() -> int:
    """Without a scanner nothing waits for one: files that do are marked as not scanned. How many."""
    waiting = File.objects.filter(scan_state=ScanState.WAITING)
    return waiting.update(scan_state=ScanState.NONE, scan_due_at=None, scan_attempts=0, scan_detail="")
