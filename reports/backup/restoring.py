"""Restoring a backup: everything is looked at first, then the files come, then the database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command

from reports.backup import database
from reports.backup.contents import missing_contents, put_back
from reports.backup.heads import differing_heads, read_heads
from reports.backup.making import Say, backup_names, fetch_part, load_manifest, progress
from reports.backup.manifest import DATABASE, FILES, HEADS, BackupError, FileEntry, Manifest, read_entries, read_json
from reports.backup.targets import Target, open_target

_LISTED = 20  # missing contents that are told one by one


@dataclass(frozen=True, slots=True)
class Chosen:
    """A backup that was looked at: its parts are here, whole, and its contents are at the target."""

    target: Target
    manifest: Manifest
    dump: Path
    entries: list[FileEntry]
    heads: dict[str, Any]


def check_backup(address: str, name: str | None, folder: Path) -> Chosen:
    """The named backup of a target, or the newest, brought into a folder. Raises BackupError when it is not whole."""
    target = open_target(address)
    names = backup_names(target)
    if not names or (name and name not in names):
        raise BackupError(f"{address} has no backup {name}" if name else f"{address} has no complete backup")
    manifest = load_manifest(target, name or names[-1], folder)
    entries = list(read_entries(fetch_part(target, manifest, FILES, folder)))
    if missing := missing_contents(target, entries):
        more = f" and {len(missing) - _LISTED} more" if len(missing) > _LISTED else ""
        raise BackupError(f"the target lacks {', '.join(missing[:_LISTED])}{more}")
    for part in manifest.parts:
        fetch_part(target, manifest, part.name, folder)
    heads = read_json(folder / f"{manifest.name}.{HEADS}", settings.BACKUP_LIMITS.output)
    return Chosen(target, manifest, folder / f"{manifest.name}.{DATABASE}", entries, heads)


def refuse_unfit(manifest: Manifest, confirmed: str | None) -> None:
    """Raises BackupError when this installation must not, or cannot, take this backup."""
    if manifest.engine != database.engine():
        raise BackupError(f"the backup is of {manifest.engine}, this installation has {database.engine()}")
    if unknown := database.unknown_migrations(manifest.migrations):
        raise BackupError(f"the backup is newer than this program, which does not know {', '.join(unknown[:5])}")
    if confirmed != database.database_name() and not database.is_empty():
        raise BackupError(
            f"the database {database.database_name()} is not empty; --replace asks for its name and replaces it"
        )


def restore_backup(address: str, name: str | None, say: Say, *, confirmed: str | None = None) -> list[str]:
    """Restores a backup; returns what differs from what its manifest names, in words. Raises BackupError.

    A database with rows is replaced only when `confirmed` is its name. Until the files are complete it is untouched.
    """
    with TemporaryDirectory(dir=settings.UPLOAD_DIR) as place:
        chosen = check_backup(address, name, Path(place))
        manifest = chosen.manifest
        say(f"backup {manifest.name}: {len(manifest.parts)} parts and {len(chosen.entries):,} files are there")
        refuse_unfit(manifest, confirmed)
        try:
            written, there = put_back(chosen.target, chosen.entries, progress(say))
        except (OSError, BotoCoreError, ClientError) as error:  # of a store, or of the disk
            raise BackupError(f"the files could not be put back: {error}") from error
        say(f"files: {written:,} written, {there:,} were there")
        database.replace_database(chosen.dump)
        faults = differing_heads(chosen.heads, read_heads())
    if database.missing_migrations():  # the backup is of an older release
        call_command("migrate", interactive=False, verbosity=0)
    cache.clear()  # what was remembered of the other database
    say(f"database: {manifest.engine}, {chosen.heads['events']:,} events")
    return faults + [f"when it was made: {fault}" for fault in manifest.faults]


def describe(manifest: Manifest) -> str:
    """One line about a backup, for lists."""
    size = sum(part.size for part in manifest.parts) + manifest.files.get("bytes", 0)
    faults = f", {len(manifest.faults)} fault(s)" if manifest.faults else ""
    return f"{manifest.name}  {manifest.files.get('count', 0):,} files  {size:,} bytes{faults}"


def as_json(manifest: Manifest) -> dict[str, Any]:
    """A manifest as JSON carries it."""
    return dict(json.loads(manifest.dump()))
