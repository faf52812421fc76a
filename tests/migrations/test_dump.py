"""A database of an earlier schema migrates to the newest one, and its journal still holds."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.migrations.dumps import STEMS, Installation, restore_sqlite, restored_postgres

pytestmark = pytest.mark.parametrize("stem", STEMS)


@pytest.mark.slow
def test_migrates_on_sqlite(stem: str, tmp_path: Path) -> None:
    migrate_and_verify(restore_sqlite(stem, tmp_path))


@pytest.mark.postgres
def test_migrates_on_postgres(stem: str, tmp_path: Path) -> None:
    with restored_postgres(stem, tmp_path) as installation:
        migrate_and_verify(installation)


def migrate_and_verify(installation: Installation) -> None:
    before = installation.counts()
    assert all(before.values()), "a dump has rows everywhere"
    # Without Django's checks, which have a test of their own and take most of the time.
    migrated = installation.manage("migrate", "--skip-checks", "--no-input")
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    assert installation.counts() == before
    proof = installation.manage("journal", "--skip-checks", "verify", "--format", "json")
    assert proof.returncode == 0, proof.stdout + proof.stderr
    told = json.loads(proof.stdout)
    assert (told["ok"], told["faults"]) == (True, [])
    assert (told["responses"], told["events"]) == (before["survey_response"], before["survey_event"])
    assert told["files"] >= before["evidence_file"]
    assert told["unproved"], "older events tell less"


def test_stored_files_are_those_that_the_rows_name(stem: str, tmp_path: Path) -> None:
    installation = restore_sqlite(stem, tmp_path)
    for store, table in (("evidence", "evidence_file"), ("files", "reports_job")):
        for stored, size, sha256 in installation.query(f"SELECT stored, size, sha256 FROM {table}"):
            content = (tmp_path / store / stored).read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (size, sha256), stored
    for document, sha256 in installation.query("SELECT document, document_sha256 FROM survey_delegation"):
        assert hashlib.sha256((tmp_path / "files" / document).read_bytes()).hexdigest() == sha256, document
