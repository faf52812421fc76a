"""What has come of an upload, in the bucket: an object for each part, safe there before it is told.

Several web machines take the parts of one upload, whichever the proxy chooses, and any worker attaches it. The database
says how far it is; an object that was written and never told is written again, or covered by the one that is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.files import File

from dgready.database_locks import try_lock
from dgready.disk import CHUNK_BYTES
from dgready.limits import UploadLimits
from dgready.s3 import LimitedS3Storage
from evidence.store import evidence_storage
from evidence.uploading.parts import Body, PartBusyError, PartContent, pieces

PREFIX: Final = "parts"  # of the bucket, beside evidence and files
MEMORY_BYTES: Final = 4 << 20  # of one part; a longer one waits on the disk


def storage() -> LimitedS3Storage:
    """Where the parts lie."""
    evidence = evidence_storage()
    assert isinstance(evidence, LimitedS3Storage), "the parts lie in a bucket where the evidence does"
    return evidence.beside(PREFIX)


def make_part(public_id: UUID) -> None:
    """Nothing has to be made before the first part."""


def remove_part(public_id: UUID) -> None:
    """Deletes what came; nothing where there is nothing."""
    for name in _names(public_id):
        storage().delete(name)


@contextmanager
def locked_part(public_id: UUID) -> Iterator[UUID]:
    """The upload is nobody else's while the block runs, on whatever machine. Raises PartBusyError."""
    with try_lock(f"upload {public_id.hex}") as is_ours:
        if not is_ours:
            raise PartBusyError(str(public_id))
        yield public_id


def append_part(public_id: UUID, offset: int, most: int, body: Body, limits: UploadLimits) -> int:
    """Stores what comes behind `offset`, at most `most` bytes; how many are safe in the bucket afterwards, from there.

    Raises StoreAwayError.
    """
    with tempfile.SpooledTemporaryFile(MEMORY_BYTES, dir=str(settings.UPLOAD_DIR)) as file:
        for piece in pieces(body, most, limits):
            file.write(piece)
        if size := file.tell():
            file.seek(0)
            storage().save(f"{public_id.hex}/{offset:015d}-{size}", File(file, name="part"))
    return size


@contextmanager
def complete_content(public_id: UUID, name: str, length: int) -> Iterator[PartContent | None]:
    """All that came, put together on this machine's disk; None where it is not as long as it should be."""
    with tempfile.NamedTemporaryFile(dir=settings.UPLOAD_DIR) as file:
        for begin, one in _in_order(public_id, length):
            with storage().open(one, "rb") as part:
                part.seek(file.tell() - begin)
                while piece := part.read(CHUNK_BYTES):
                    file.write(piece)
        file.flush()
        yield PartContent(Path(file.name), name) if file.tell() == length else None


def _in_order(public_id: UUID, length: int) -> Iterator[tuple[int, str]]:
    """Where each part begins, and its name: those that cover the file. Two of one beginning hold the same bytes."""
    known = []
    for name in _names(public_id):
        begin, _, size = name.rpartition("/")[2].partition("-")
        known.append((int(begin), int(begin) + int(size), name))
    reached = 0
    while reached < length:
        covering = [part for part in known if part[0] <= reached < part[1]]
        if not covering:
            return
        start, end, name = max(covering, key=lambda part: part[1])
        yield start, name
        reached = end


def _names(public_id: UUID) -> list[str]:
    return [f"{public_id.hex}/{name}" for name in storage().listdir(public_id.hex)[1]]


def safe_size(public_id: UUID, told: int) -> int:
    """Where the next part begins: the bucket keeps what it has acknowledged."""
    return told


def has_room(length: int) -> bool:
    """The bucket says so itself when it is full."""
    return True


def kept_uploads() -> Iterator[UUID]:
    """The uploads of which something lies here."""
    for name in storage().listdir("")[0]:
        yield UUID(name)


def changed_before(public_id: UUID, moment: float) -> bool:
    """Whether something is there and nothing has come since a moment (seconds since 1970)."""
    times = [storage().get_modified_time(name).timestamp() for name in _names(public_id)]
    return bool(times) and max(times) < moment
