"""Making a backup: the database of one moment first, then the files, so that each row of it has its file."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.db import connection
from django.utils import timezone

from dgready.database_locks import try_lock
from evidence.models import File
from reports.backup.contents import Copied, copy_contents
from reports.backup.database import applied_migrations, snapshot
from reports.backup.heads import read_heads
from reports.backup.manifest import (
    DATABASE,
    FILES,
    HEADS,
    MANIFEST,
    NAME,
    SETTINGS,
    BackupError,
    FileEntry,
    Manifest,
    Part,
    backup_name,
    describe_part,
    kept_names,
    read_entries,
    read_manifest,
    write_entries,
    write_json,
)
from reports.backup.targets import Target, open_target
from reports.system.runs import RunKind, record_run

log = logging.getLogger(__name__)
Say = Callable[[str], None]
SAY_EVERY = 5.0  # seconds
_MAX_FAULTS = 50  # that are told one by one
_ASKED = re.compile(r'\benv\.\w+\(\s*"([A-Z0-9_]+)"')


def make_backup(address: str, say: Say = log.info) -> Manifest:
    """Makes a backup at a target, removes those that need not be kept, and records the run.

    Raises BackupError; that run is recorded too. Faults that did not stop it are in the manifest.
    """
    started = timezone.now()
    try:
        with _alone():
            made = _make(address, backup_name(started), say)
    except Exception as error:
        record_run(kind=RunKind.BACKUP, started=started, ok=False, detail={"target": address, "faults": [str(error)]})
        if isinstance(error, (OSError, BotoCoreError, ClientError)):  # of the store, or of the disk
            raise BackupError(str(error)) from error
        raise
    detail = {"target": address, "name": made.name, "files": made.files, "faults": made.faults[:_MAX_FAULTS]}
    record_run(kind=RunKind.BACKUP, started=started, ok=not made.faults, detail=detail)
    return made


def _make(address: str, name: str, say: Say) -> Manifest:
    target, check = open_target(address), progress(say)
    names = backup_names(target)
    if name in names:
        raise BackupError(f"{address} has a backup {name} already")
    with TemporaryDirectory(dir=settings.UPLOAD_DIR) as place:
        folder = Path(place)
        with snapshot() as dump:
            say("database: a snapshot of this moment")
            manifest = Manifest(name, connection.vendor, release(), applied_migrations())
            rows = dict(File.objects.values_list("stored", "size"))
            write_json(folder / HEADS, read_heads())
            dump(folder / DATABASE)
        say(f"database: {(folder / DATABASE).stat().st_size:,} bytes")
        _need_room(target, (folder / DATABASE).stat().st_size)
        copied = copy_contents(target, _earlier_entries(target, names, folder), check)
        say(f"files: {copied.files:,} in {copied.size:,} bytes, of these new {copied.new_files:,}")
        write_entries(folder / FILES, copied.entries)
        (folder / SETTINGS).write_text(json.dumps(settings_in_use(), indent=1) + "\n", encoding="utf-8")
        _complete(manifest, copied, rows)
        _send(target, manifest, folder)
    removed = remove_old(target)
    say(f"backup {name} at {address}" + (f"; removed {', '.join(removed)}" if removed else ""))
    return manifest


def _complete(manifest: Manifest, copied: Copied, rows: dict[str, int]) -> None:
    """What the manifest says of the files: how many, and which rows of the snapshot lack theirs."""
    found = {entry.name: entry.size for entry in copied.entries if entry.store == "evidence"}
    lost = [f"evidence {name} is in the database, not in the store" for name in sorted(rows.keys() - found.keys())]
    short = [
        f"evidence {n} has {found[n]} bytes, not {rows[n]}" for n in sorted(rows) if found.get(n, rows[n]) != rows[n]
    ]
    manifest.faults += [*copied.faults, *lost, *short]
    manifest.files = {
        "count": copied.files,
        "bytes": copied.size,
        "new": copied.new_files,
        "new_bytes": copied.new_size,
    }


def _send(target: Target, manifest: Manifest, folder: Path) -> None:
    """The parts, and the manifest last: a backup that has one is complete."""
    for name in (DATABASE, FILES, HEADS, SETTINGS):
        manifest.parts.append(describe_part(folder / name, name))
        target.put(f"backups/{manifest.name}/{name}", folder / name)
    (folder / MANIFEST).write_text(manifest.dump(), encoding="utf-8")
    target.put(f"backups/{manifest.name}/{MANIFEST}", folder / MANIFEST)


def _need_room(target: Target, size: int) -> None:
    room = target.room()
    if room is not None and room < size + settings.BACKUP_MIN_FREE_BYTES:
        raise BackupError(f"the target has {room:,} bytes free, too few for a database of {size:,}")


def _earlier_entries(target: Target, names: list[str], folder: Path) -> list[FileEntry]:
    if not names:
        return []
    try:
        return list(read_entries(fetch_part(target, load_manifest(target, names[-1], folder), FILES, folder)))
    except BackupError as error:
        log.warning("the backup before cannot be read, all files are copied again: %s", error)
        return []


# -- what lies at a target ------------------------------------------------------------------------


def backup_names(target: Target) -> list[str]:
    """The complete backups of a target, oldest first."""
    parts = (name.split("/") for name in target.sizes("backups"))
    return sorted(words[1] for words in parts if len(words) == 3 and words[2] == MANIFEST and NAME.match(words[1]))


def load_manifest(target: Target, name: str, folder: Path) -> Manifest:
    """The manifest of a backup. Raises BackupError."""
    path = folder / f"{name}.json"
    target.fetch(f"backups/{name}/{MANIFEST}", path)
    return read_manifest(path.read_text(encoding="utf-8")[: settings.BACKUP_LIMITS.output])


def fetch_part(target: Target, manifest: Manifest, name: str, folder: Path) -> Path:
    """A part of a backup as a local file. Raises BackupError when it is not what the manifest says."""
    path, expected = folder / f"{manifest.name}.{name}", manifest.part(name)
    target.fetch(f"backups/{manifest.name}/{name}", path)
    if describe_part(path, name) != Part(name, expected.size, expected.sha256):
        raise BackupError(f"{name} of the backup {manifest.name} is damaged: its SHA-256 is not that of the manifest")
    return path


def remove_old(target: Target) -> list[str]:
    """Removes the backups that need not be kept, and the contents that no kept one lists; returns their names."""
    names = backup_names(target)
    keep = settings.BACKUP_KEEP
    old = sorted(set(names) - kept_names(names, keep.days, keep.weeks))
    if not old:
        return []
    with TemporaryDirectory(dir=settings.UPLOAD_DIR) as place:
        needed, folder = set[str](), Path(place)
        for name in sorted(set(names) - set(old)):  # one that cannot be read stops this: nothing is lost then
            listed = fetch_part(target, load_manifest(target, name, folder), FILES, folder)
            needed.update(entry.content for entry in read_entries(listed))
    # The manifest first: without it a half-removed backup is none.
    every = sorted(
        (n for n in target.sizes("backups") if n.split("/")[1] in old), key=lambda n: not n.endswith(MANIFEST)
    )
    target.delete(every)
    target.delete(sorted(set(target.sizes("contents")) - needed))
    return old


# -- around it ------------------------------------------------------------------------------------


def settings_in_use() -> dict[str, Any]:
    """The names of the variables that this installation is set up by; never their values, which may be secret."""
    text = (settings.BASE_DIR / "dgready" / "settings.py").read_text(encoding="utf-8")
    asked = sorted(set(_ASKED.findall(text)))
    return {"set": [name for name in asked if name in os.environ], "release": release(), "django": django.__version__}


def release() -> str:
    """Which program made it."""
    try:
        return version("dgready")
    except PackageNotFoundError:
        return "from its source"


def progress(say: Say) -> Callable[[int, int], None]:
    """Says every few seconds how far it is; stops what takes longer than BACKUP_LIMITS allows."""
    end = time.monotonic() + settings.BACKUP_LIMITS.seconds
    said = time.monotonic()

    def check(files: int, size: int) -> None:
        nonlocal said
        now = time.monotonic()
        if now > end:
            raise BackupError(f"not done within {settings.BACKUP_LIMITS.seconds} seconds (BACKUP_SECONDS)")
        if now - said > SAY_EVERY:
            said = now
            say(f"files: {files:,} so far, {size:,} bytes")

    return check


@contextmanager
def _alone() -> Iterator[None]:
    """One backup at a time, on whatever machine: two would remove each other's contents.

    The file too: a backup goes on for hours in which the connection that holds the database's lock may end.
    """
    with (Path(settings.VAR_DIR) / "backup.lock").open("a") as file, try_lock("backup") as is_ours:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BackupError("another backup is running") from error
        if not is_ours:
            raise BackupError("another backup is running, on another machine")
        yield
