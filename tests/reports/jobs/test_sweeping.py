"""The sweep takes what killed processes left, and nothing that is used or young."""

from __future__ import annotations

import os
import tempfile
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from dgready.leftovers import STALE_SECONDS, sweep_folder, sweep_local_files
from evidence.store import INCOMING_FOLDER, evidence_storage
from reports import tasks
from reports.jobs import sweeping
from reports.jobs.store import job_folder
from reports.models import JobState, RunKind, SystemRun
from reports.system.runs import last_run, record_run
from tests.flow import Flow
from tests.reports.conftest import make_job

OLD = time.time() - STALE_SECONDS - 60


def left(path: Path, at: float = OLD) -> Path:
    """A file, or with a name that ends in a slash a folder with a file, last changed then."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"left")
    for one in (path, path.parent):
        os.utime(one, (at, at))
    return path


@pytest.fixture
def folders(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Own folders for uploads and temporary files."""
    settings.VAR_DIR = tmp_path / "tmp" / "dgready-var"
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.UPLOAD_DIR.mkdir()
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return tmp_path


def test_old_leftovers_go_and_the_rest_stays(folders: Path) -> None:
    gone = [
        left(folders / "uploads" / "abc.upload.pdf"),
        left(folders / "uploads" / "tmpjob" / "file").parent,
        left(folders / "uploads" / ".incoming" / "x"),
        left(folders / "tmp" / "dgready-child-1" / "page.png").parent,
        left(folders / "tmp" / "dgready-file"),
    ]
    young = left(folders / "tmp" / "dgready-child-2" / "page.png")
    os.utime(young, None)  # its folder is old, what is in it is not
    target = left(folders / "elsewhere" / "kept")
    link = folders / "tmp" / "dgready-link"
    link.symlink_to(target.parent)
    kept = [young, target, link, left(folders / "tmp" / "somebody"), left(folders / "tmp" / "dgready-var" / "db")]
    assert sweep_local_files() == {"uploads": 3, "temporary": 2}
    assert [path for path in gone if path.exists()] == []
    assert [path for path in kept if not path.exists()] == []


def test_a_folder_that_is_not_there() -> None:
    assert sweep_folder(Path("/nowhere")) == 0


def test_uploads_that_never_reached_the_store(folders: Path, db: None) -> None:
    incoming = Path(evidence_storage().base_location) / INCOMING_FOLDER  # type: ignore[attr-defined]
    old, new = left(incoming / "old"), left(incoming / "new", time.time())
    assert sweeping.sweep().detail["incoming"] == 1
    assert (old.exists(), new.exists()) == (False, True)


def test_half_written_papers_go_and_files_of_jobs_stay(folders: Path, flow: Flow) -> None:
    day_ago = timezone.now() - timedelta(days=2)

    def job_with(state: JobState, attempts: int, *names: str, stored: str = "") -> list[str]:
        job = make_job(flow, state=state, attempts=attempts, created_at=day_ago, finished_at=day_ago, sha256="x")
        paths = [default_storage.save(f"{job_folder(job.public_id)}/{name}", ContentFile(b"x")) for name in names]
        job.stored = f"{job_folder(job.public_id)}/{stored}" if stored else ""
        job.save(update_fields=["stored"])
        return paths

    half, whole = job_with(JobState.DONE, 2, "1.pdf", "2.pdf", stored="2.pdf")
    [orphan] = job_with(JobState.CANCELLED, 1, "1.pdf")
    [running] = job_with(JobState.RUNNING, 1, "1.pdf")
    run = sweeping.sweep()
    assert (run.ok, run.detail["papers"]) == (True, 2)
    there = {name: default_storage.exists(name) for name in (half, whole, orphan, running)}
    assert there == {half: False, whole: True, orphan: False, running: True}
    assert last_run(RunKind.SWEEP) == run


class SilentStore:
    """A store that does not answer."""

    def listdir(self, path: str) -> None:
        raise ConnectTimeoutError(endpoint_url="http://store")


def test_a_silent_store_is_told_and_tried_again(folders: Path, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    day_ago = timezone.now() - timedelta(days=2)
    make_job(flow, state=JobState.FAILED, attempts=3, created_at=day_ago, finished_at=day_ago)
    monkeypatch.setattr(sweeping, "default_storage", SilentStore())
    with pytest.raises(CommandError, match="store did not answer"):
        call_command("sweep", stdout=StringIO())
    monkeypatch.setattr(tasks, "SWEEP_FROM_HOUR", 0)
    tasks.sweep_files()
    assert [run.ok for run in SystemRun.objects.filter(kind=RunKind.SWEEP)] == [False, False]


def test_once_a_night(folders: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "SWEEP_FROM_HOUR", 0)
    yesterday = timezone.now() - timedelta(days=1)
    old = record_run(kind=RunKind.SWEEP, started=yesterday, ok=True, detail={})
    SystemRun.objects.filter(pk=old.pk).update(ended_at=yesterday)
    for _n in range(3):
        tasks.sweep_files()
    assert SystemRun.objects.filter(kind=RunKind.SWEEP).count() == 2


class Bucket:
    """A bucket with uploads that were begun."""

    def __init__(self) -> None:
        self.aborted: list[str] = []
        old, new = timezone.now() - timedelta(days=2), timezone.now()
        begun = [("files/a", old), ("files/b", new), ("other/c", old)]
        self.multipart_uploads = self
        self.parts = [Part(self, key, at) for key, at in begun]

    def all(self) -> list[Part]:
        return self.parts


class Part:
    """An upload in parts."""

    def __init__(self, bucket: Bucket, object_key: str, initiated: object) -> None:
        self.bucket, self.object_key, self.initiated = bucket, object_key, initiated

    def abort(self) -> None:
        self.bucket.aborted.append(self.object_key)


def test_uploads_in_parts_that_never_ended() -> None:
    bucket = Bucket()
    storage = type("Storage", (), {"bucket": bucket, "location": "files"})
    assert sweeping._abort_uploads(storage) == 1
    assert bucket.aborted == ["files/a"]
