"""The store of made files: one object per attempt of a job, never reached but through a permission check."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage

from reports.models import Job

CHUNK_BYTES = 1024 * 1024


class StorageError(Exception):
    """The store did not take the file; it may the next time."""


@dataclass(frozen=True, slots=True)
class StoredJobFile:
    """A file as it lies in the store."""

    stored: str
    size: int
    sha256: str


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read piece by piece."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK_BYTES):
            total.update(piece)
    return total.hexdigest()


def store_job_file(path: Path, job: Job, name: str) -> StoredJobFile:
    """Puts a made file into the store. Raises StoreFault."""
    wanted = f"jobs/{job.public_id}/{job.attempts}{Path(name).suffix}"
    sha256, size = file_sha256(path), path.stat().st_size
    try:
        with path.open("rb") as file:
            stored = default_storage.save(wanted, File(file))
    except Exception as fault:  # each store has errors of its own
        raise StorageError(repr(fault)) from fault
    return StoredJobFile(stored, size, sha256)


def delete_job_file(stored: str) -> None:
    """Removes a file that no job points at."""
    default_storage.delete(stored)


def open_job_file(stored: str) -> File[bytes]:
    """The file, to be read piece by piece. Raises FileNotFoundError."""
    file = default_storage.open(stored)
    file.size  # noqa: B018 - an object store looks for the file only now
    return file
