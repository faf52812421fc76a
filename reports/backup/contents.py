"""The files of all stores: listing them, copying new contents to a target, putting them back.

At a target each content lies once, under its SHA-256, for all backups together; what an earlier backup has is neither
read nor sent again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from dgready.disk import file_sha256, stream_sha256
from evidence.store import stored_name
from reports.backup.manifest import BackupError, FileEntry
from reports.backup.targets import Target

CHUNK_BYTES = 1 << 20
MAX_FAULTS = 50  # files that may be unreadable before the store itself is taken for broken
Check = Callable[[int, int], None]  # of files and bytes so far: says them, and stops what takes too long


def store_names() -> list[str]:
    """The stores whose files belong to the data: all but the static files of the program."""
    return sorted(name for name in settings.STORAGES if name != "staticfiles")


def list_store(store: str) -> Iterator[FileEntry]:
    """The files of a store, without their hashes."""
    storage = storages[store]
    if isinstance(storage, FileSystemStorage):
        yield from _list_folder(store, Path(storage.base_location))
        return
    bucket, prefix = storage.bucket, f"{storage.location.strip('/')}/"  # type: ignore[attr-defined]
    for one in bucket.objects.filter(Prefix=prefix):
        yield FileEntry(store, one.key.removeprefix(prefix), one.size, one.last_modified.timestamp(), "")


def _list_folder(store: str, base: Path) -> Iterator[FileEntry]:
    for folder, folders, names in os.walk(base):
        folders[:] = sorted(name for name in folders if not name.startswith("."))  # .incoming: not yet complete
        for name in sorted(names):
            path = Path(folder, name)
            try:
                stat = path.stat()
            except FileNotFoundError:  # a made paper that was just deleted
                continue
            yield FileEntry(store, path.relative_to(base).as_posix(), stat.st_size, stat.st_mtime, "")


@dataclass(slots=True)
class Copied:
    """What was found and copied. `entries`: all files, with their hashes."""

    entries: list[FileEntry] = field(default_factory=list)
    files: int = 0
    size: int = 0
    new_files: int = 0
    new_size: int = 0
    faults: list[str] = field(default_factory=list)


def copy_contents(target: Target, earlier: Iterable[FileEntry], check: Check) -> Copied:
    """Brings every content that the target lacks there; what cannot be read is a fault and stops nothing."""
    known = {(entry.store, entry.name): entry for entry in earlier}
    there = target.sizes("contents")
    done = Copied()
    for store in store_names():
        for entry in list_store(store):
            check(done.files, done.size)
            try:
                _copy_one(target, entry, known.get((entry.store, entry.name)), there, done)
            except FileNotFoundError:  # deleted since it was listed: no row of the snapshot needs it, or it is told
                continue
            except (OSError, BotoCoreError, ClientError) as error:
                done.faults.append(f"{entry.store} {entry.name} cannot be read: {error}")
                if len(done.faults) > MAX_FAULTS:
                    raise BackupError(f"too much cannot be read: {'; '.join(done.faults[:3])} …") from error
    return done


def _copy_one(target: Target, entry: FileEntry, before: FileEntry | None, there: dict[str, int], done: Copied) -> None:
    same = before is not None and (before.size, before.modified) == (entry.size, entry.modified)
    if before is None or not same or there.get(before.content) != entry.size:
        with _local(storages[entry.store], entry.name) as (path, kept):
            before = FileEntry(entry.store, entry.name, path.stat().st_size, entry.modified, file_sha256(path))
            if there.get(before.content) != before.size:
                target.put(before.content, path, keep=kept)
                there[before.content] = before.size
                done.new_files += 1
                done.new_size += before.size
    wanted = named_digest(before)
    if wanted != before.sha256:
        saved = replace(before, sha256=wanted)
        if saved.content in there:  # restoring heals it
            before = replace(saved, size=there[saved.content])
        rescue = "; an earlier backup has the right ones" if before.sha256 == wanted else ""
        done.faults.append(f"evidence {before.name}: its bytes are not those that were put in{rescue}")
    done.entries.append(before)
    done.files += 1
    done.size += before.size


def named_digest(entry: FileEntry) -> str:
    """The SHA-256 a file should have: that in its name where it has one, as evidence does."""
    digest = Path(entry.name).name[:64]
    return digest if entry.store == "evidence" and entry.name.startswith(stored_name(digest)) else entry.sha256


@contextmanager
def _local(storage: Storage, name: str) -> Iterator[tuple[Path, bool]]:
    """A stored file as a local one, and whether it stays."""
    if isinstance(storage, FileSystemStorage):
        yield Path(storage.path(name)), True
        return
    with NamedTemporaryFile(dir=settings.UPLOAD_DIR) as out:
        with storage.open(name, "rb") as file:
            while piece := file.read(CHUNK_BYTES):
                out.write(piece)
        out.flush()
        yield Path(out.name), False


def missing_contents(target: Target, entries: Iterable[FileEntry]) -> list[str]:
    """What a backup lists and the target lacks."""
    there = target.sizes("contents")
    return [f"{one.store} {one.name}" for one in entries if there.get(one.content) != one.size]


def put_back(target: Target, entries: Iterable[FileEntry], check: Check) -> tuple[int, int]:
    """Writes the files of a backup into their stores; returns how many were written and how many were there.

    Raises BackupError when a content is not what its name says.
    """
    written = size = there = 0
    for entry in entries:
        check(written + there, size)
        size += entry.size
        storage = storages[entry.store]
        if _has(storage, entry):
            there += 1
            continue
        with NamedTemporaryFile(dir=settings.UPLOAD_DIR) as out:
            path = Path(out.name)
            target.fetch(entry.content, path)
            if file_sha256(path) != entry.sha256:
                raise BackupError(f"{entry.content} at the target is damaged ({entry.store} {entry.name})")
            if storage.exists(entry.name):
                storage.delete(entry.name)
            with path.open("rb") as file:
                saved = storage.save(entry.name, File(file))
        if saved != entry.name:
            raise BackupError(f"{entry.store} {entry.name} was stored as {saved}")
        written += 1
    return written, there


def _has(storage: Storage, entry: FileEntry) -> bool:
    try:
        if not storage.exists(entry.name) or storage.size(entry.name) != entry.size:
            return False
        with storage.open(entry.name, "rb") as file:
            return stream_sha256(file) == entry.sha256
    except FileNotFoundError:
        return False
