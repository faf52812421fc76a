"""What has come of an upload, on disk: one file each, written by one request at a time, safe before it is told.

Of an installation whose evidence lies in a folder. Where it lies in a bucket, so do the parts: `shared_parts`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from django.conf import settings

from dgready.disk import CHUNK_BYTES, sync_path
from dgready.limits import UploadLimits

FOLDER: Final = ".parts"  # in UPLOAD_DIR; the general sweep of that folder leaves hidden names alone
PIECE_BYTES: Final = 256 << 10
FREE_BYTES: Final = 200 * 1024**2  # that uploads leave free on the disk


class PartBusyError(Exception):
    """Another request or task is at this upload."""


class Body(Protocol):
    """The body of a request."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at its end."""


def folder() -> Path:
    """The folder of the parts, which is made where it is missing."""
    path = Path(settings.UPLOAD_DIR) / FOLDER
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_path(path.parent)
    return path


def part_path(public_id: UUID) -> Path:
    """Where the bytes of an upload lie. The name is ours alone: nothing that was sent is part of it."""
    return folder() / public_id.hex


def size_on_disk(public_id: UUID) -> int:
    """Bytes that lie there; a file that is gone has none."""
    try:
        return part_path(public_id).stat().st_size
    except FileNotFoundError:
        return 0


def make_part(public_id: UUID) -> None:
    """Makes the empty file, safe on disk."""
    path = part_path(public_id)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    sync_path(path.parent)


def remove_part(public_id: UUID) -> None:
    """Deletes what came; nothing where there is nothing."""
    with suppress(FileNotFoundError):
        part_path(public_id).unlink()


@contextmanager
def locked_part(public_id: UUID) -> Iterator[int]:
    """The open file, nobody else's while the block runs. Raises PartBusyError.

    The lock is the kernel's: that of a process that was killed is gone with it.
    """
    descriptor = os.open(part_path(public_id), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PartBusyError(str(public_id)) from None
        yield descriptor
    finally:
        os.close(descriptor)


def append_part(descriptor: int, offset: int, most: int, body: Body, limits: UploadLimits) -> int:
    """Writes what comes behind `offset`, at most `most` bytes; how many are safe on disk afterwards, from there.

    Ends early when its slice of time or bytes is over, or when the client goes: what came until then is kept.
    """
    os.ftruncate(descriptor, offset)  # what was written and never told is written again
    os.lseek(descriptor, offset, os.SEEK_SET)
    written = 0
    for piece in pieces(body, most, limits):
        _write_all(descriptor, piece)
        written += len(piece)
    os.fsync(descriptor)
    return written


def pieces(body: Body, most: int, limits: UploadLimits) -> Iterator[bytes]:
    """What comes, at most `most` bytes, until the slice of time or bytes is over or the client goes."""
    end = time.monotonic() + limits.slice_seconds
    left = min(most, limits.slice_bytes)
    while left and time.monotonic() < end:
        try:
            piece = body.read(min(PIECE_BYTES, left))
        except OSError:
            break
        if not piece:
            break
        yield piece
        left -= len(piece)


def _write_all(descriptor: int, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[os.write(descriptor, view) :]


@dataclass(frozen=True, slots=True)
class PartContent:
    """A complete upload, to be read as evidence.store reads one."""

    path: Path
    name: str

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The content, piece by piece."""
        with self.path.open("rb") as file:
            while piece := file.read(chunk_size or CHUNK_BYTES):
                yield piece


@contextmanager
def complete_content(public_id: UUID, name: str, length: int) -> Iterator[PartContent | None]:
    """All that came, to be read; None where it is not as long as it should be."""
    yield PartContent(part_path(public_id), name) if size_on_disk(public_id) == length else None


def safe_size(public_id: UUID, told: int) -> int:
    """Where the next part begins: behind what is told as safe and still lies there."""
    return min(told, size_on_disk(public_id))


def has_room(length: int) -> bool:
    """Whether the disk has room for so many more bytes."""
    return shutil.disk_usage(folder()).free >= length + FREE_BYTES


def kept_uploads() -> Iterator[UUID]:
    """The uploads of which something lies here."""
    for entry in os.scandir(folder()):
        with suppress(ValueError):
            yield UUID(entry.name)


def changed_before(public_id: UUID, moment: float) -> bool:
    """Whether its bytes are there and have not changed since a moment (seconds since 1970)."""
    try:
        return part_path(public_id).stat().st_mtime < moment
    except FileNotFoundError:
        return False
