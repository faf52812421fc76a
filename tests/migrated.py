"""A migrated database, kept per content of the migrations: each worker of a run takes a copy of it.

Migrating takes twelve seconds of processor time, and each worker of each run did it. SQLite's lies in
var/test-database/DIGEST.sqlite3, also for later runs; PostgreSQL's is a database of the server that others are made
from. It is migrated once, with `manage.py` and the settings that ship; who comes meanwhile waits. Django's `migrate`
still runs over each copy, so that a copy of other migrations cannot pass unseen. What migrating itself does to an older
database is proven in tests/migrations.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from django.apps import apps
from django.db import connection

from tests.migrations.dumps import Installation

SHELF = Path(__file__).resolve().parents[1] / "var" / "test-database"
KEPT = 5  # SQLite databases of other contents (branches, an hour ago) that stay


def place_migrated_database() -> bool:
    """Has the test database made from the migrated one; whether Django finds it in its place already."""
    kept = migrated_database()
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = kept
        return False
    shutil.copyfile(kept, connection.settings_dict["TEST"]["NAME"])
    return True


def migrated_database() -> str:
    """The file (SQLite) or the name (PostgreSQL) of the migrated database; made if it is not there."""
    SHELF.mkdir(parents=True, exist_ok=True)
    with (SHELF / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of several test processes one migrates, the others wait
        return _postgres_database() if connection.vendor == "postgresql" else str(_sqlite_file())


def _sqlite_file() -> Path:
    kept = SHELF / f"{_digest()}.sqlite3"
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=SHELF) as var:
            _migrate(f"sqlite:///{var}/db.sqlite3")
            with closing(sqlite3.connect(f"{var}/db.sqlite3")) as made:
                made.execute("VACUUM INTO ?", [f"{var}/kept"])
            Path(var, "kept").replace(kept)
        others = sorted((f for f in SHELF.glob("*.sqlite3") if f != kept), key=lambda file: file.stat().st_mtime)
        for old in others[: 1 - KEPT]:
            old.unlink(missing_ok=True)
    return kept


def _postgres_database() -> str:
    """The name of the server's migrated database."""
    name, draft = f"dgready_migrated_{_digest()}", "dgready_migrating"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f"DROP DATABASE IF EXISTS {draft}")
            cursor.execute(f"CREATE DATABASE {draft}")
            _migrate(urlsplit(os.environ["DGREADY_TEST_DATABASE_URL"])._replace(path=f"/{draft}").geturl())
            cursor.execute(f"ALTER DATABASE {draft} RENAME TO {name}")
    return name


def _migrate(database_url: str) -> None:
    with tempfile.TemporaryDirectory(prefix="dgready-migrating-") as var:
        done = Installation(Path(var), database_url).manage("migrate", "--skip-checks", "--no-input")
    if done.returncode:
        raise RuntimeError(f"the test database cannot be migrated:\n{done.stdout}{done.stderr}")


def _digest() -> str:
    """Of the migrations of all installed apps."""
    digest = hashlib.sha256(f"{version('django')} {sqlite3.sqlite_version}".encode())
    for app in sorted(apps.get_app_configs(), key=lambda config: config.name):
        folder = Path(app.path) / "migrations"
        for file in sorted(folder.glob("*.py")):
            digest.update(f"{app.label}/{file.name}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
