"""The static files as production serves them: collected once per content of the checkout, shared by all runs.

`collectstatic` hashes and compresses for about ten seconds, too long for each run; so the result lies in
var/test-static/DIGEST, and every var folder of a test has a link to it where the product expects its own.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

ROOT = Path(__file__).resolve().parents[1]
SHELF = ROOT / "var" / "test-static"
KEPT = 5  # collections of other contents (branches, an hour ago) that stay
MAKERS = ("django", "whitenoise")  # a new version of these may name or compress files differently


def link_static_files(folder: Path) -> None:
    """Puts the collected static files where an installation with this var folder looks for them."""
    link = folder / "static"
    if not link.exists():
        link.symlink_to(collected_static_files(), target_is_directory=True)


def collected_static_files() -> Path:
    """The folder with what `collectstatic` makes of this checkout; made if it is not there."""
    SHELF.mkdir(parents=True, exist_ok=True)
    folder = SHELF / _digest()
    with (SHELF / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of several test processes one collects, the others wait
        if not folder.exists():
            _collect(folder)
    return folder


def _collect(folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=SHELF) as var:
        shipped = {**os.environ, "DJANGO_SETTINGS_MODULE": "dgready.settings", "DGREADY_VAR": var}
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=shipped, check=True)
        (Path(var) / "static").replace(folder)
    others = sorted((f for f in SHELF.iterdir() if f.is_dir() and f != folder), key=lambda f: f.stat().st_mtime)
    for old in others[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _digest() -> str:
    """Of all that goes into the collection."""
    digest = hashlib.sha256(repr([version(name) for name in MAKERS]).encode())
    digest.update((Path(settings.BASE_DIR) / "dgready" / "static.py").read_bytes())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            digest.update(f"{name}\0".encode())
            digest.update(Path(storage.path(name)).read_bytes())
    return digest.hexdigest()[:16]
