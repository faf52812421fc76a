"""Migrations that a dump was made by are never rewritten, renamed or removed."""

import hashlib
from pathlib import Path

import pytest

from tests.migrations.dumps import FOLDER, ROOT, STEMS, restore_sqlite

ADVICE = "databases have run it as it was: leave it as it is and write a new migration (tests/migrations/README.md)"
APPS = ("accounts", "survey", "evidence", "scoring", "nation", "reports")

pytestmark = pytest.mark.parametrize("stem", STEMS)


def pinned(stem: str) -> dict[str, str]:
    """Path of a migration → its SHA-256, as listed beside the dump."""
    lines = (FOLDER / f"{stem}.migrations.sha256").read_text(encoding="ascii").splitlines()
    return {path: sha256 for sha256, path in (line.split("  ") for line in lines)}


def test_no_migration_of_a_dump_changed(stem: str) -> None:
    faults = []
    for name, sha256 in pinned(stem).items():
        path = ROOT / name
        if not path.exists():
            faults.append(f"{name} is gone or has another name; {ADVICE}")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            faults.append(f"{name} was rewritten; {ADVICE}")
    assert not faults, "\n".join(faults)


def test_every_migration_of_a_dump_is_pinned(stem: str, tmp_path: Path) -> None:
    applied = restore_sqlite(stem, tmp_path).query("SELECT app, name FROM django_migrations")
    assert {f"{app}/migrations/{name}.py" for app, name in applied if app in APPS} == set(pinned(stem))
