"""Locks that hold on all machines of the installation: work that one does at a time, wherever it was queued.

On PostgreSQL the lock is the database's and belongs to the connection: that of a process that was killed, or of a
machine that is cut off, ends with it. On SQLite, which is one machine, it is the kernel's lock of a file.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import Error, connection


@contextmanager
def try_lock(name: str) -> Iterator[bool]:
    """Whether the lock is ours for the length of the block; never waits. Not for use inside a transaction.

    Whatever must not happen twice also needs a row that says it is done, read inside the block: a second message may
    come when the first one's work is over.
    """
    if connection.vendor == "postgresql":
        with _advisory_lock(name) as is_ours:
            yield is_ours
    else:
        with _file_lock(name) as is_ours:
            yield is_ours


@contextmanager
def _advisory_lock(name: str) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            _unlock(name)


def _unlock(name: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
    except Error:  # the lock ends with its connection
        if not connection.in_atomic_block:
            connection.close()


@contextmanager
def _file_lock(name: str) -> Iterator[bool]:
    path = Path(settings.UPLOAD_DIR) / f"lock-{hashlib.sha256(name.encode()).hexdigest()[:32]}"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.utime(descriptor)  # what is in use is not swept away
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
