"""Which backups are kept, and what a manifest that is none is answered with."""

from datetime import UTC, datetime, timedelta

import pytest

from reports.backup.manifest import BackupError, Manifest, backup_name, kept_names, read_manifest

NEWEST = datetime(2026, 11, 26, 2, tzinfo=UTC)  # a Thursday


def names(*days_ago: int) -> list[str]:
    return [backup_name(NEWEST - timedelta(days=days)) for days in days_ago]


def test_the_newest_days_and_one_of_each_week_are_kept() -> None:
    every = names(*range(60))
    kept = kept_names(every, days=3, weeks=4)
    assert kept == set(names(0, 1, 2, 4, 11, 18, 25))  # each week's last is its Sunday's


def test_old_backups_are_kept_when_no_new_ones_come() -> None:
    assert kept_names(names(400, 401), days=1, weeks=1) == set(names(400))
    assert kept_names([], days=1, weeks=1) == set()


def test_a_manifest_reads_back_and_another_text_is_refused() -> None:
    made = Manifest(backup_name(NEWEST), "sqlite", "1", {"survey": ["0001"]}, files={"count": 3})
    assert read_manifest(made.dump()) == made
    for text in (
        "",
        "{}",
        "[]",
        '{"format": "dgready backup 1", "name": "../x"}',
        made.dump().replace("backup 1", "2"),
    ):
        with pytest.raises(BackupError):
            read_manifest(text)
