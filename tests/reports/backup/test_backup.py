"""A backup made while people save comes back whole, from a folder and from a bucket; what is damaged is said."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection

from dgready.limits import BackupKeeping
from evidence.models import File
from evidence.store import evidence_storage
from reports.backup import making, restoring
from reports.backup.heads import read_heads
from reports.backup.manifest import BackupError
from reports.system.runs import RunKind, last_run
from reports.tasks import make_nightly_backup
from tests.evidence.conftest import World, build, pdf
from tests.real_services import ObjectStore, s3_resource

pytestmark = pytest.mark.slow
Changed = Callable[[Callable[[], object]], None]


@pytest.fixture
def world(transactional_db: None, settings: Any) -> World:
    """A province with two files; snapshots need transactions of their own."""
    settings.BACKUP_MIN_FREE_BYTES = 0
    made = build()
    for number in range(2):
        made.attach("E1=done", pdf(f"file {number}"))
    return made


@pytest.fixture
def after_snapshot(monkeypatch: pytest.MonkeyPatch) -> Changed:
    """Does something between the snapshot of the database and the copy of the files."""

    def arrange(act: Callable[[], object]) -> None:
        copy = making.copy_contents

        def copy_later(*given: Any) -> Any:
            act()
            return copy(*given)

        monkeypatch.setattr(making, "copy_contents", copy_later)

    return arrange


def stored() -> dict[str, bytes]:
    """Every row's file."""
    found = {}
    for file in File.objects.all():
        with storages["evidence"].open(file.stored) as content:
            found[file.sha256] = content.read()
    return found


def empty_stores(settings: Any, folder: Path) -> None:
    """As on another machine."""
    stores = {name: {**spec, "OPTIONS": dict(spec.get("OPTIONS", {}))} for name, spec in settings.STORAGES.items()}
    for name in ("default", "evidence"):
        stores[name]["OPTIONS"]["location"] = str(folder / name)
    settings.STORAGES = stores


def newest(folder: Path) -> Path:
    return max((folder / "backups").iterdir())


