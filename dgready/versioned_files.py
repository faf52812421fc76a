"""Files of which there are several versions: NAME.yaml is the first, NAME.v2.yaml the second. PURE."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Final

from dgready.lru_cache import LruCache

_VERSION = re.compile(r"\.v(\d+)$")


def split_version(path: Path) -> tuple[str, int]:
    """The file's name without version and ending, and its version (1 where none is named)."""
    found = _VERSION.search(path.stem)
    return (path.stem[: found.start()], int(found[1])) if found else (path.stem, 1)


def list_versions(folder: Path, pattern: str) -> list[Path]:
    """Files whose name without version matches a pattern of pathlib, by name, the oldest version first."""
    try:
        changed = folder.stat().st_mtime_ns
    except FileNotFoundError:
        return []
    # A folder's time of change may be the same before and after one that follows at once: then it is read anew.
    if time.time_ns() - changed < _SETTLED_NS:
        return _list_versions(folder, pattern)
    return list(_listed.get((folder, pattern, changed), lambda: _list_versions(folder, pattern)))


_SETTLED_NS: Final = 2_000_000_000
_listed: Final[LruCache[list[Path]]] = LruCache(128)  # names alone: what is in a file may change as it likes


def _list_versions(folder: Path, pattern: str) -> list[Path]:
    found = {*folder.glob(f"{pattern}.yaml"), *folder.glob(f"{pattern}.v*.yaml")}
    return sorted(found, key=split_version)


def find_version(folder: Path, name: str, version: int | None = None) -> Path | None:
    """The newest file of a name, at most of the given version; None where there is none."""
    found = [path for path in list_versions(folder, name) if split_version(path)[0] == name]
    return next((path for path in reversed(found) if version is None or split_version(path)[1] <= version), None)
