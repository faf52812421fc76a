"""The store of evidence files: each content once under its SHA-256, safe on disk before a row names it."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Protocol

from django.conf import settings
from django.core.files import File as DjangoFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.translation import gettext_lazy as _

from dgready.disk import sync_path
from evidence.files.refusal import EvidenceRefused
from evidence.files.sizes import format_size
from evidence.files.uploads import form_file_limit

STORE: Final = "evidence"  # in the settings
CHUNK_BYTES: Final = 1 << 16
INCOMING_FOLDER: Final = ".incoming"
STALE_SECONDS: Final = 24 * 3600  # seconds after which what a killed process left behind is swept away


class UnreadableContent(Exception):
    """A stored content cannot be read now."""


class Upload(Protocol):
    """A file as Django hands it over, or anything else that can be read in chunks."""

    def chunks(self, chunk_size: int | None = None) -> Iterable[bytes]:
        """The content, piece by piece."""


@dataclass(frozen=True, slots=True)
class SpooledUpload:
    """An upload on local disk, complete, not yet in the store."""

    path: Path
    sha256: str
    size: int


def evidence_storage() -> Storage:
    """The storage of evidence: a folder, or a bucket."""
    return storages[STORE]


def require_answering_store() -> None:
    """Raises StoreAwayError when it is known that the store does not answer: no file need be looked into then."""
    require = getattr(evidence_storage(), "require_answering", None)
    if require is not None:
        require()


def stored_name(sha256: str) -> str:
    """The name of a content in the store."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


@contextmanager
def spool_upload(upload: Upload, limit: int | None = None) -> Iterator[SpooledUpload]:
    """The upload streamed to a temporary file, which is deleted afterwards unless `store_content` moved it.

    Raises EvidenceRefused when it is longer than `limit` bytes (EVIDENCE_MAX_BYTES).
    """
    limit = settings.EVIDENCE_MAX_BYTES if limit is None else limit
    folder = _incoming_folder()
    descriptor, name = tempfile.mkstemp(dir=folder)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            digest, size = _copy_upload(upload, out, limit)
            out.flush()
            os.fsync(out.fileno())
        yield SpooledUpload(path, digest, size)
    finally:
        with suppress(FileNotFoundError):
            path.unlink()


def _copy_upload(upload: Upload, out: IO[bytes], limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    if getattr(upload, "too_large", False):
        raise too_large_refusal(min(limit, form_file_limit()))
    for chunk in upload.chunks(CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            raise too_large_refusal(limit)
        digest.update(chunk)
        out.write(chunk)
    return digest.hexdigest(), size


def too_large_refusal(limit: int) -> EvidenceRefused:
    """The refusal of a file over the limit (bytes)."""
    return EvidenceRefused("size", _("ไฟล์ใหญ่เกิน %(limit)s ต่อไฟล์") % {"limit": format_size(limit)})


def keep_beginning(content: SpooledUpload, length: int) -> SpooledUpload:
    """The upload cut to its first `length` bytes, on disk too."""
    digest, left = hashlib.sha256(), length
    with content.path.open("r+b") as file:
        file.truncate(length)
        while chunk := file.read(min(CHUNK_BYTES, left)):
            digest.update(chunk)
            left -= len(chunk)
        os.fsync(file.fileno())
    return SpooledUpload(content.path, digest.hexdigest(), length)


def replace_content(content: SpooledUpload, made: bytes) -> SpooledUpload:
    """The upload with what was made of it in its place, on disk too."""
    with content.path.open("r+b") as file:
        file.truncate(0)
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    return SpooledUpload(content.path, hashlib.sha256(made).hexdigest(), len(made))


def store_content(content: SpooledUpload) -> str:
    """Moves the content into the store unless it is there already; returns its name in the store."""
    storage, name = evidence_storage(), stored_name(content.sha256)
    if isinstance(storage, FileSystemStorage):
        _store_on_disk(storage, name, content)
        return name
    if storage.exists(name) and storage.size(name) == content.size:
        return name
    with content.path.open("rb") as file:
        return storage.save(name, DjangoFile(file, name=name))


def _store_on_disk(storage: FileSystemStorage, name: str, content: SpooledUpload) -> None:
    target = Path(storage.path(name))
    if target.exists() and target.stat().st_size == content.size:
        return
    mode = storage.directory_permissions_mode or 0o700
    for folder in (Path(storage.base_location), target.parent.parent, target.parent):
        if not folder.is_dir():
            folder.mkdir(mode=mode, parents=True, exist_ok=True)
            sync_path(folder.parent)
    content.path.chmod(storage.file_permissions_mode or 0o600)
    # A name that exists stands for a complete content: it appears by a rename, after its bytes are safe.
    os.replace(content.path, target)
    sync_path(target.parent)


def open_stored_content(name: str) -> DjangoFile[Any]:
    """The stored content for reading. Raises FileNotFoundError."""
    return evidence_storage().open(name, "rb")


def _incoming_folder() -> Path:
    """The folder for uploads not yet stored, on the disk of the store if that is a folder; old ones are swept away."""
    storage = evidence_storage()
    base = Path(storage.base_location) if isinstance(storage, FileSystemStorage) else Path(settings.UPLOAD_DIR)
    folder = base / INCOMING_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    oldest = time.time() - STALE_SECONDS
    for leftover in os.scandir(folder):
        with suppress(FileNotFoundError):
            if leftover.stat().st_mtime < oldest:
                os.unlink(leftover.path)
    return folder
