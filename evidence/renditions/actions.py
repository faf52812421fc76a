"""Making the PDF of a stored office document in the background: queued with the upload, claimed, made, kept."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from dgready.children import ChildFault
from dgready.publishing import publish_on_commit
from dgready.store_faults import STORE_FAULTS
from evidence import store
from evidence.files.refusal import EvidenceRefused
from evidence.files.sniff import sniff_content
from evidence.models import File, FileKind, FileRendition, RenditionState, ScanState
from evidence.reading.actions import MOST_ATTEMPTS, local_content, pause_after
from evidence.renditions import office

log = logging.getLogger(__name__)
RENDITION_TASK: Final = "evidence.tasks.make_rendition"
NOT_INSTALLED: Final = "no LibreOffice is installed"
AWAY: Final[tuple[type[Exception], ...]] = (OSError, *STORE_FAULTS)


def fonts_folder() -> Path:
    """Where the faces of Sarabun are."""
    return Path(settings.BASE_DIR) / "static" / "vendor" / "sarabun"


def queue_rendition(file: File) -> None:
    """Has the PDF of an office document made once the transaction is through; nothing for other kinds, or again."""
    if file.kind not in office.KINDS:
        return
    _row, created = FileRendition.objects.get_or_create(file=file, defaults={"due_at": timezone.now()})
    if created:
        # Where the queue is away nothing is lost: the sweep of each minute finds the row.
        publish_on_commit(RENDITION_TASK, file.pk)


def renew_renditions(files: list[int]) -> int:
    """Has renditions made that could not be, or whose PDF is lost. How many."""
    settled = FileRendition.objects.filter(file__in=files).exclude(state=RenditionState.WAITING)
    return settled.update(state=RenditionState.WAITING, due_at=timezone.now(), attempts=0, detail="")


def claim_rendition(pk: int, now: datetime) -> FileRendition | None:
    """The rendition of a file, if it is due and nobody else is at it; for the length of a task it is nobody else's."""
    due = FileRendition.objects.filter(file=pk, state=RenditionState.WAITING, due_at__lte=now)
    claimed = due.exclude(file__scan_state=ScanState.INFECTED)
    # Counted when it is begun: a document that kills its worker is not begun for ever.
    if not claimed.update(due_at=now + timedelta(seconds=settings.TASK_SECONDS), attempts=F("attempts") + 1):
        return None
    return FileRendition.objects.select_related("file").get(file=pk)


def make_stored_rendition(pk: int) -> None:
    """Makes the PDF of a file that is due. A file that is not due is left alone."""
    row = claim_rendition(pk, timezone.now())
    if row is None:
        return
    if not office.is_installed():
        _settle(row, RenditionState.UNMADE, NOT_INSTALLED)
    elif row.attempts > MOST_ATTEMPTS:
        _settle(row, RenditionState.FAILED, row.detail or "LibreOffice did not come to an end")
    else:
        _make(row)


def _make(row: FileRendition) -> None:
    try:
        with tempfile.TemporaryDirectory(dir=settings.UPLOAD_DIR, prefix="rendition-") as folder:
            made = Path(folder) / "made.pdf"
            with local_content(row.file) as source:
                office.write_rendition(source, row.file.kind, made, fonts_folder(), settings.RENDITION_LIMITS)
            _keep(row, made)
    except (ChildFault, EvidenceRefused) as fault:
        if row.attempts >= MOST_ATTEMPTS:
            _settle(row, RenditionState.FAILED, str(fault))
        else:
            _postpone(row, str(fault), attempts=row.attempts)
    except AWAY as fault:
        # Of the store, not of the document: however long it is away, the document is not given up.
        _postpone(row, str(fault) or type(fault).__name__, attempts=row.attempts - 1)


class _MadeFile:
    """A file on disk as the store takes it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The content, piece by piece."""
        with self.path.open("rb") as file:
            while piece := file.read(chunk_size or store.CHUNK_BYTES):
                yield piece


def _keep(row: FileRendition, made: Path) -> None:
    """Keeps the PDF under its content, once the guard has looked through it as through any other."""
    with store.spool_upload(_MadeFile(made), settings.RENDITION_LIMITS.file_bytes) as content:
        sniffed = sniff_content(content.path)
        if sniffed.kind != FileKind.PDF:
            raise ChildFault("what was made is no PDF")
        row.stored, row.size, row.pages = store.store_content(content), content.size, sniffed.pages
    row.made_at = timezone.now()
    _settle(row, RenditionState.MADE, "")


def _settle(row: FileRendition, state: RenditionState, why: str) -> None:
    row.state, row.detail, row.due_at = state, why[:200], None
    if state == RenditionState.MADE:
        row.attempts = 0
    row.save()
    if why:
        log.warning("no PDF of evidence %s: %s", row.file.sha256, why)


def _postpone(row: FileRendition, why: str, *, attempts: int) -> None:
    """Keeps the document waiting, each time longer."""
    row.due_at, row.detail, row.attempts = timezone.now() + pause_after(row.attempts), why[:200], max(attempts, 0)
    row.save(update_fields=["due_at", "detail", "attempts"])
    log.warning("the PDF of evidence %s was not made: %s", row.file.sha256, why)
