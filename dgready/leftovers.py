"""Sweeps away what killed processes left on this machine's disks: unfinished uploads, folders of children, of jobs."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

log = logging.getLogger(__name__)
STALE_SECONDS: Final = 24 * 3600  # no request and no task takes so long
TEMPORARY_NAMES: Final = "dgready-*"  # of what this application makes in the system's folder for temporary files


def sweep_folder(folder: Path, pattern: str = "*", oldest: float | None = None) -> int:
    """Deletes what matches in a folder and has not changed for STALE_SECONDS; returns how many things that were.

    What other users own, what holds our own files, and links stay as they are.
    """
    limit = time.time() - STALE_SECONDS if oldest is None else oldest
    swept = 0
    for path in sorted(folder.glob(pattern)) if folder.is_dir() else []:
        if _is_ours(path) and _is_unchanged_since(path, limit):
            swept += _delete(path)
    return swept


def sweep_local_files() -> dict[str, int]:
    """Sweeps the application's folders for temporary files; how many things were deleted, by place."""
    incoming = settings.UPLOAD_DIR / ".incoming"
    return {
        "uploads": sweep_folder(settings.UPLOAD_DIR, "[!.]*") + sweep_folder(incoming),
        "temporary": sweep_folder(Path(tempfile.gettempdir()), TEMPORARY_NAMES),
    }


def _is_ours(path: Path) -> bool:
    try:
        owner = path.lstat().st_uid
    except OSError:
        return False
    var = settings.VAR_DIR.resolve()
    return not path.is_symlink() and owner == os.getuid() and path.resolve() not in (var, *var.parents)


def _is_unchanged_since(path: Path, limit: float) -> bool:
    """Whether nothing in it was changed since; what vanishes meanwhile counts as changed now.

    Most of what is there is young, and one look shows it: a start waits for this.
    """
    try:
        return all(one.lstat().st_mtime < limit for one in _everything(path))
    except OSError:
        return False


def _everything(path: Path) -> Iterator[Path]:
    yield path
    if path.is_dir() and not path.is_symlink():
        for inner in path.iterdir():
            yield from _everything(inner)


def _delete(path: Path) -> bool:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError as fault:
        log.warning("%s could not be swept away: %r", path, fault)
        return False
    return True
