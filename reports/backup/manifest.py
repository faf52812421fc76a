"""What a backup says of itself: its parts with their hashes, its files, and which backups are kept. PURE."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from dgready.disk import file_sha256

FORMAT: Final = "dgready backup 1"
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database"
FILES: Final = "files.jsonl.gz"
HEADS: Final = "heads.json.gz"
SETTINGS: Final = "settings.json"
NAME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d{6}-\d{6}Z\Z")
_NAME_FORMAT: Final = "%Y-%m-%dT%H%M%S-%fZ"


class BackupError(Exception):
    """A backup or a restore that cannot go on; the text says why, for operators."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of a store: where it is, its size in bytes, when it was written (seconds since 1970), its SHA-256."""

    store: str
    name: str
    size: int
    modified: float
    sha256: str

    @property
    def content(self) -> str:
        """The name of its content at the target, where each content lies once."""
        return f"contents/{self.sha256[:2]}/{self.sha256}"


@dataclass(slots=True)
class Manifest:
    """What a backup consists of. `faults`: what was not as it should be, in words for operators."""

    name: str
    engine: str
    release: str
    migrations: dict[str, list[str]]
    parts: list[Part] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    format: str = FORMAT

    def dump(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def part(self, name: str) -> Part:
        """A part by its name. Raises BackupError."""
        for part in self.parts:
            if part.name == name:
                return part
        raise BackupError(f"the backup {self.name} has no part {name}")


def read_manifest(text: str) -> Manifest:
    """The manifest of a JSON text. Raises BackupError."""
    try:
        data = json.loads(text)
        if data.get("format") != FORMAT or not NAME.match(data["name"]):
            raise BackupError(f"not a manifest of this program: format {data.get('format')!r}")
        return Manifest(**{**data, "parts": [Part(**part) for part in data["parts"]]})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupError(f"the manifest cannot be read: {error}") from error


def describe_part(path: Path, name: str) -> Part:
    """A made file as a part."""
    return Part(name, path.stat().st_size, file_sha256(path))


def write_json(path: Path, value: Any) -> None:
    """Writes plain values, compressed."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as out:
        json.dump(value, out, ensure_ascii=False)


def read_json(path: Path, limit: int) -> Any:
    """Plain values that `write_json` wrote; at most `limit` bytes. Raises BackupError."""
    with gzip.open(path, "rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise BackupError(f"{path.name} is larger than {limit} bytes")
    return json.loads(content)


def write_entries(path: Path, entries: Iterable[FileEntry]) -> None:
    """Writes the list of files, one a line, compressed."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as out:
        for entry in entries:
            out.write(json.dumps(list(asdict(entry).values()), ensure_ascii=False) + "\n")


def read_entries(path: Path) -> Iterator[FileEntry]:
    """The list of files."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield FileEntry(*json.loads(line))


# -- names and keeping ----------------------------------------------------------------------------


def backup_name(at: datetime) -> str:
    """The name of a backup made at a moment; names sort by time."""
    return at.astimezone(UTC).strftime(_NAME_FORMAT)


def backup_time(name: str) -> datetime:
    """When a backup was made."""
    return datetime.strptime(name, _NAME_FORMAT).replace(tzinfo=UTC)


def kept_names(names: Iterable[str], days: int, weeks: int) -> set[str]:
    """Those to keep: all of the `days` before the newest, the newest of each of the `weeks` before it, the newest."""
    ordered = sorted(names, reverse=True)
    if not ordered:
        return set()
    newest = backup_time(ordered[0])
    kept, seen = {ordered[0]}, set[tuple[int, int]]()
    for name in ordered:
        at = backup_time(name)
        if newest - at < timedelta(days=days):
            kept.add(name)
        week = at.isocalendar()[:2]
        if newest - at < timedelta(weeks=weeks) and week not in seen:
            kept.add(name)
        seen.add(week)
    return kept
