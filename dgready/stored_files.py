"""Files in the stores, handed out only when they are, byte by byte, what was put in."""

from __future__ import annotations

import os
import time
from collections.abc import Hashable
from typing import Any, Final

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.http import FileResponse

from dgready.disk import stream_sha256
from dgready.lru_cache import LruCache

REMEMBERED_SECONDS: Final = 600  # a file on disk is read for its hash at most once in that time, while it is unchanged
_digests: LruCache[str] = LruCache(2000)


class StoredFileFault(Exception):
    """A file of a store is missing (`found` is empty), or is not the one that was put in.

    `store` is the name of the storage in the settings, `name` the file's name there; `expected` and `found` are
    SHA-256.
    """

    def __init__(self, store: str, name: str, expected: str, found: str) -> None:
        super().__init__(f"{store}/{name}: expected {expected}, found {found or 'nothing'}")
        self.store, self.name, self.expected, self.found = store, name, expected, found

    @property
    def is_missing(self) -> bool:
        """Whether there is no such file in the store."""
        return not self.found


def open_verified(store: str, name: str, sha256: str, *, anew: bool = False) -> File[Any]:
    """The file, open for reading at its beginning, once its bytes have been hashed. Raises StoredFileFault.

    What is hashed is what is handed out: of a folder the same open file, of a bucket the same downloaded copy. One
    that was found right a moment ago, and has not changed since by all that the store tells of it, is not read again.
    `anew`: all bytes are read.
    """
    storage = storages[store]
    try:
        file = storage.open(name, "rb")
    except FileNotFoundError as error:
        raise StoredFileFault(store, name, sha256, "") from error
    try:
        version = None if anew else _version(storage, name, file)
        found = _digests.get(version, lambda: _read_digest(file))
    except FileNotFoundError as error:  # an object store looks for the file only when it is read
        file.close()
        raise StoredFileFault(store, name, sha256, "") from error
    except BaseException:
        file.close()
        raise
    if found != sha256:
        file.close()
        raise StoredFileFault(store, name, sha256, found)
    return file


def _read_digest(file: File[Any]) -> str:
    digest = stream_sha256(file)
    file.seek(0)
    return digest


def _version(storage: Storage, name: str, file: File[Any]) -> Hashable | None:
    """What tells one version of a file from another, for REMEMBERED_SECONDS; None where the store tells nothing.

    On disk the time of change cannot be set back by the file's owner; a bucket tells entity tag and time.
    """
    period = int(time.monotonic() // REMEMBERED_SECONDS)
    if isinstance(storage, FileSystemStorage):
        stat = os.fstat(file.fileno())
        return (name, stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, period)
    tag = getattr(file, "version_tag", None)
    return tag and (name, *tag, period)


def private_file_response(
    content: File[Any], *, name: str, media_type: str, size: int, shown: bool = False
) -> FileResponse:
    """The answer with a private file: to be saved (unless `shown`), never as part of this site, kept by no cache."""
    answer = FileResponse(content, as_attachment=not shown, filename=name, content_type=media_type)
    answer["Content-Length"] = str(size)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
