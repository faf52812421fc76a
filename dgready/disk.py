"""Files on disk: their SHA-256, and making sure that they are there. PURE."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final, Protocol

CHUNK_BYTES: Final = 1 << 20


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def stream_sha256(file: _Readable) -> str:
    """SHA-256 of an open file from where it stands, read in chunks."""
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read in chunks."""
    with path.open("rb") as file:
        return stream_sha256(file)


def sync_path(path: Path) -> None:
    """Waits until a file, or the names in a folder, are safe on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
