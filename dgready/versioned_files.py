"""Files of which there are several versions: NAME.yaml is the first, NAME.v2.yaml the second. PURE."""

from __future__ import annotations

import re
from pathlib import Path

_VERSION = re.compile(r"\.v(\d+)$")


def split_version(path: Path) -> tuple[str, int]:
    """The file's name without version and ending, and its version (1 where none is named)."""
    found = _VERSION.search(path.stem)
    return (path.stem[: found.start()], int(found[1])) if found else (path.stem, 1)


def list_versions(folder: Path, pattern: str) -> list[Path]:
    """Files whose name without version matches a pattern of pathlib, by name, the oldest version first."""
    found = {*folder.glob(f"{pattern}.yaml"), *folder.glob(f"{pattern}.v*.yaml")}
    return sorted(found, key=split_version)


def find_version(folder: Path, name: str, version: int | None = None) -> Path | None:
    """The newest file of a name, at most of the given version; None where there is none."""
    found = [path for path in list_versions(folder, name) if split_version(path)[0] == name]
    return next((path for path in reversed(found) if version is None or split_version(path)[1] <= version), None)
