"""The store of job files: one object per attempt of a job, never reached but through a permission check."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage

from dgready.disk import file_sha256
from dgready.store_faults import STORE_FAULTS
from reports.models import Job


class StorageError(Exception):
    """The store did not take the file; it may the next time."""


FAULTS: Final[tuple[type[Exception], ...]] = (StorageError, *STORE_FAULTS)


@dataclass(frozen=True, slots=True)
class StoredJobFile:
    """A file in the store: its name there, its size in bytes, its hash."""

    name: str
    size: int
    sha256: str


def job_folder(public_id: UUID) -> str:
    """The folder of a job's files in the store."""
    return f"jobs/{public_id}"


def store_job_file(path: Path, job: Job, name: str) -> StoredJobFile:
    """Puts a made file into the store. Raises StorageError."""
    wanted_name = f"{job_folder(job.public_id)}/{job.attempts}{Path(name).suffix}"
    sha256, size = file_sha256(path), path.stat().st_size
    try:
        with path.open("rb") as file:
            stored_name = default_storage.save(wanted_name, File(file))
    except Exception as error:  # each store has errors of its own
        raise StorageError(repr(error)) from error
    return StoredJobFile(stored_name, size, sha256)


def delete_job_file(name: str) -> None:
    """Deletes a file that no job refers to."""
    default_storage.delete(name)
