"""Reading the text of a stored file in the background: queued with the upload, claimed, read, kept."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db.models import F
from django.utils import timezone

from dgready.children import ChildFault
from dgready.publishing import publish_on_commit
from evidence import store
from evidence.models import File, FileText, ScanState, TextState
from evidence.reading.document_dates import document_date
from evidence.reading.extracting import MORE, VERSION, go_on_with_pictures, read_document
from evidence.reading.pages import DocumentText, pack, unpack
from evidence.reading.words import terms_of

log = logging.getLogger(__name__)
READ_TASK: Final = "evidence.tasks.read_file_text"
MOST_ATTEMPTS: Final = 3  # at a file that cannot be read, or that its reader dies of
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
MOST_WORDS: Final = 60_000  # different words kept of one file


def queue_reading(file: File) -> None:
    """Has the text of a file read once the transaction is through; nothing where that was asked for before."""
    _text, created = FileText.objects.get_or_create(file=file, defaults={"due_at": timezone.now()})
    if created:
        # Where the queue is away nothing is lost: the sweep of each minute finds the row.
        publish_on_commit(READ_TASK, file.pk)


def renew_reading(files: list[int]) -> int:
    """Has files read again that were read, or not read, before; their text stays until then. How many."""
    settled = FileText.objects.filter(file__in=files).exclude(state=TextState.WAITING)
    return settled.update(state=TextState.WAITING, due_at=timezone.now(), attempts=0, reader=0, detail="")


def claim_reading(pk: int, now: datetime) -> FileText | None:
    """The text row of a file, if it is due and nobody else is at it; for the length of a task it is nobody else's."""
    due = FileText.objects.filter(file=pk, state=TextState.WAITING, due_at__lte=now)
    claimed = due.exclude(file__scan_state=ScanState.INFECTED)
    # Counted when it is begun: a reader that kills its worker is not begun for ever.
    if not claimed.update(due_at=now + timedelta(seconds=settings.TASK_SECONDS), attempts=F("attempts") + 1):
        return None
    return FileText.objects.select_related("file").get(file=pk)


def read_stored_file(pk: int) -> bool:
    """Reads a file that is due; whether it is to be gone on with at once. A file that is not due is left alone."""
    text = claim_reading(pk, timezone.now())
    if text is None:
        return False
    if text.attempts > MOST_ATTEMPTS:
        return _fail(text, text.detail or "the reader did not come to an end")
    try:
        with local_content(text.file) as path:
            document = _read(text, path)
    except OSError as fault:
        # Of the store, not of the file: however long it is away, the file is not given up.
        _postpone(text, str(fault) or type(fault).__name__, attempts=text.attempts - 1)
        return False
    except ChildFault as fault:
        if text.attempts >= MOST_ATTEMPTS:
            return _fail(text, str(fault))
        _postpone(text, str(fault), attempts=text.attempts)
        return False
    return _keep(text, document)


def _read(text: FileText, path: Path) -> DocumentText:
    if text.pages is not None and text.detail == MORE and text.reader == VERSION:
        return go_on_with_pictures(path, text.file.kind, unpack(bytes(text.pages)), settings.TEXT_LIMITS)
    return read_document(path, text.file.kind, settings.TEXT_LIMITS)


@contextmanager
def local_content(file: File) -> Iterator[Path]:
    """The content of a stored file as a file on this machine. Raises OSError."""
    storage = store.evidence_storage()
    if isinstance(storage, FileSystemStorage):
        yield Path(storage.path(file.stored))
        return
    with tempfile.NamedTemporaryFile(dir=settings.UPLOAD_DIR) as copy:
        with store.open_stored_content(file.stored) as content:
            for piece in content.chunks(store.CHUNK_BYTES):
                copy.write(piece)
        copy.flush()
        yield Path(copy.name)


def _keep(text: FileText, document: DocumentText) -> bool:
    """Keeps what was read; True where pictures are left that the next run goes on with."""
    own = document_date(document)
    goes_on = document.note == MORE
    words = sorted({term for page in document.pages for term in terms_of(page.text)})[:MOST_WORDS]
    text.state = TextState.WAITING if goes_on else _state(document)
    text.reader, text.pages = VERSION, pack(document)
    text.words = f" {' '.join(words)} " if words else ""
    text.characters, text.document_date = document.characters, own.day if own else None
    text.detail, text.attempts = document.note, 0
    text.due_at, text.read_at = (timezone.now(), text.read_at) if goes_on else (None, timezone.now())
    text.save()
    return goes_on


def _state(document: DocumentText) -> TextState:
    if document.pages and len(document.unread) == len(document.pages):
        return TextState.UNREAD if document.note else TextState.FAILED
    return TextState.PICTURE if document.by_picture else TextState.READ


def pause_after(attempts: int) -> timedelta:
    """How long what could not be done rests before it is tried again."""
    return min(FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 10), LONGEST_PAUSE)


def _postpone(text: FileText, why: str, *, attempts: int) -> None:
    """Keeps the file waiting, each time longer."""
    text.due_at, text.detail, text.attempts = timezone.now() + pause_after(text.attempts), why[:200], attempts
    text.save(update_fields=["due_at", "detail", "attempts"])
    log.warning("the text of evidence %s was not read: %s", text.file.sha256, why)


def _fail(text: FileText, why: str) -> bool:
    text.state, text.reader, text.detail, text.due_at = TextState.FAILED, VERSION, why[:200], None
    text.save(update_fields=["state", "reader", "detail", "due_at"])
    log.error("the text of evidence %s cannot be read: %s", text.file.sha256, why)
    return False
