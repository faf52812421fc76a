"""A migrated SQLite database, kept per content of the migrations and copied to where a run's test database lies.

Migrating takes seven seconds of processor time, and each worker of each run did it. The copy lies in
var/test-database/DIGEST.sqlite3. Django's `migrate` still runs over it, so that a copy of other migrations cannot
pass unseen. What migrating itself does to an older database is proven in tests/migrations.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

from django.apps import apps
from django.db import connection

SHELF = Path(__file__).resolve().parents[1] / "var" / "test-database"
KEPT = 5  # databases of other contents (branches, an hour ago) that stay


def place_migrated_database() -> bool:
    """Puts the kept database where the test database is to lie; whether there was one."""
    kept, place = _kept(), _place()
    if place is None or not kept.exists():
        return False
    shutil.copyfile(kept, place)
    return True


def keep_migrated_database() -> None:
    """Keeps what has just been migrated, for the next process. Others may do the same at once."""
    kept, place = _kept(), _place()
    if place is None or kept.exists():
        return
    SHELF.mkdir(parents=True, exist_ok=True)
    draft = SHELF / f"{uuid4().hex}.draft"
    with closing(sqlite3.connect(place)) as made:
        made.execute("VACUUM INTO ?", [str(draft)])
    draft.replace(kept)
    others = sorted((f for f in SHELF.glob("*.sqlite3") if f != kept), key=lambda file: file.stat().st_mtime)
    for old in others[: 1 - KEPT]:
        old.unlink(missing_ok=True)


def _place() -> Path | None:
    """The file of the test database; none where tests run on PostgreSQL."""
    name = connection.settings_dict["TEST"]["NAME"]
    return Path(name) if connection.vendor == "sqlite" and name else None


def _kept() -> Path:
    """The file that belongs to the migrations of all installed apps."""
    digest = hashlib.sha256(f"{version('django')} {sqlite3.sqlite_version}".encode())
    for app in sorted(apps.get_app_configs(), key=lambda config: config.name):
        folder = Path(app.path) / "migrations"
        for file in sorted(folder.glob("*.py")):
            digest.update(f"{app.label}/{file.name}\0".encode())
            digest.update(file.read_bytes())
    return SHELF / f"{digest.hexdigest()[:16]}.sqlite3"