def test_what_was_saved_before_comes_back_and_nothing_else(
    world: World, tmp_path: Path, settings: Any, after_snapshot: Changed, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "target"
    before, files = read_heads(), stored()
    after_snapshot(lambda: world.attach("E1=done", pdf("later")))
    call_command("backup", out=str(target))
    assert File.objects.count() == 3  # people went on
    assert {p.name for p in (target / "contents").rglob("*") if p.is_file()} > files.keys()

    empty_stores(settings, tmp_path / "elsewhere")
    with pytest.raises(CommandError, match="is not empty"):
        call_command("restore", str(target))
    with pytest.raises(CommandError, match="is not empty"):
        call_command("restore", str(target), replace=True, confirm="another")
    assert File.objects.count() == 3
    name = Path(str(connection.settings_dict["NAME"])).name
    call_command("restore", str(target), replace=True, confirm=name)
    assert read_heads() == before
    assert stored() == files
    assert "ถูกต้องทั้งหมด" in capsys.readouterr().out
    run = last_run(RunKind.BACKUP)
    assert run is None  # of the backup itself nothing was in the snapshot
    call_command("backup", out=str(target))  # the restored one is an installation like any other
    run = last_run(RunKind.BACKUP)
    assert run is not None
    assert run.ok
    assert run.detail["files"]["new"] == 0
    capsys.readouterr()
    call_command("backup", out=str(target), list=True)
    call_command("backup", out=str(target), check="")
    said = capsys.readouterr().out
    assert f"2 backup(s) at {target}" in said
    assert said.rstrip().endswith(": whole")


def test_a_night_copies_what_is_new_and_removes_what_is_old(world: World, tmp_path: Path, settings: Any) -> None:
    target = tmp_path / "target"
    settings.BACKUP_TARGETS = [str(target)]
    settings.BACKUP_KEEP = BackupKeeping(days=0, weeks=0)
    first = making.make_backup(str(target))
    assert first.files["new"] == first.files["count"] == 2
    gone = target / "contents" / "ab" / ("ab" * 32)  # of a backup that is no more
    gone.parent.mkdir(exist_ok=True)
    gone.write_bytes(b"old")
    world.attach("E1=done", pdf("new"))
    old = target / "backups" / first.name
    old.rename(old.with_name("2026-01-01T000000-000000Z"))
    text = (old.with_name("2026-01-01T000000-000000Z") / "manifest.json").read_text()
    (old.with_name("2026-01-01T000000-000000Z") / "manifest.json").write_text(
        text.replace(first.name, "2026-01-01T000000-000000Z")
    )
    make_nightly_backup()
    run = last_run(RunKind.BACKUP)
    assert run is not None
    assert (run.ok, run.detail["files"]["new"], run.detail["files"]["count"]) == (True, 1, 3)
    assert [path.name for path in (target / "backups").iterdir()] == [run.detail["name"]]
    assert not gone.exists()
    listed = json.loads((newest(target) / "settings.json").read_text())
    assert "DGREADY_VAR" in listed["set"]
    assert settings.SECRET_KEY not in "".join(p.read_text(errors="replace") for p in newest(target).glob("*.json"))


def test_what_is_damaged_is_found_before_anything_is_replaced(world: World, tmp_path: Path, settings: Any) -> None:
    target = tmp_path / "target"
    making.make_backup(str(target))
    settings.STORAGES = {**settings.STORAGES}
    name = Path(str(connection.settings_dict["NAME"])).name

    def refused(fault: str) -> None:
        with pytest.raises(BackupError, match=fault):
            restoring.restore_backup(str(target), None, str, confirmed=name)

    for part in ("database", "heads.json.gz"):
        path = newest(target) / part
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        refused(f"{part} .* is damaged")
        path.write_bytes(whole)
    content = next(p for p in (target / "contents").rglob("*") if p.is_file())
    whole = content.read_bytes()
    content.unlink()
    refused("the target lacks evidence")
    content.write_bytes(b"x" * len(whole))
    empty_stores(settings, tmp_path / "elsewhere")
    refused("at the target is damaged")
    content.write_bytes(whole)
    manifest = newest(target) / "manifest.json"
    text = manifest.read_text()
    manifest.write_text(text.replace('"survey": [', '"survey": ["9999_of_next_year",'))
    refused("newer than this program")
    manifest.write_text(text.replace(f'"engine": "{connection.vendor}"', '"engine": "other"'))
    refused("the backup is of other")
    manifest.unlink()
    refused("no complete backup")
    assert File.objects.count() == 2


def test_lost_and_altered_evidence_is_told_and_an_earlier_backup_heals_it(
    world: World, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "target"
    making.make_backup(str(target))
    files = stored()
    one, other = File.objects.all()
    location = Path(evidence_storage().path(one.stored))  # type: ignore[attr-defined]
    size = location.stat().st_size
    location.unlink()
    location.write_bytes(b"y" * size)
    with pytest.raises(SystemExit):
        call_command("backup", out=str(target))
    said = capsys.readouterr().err
    assert f"evidence {one.stored}: its bytes are not those that were put in; an earlier backup has" in said
    run = last_run(RunKind.BACKUP)
    assert run is not None
    assert not run.ok
    empty_stores(settings, tmp_path / "elsewhere")
    name = Path(str(connection.settings_dict["NAME"])).name
    assert restoring.restore_backup(str(target), None, str, confirmed=name)  # told again
    assert stored() == files
    Path(evidence_storage().path(other.stored)).unlink()  # type: ignore[attr-defined]
    made = making.make_backup(str(target))
    assert made.faults == [f"evidence {other.stored} is in the database, not in the store"]


def test_one_backup_at_a_time_and_a_full_disk_is_said(world: World, tmp_path: Path, settings: Any) -> None:
    with making._alone(), pytest.raises(BackupError, match="another backup is running"):
        making.make_backup(str(tmp_path / "target"))
    settings.BACKUP_MIN_FREE_BYTES = 1 << 60
    with pytest.raises(BackupError, match="bytes free"):
        making.make_backup(str(tmp_path / "target"))
    run = last_run(RunKind.BACKUP)
    assert run is not None
    assert "bytes free" in run.detail["faults"][0]
    with pytest.raises(BackupError, match="a folder or s3"):
        making.make_backup("ftp://example.org")


@pytest.fixture
def backup_bucket(object_store: ObjectStore, settings: Any) -> Iterator[Any]:
    """Another bucket, as of another provider."""
    keys = {"aws_access_key_id": object_store.access_key, "aws_secret_access_key": object_store.secret_key}
    settings.BACKUP_STORE = {**settings.BACKUP_STORE, "endpoint_url": object_store.endpoint, **keys}
    made = s3_resource(object_store).create_bucket(Bucket="dgready-backups")
    yield made
    made.objects.all().delete()
    made.delete()


def test_from_bucket_to_bucket(bucket: Any, backup_bucket: Any, world: World) -> None:
    before, files = read_heads(), stored()
    address = f"s3://{backup_bucket.name}/nightly"
    for expected in (2, 0):
        assert making.make_backup(address).files["new"] == expected
    assert {o.key.split("/")[-1] for o in backup_bucket.objects.filter(Prefix="nightly/contents")} == set(files)
    world.attach("E1=done", pdf("later"))
    bucket.objects.all().delete()
    name = Path(str(connection.settings_dict["NAME"])).name
    assert restoring.restore_backup(address, None, str, confirmed=name) == []
    assert read_heads() == before
    assert stored() == files
    listed = next(o for o in backup_bucket.objects.all() if o.key.endswith("files.jsonl.gz"))
    assert len(gzip.decompress(listed.get()["Body"].read()).splitlines()) == 2
