"""The proofs of the night: every stored file read again in slices, the chains against their anchors, each recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from accounts.roles import Role
from reports import tasks
from reports.models import FileFault, Job, SystemRun
from reports.proof import nightly_files
from reports.proof.anchor_store import anchor_names
from reports.proof.files import FILE_SOURCES
from reports.proof.nightly_files import verify_files_slice
from reports.system.heartbeats import end_turn, take_turn
from reports.system.runs import last_run
from survey.models import Event, Notice
from survey.verifying.replayer import Names
from tests.flow import Flow

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> Callable[..., datetime]:
    """Sets the clock of the tasks to an hour of tonight, or of a later night."""

    def set_clock(hour: int = 3, days: int = 0) -> datetime:
        at = (timezone.localtime() + timedelta(days=days)).replace(hour=hour)
        monkeypatch.setattr(tasks.timezone, "localtime", lambda *_args: at)
        return at

    return set_clock


@pytest.fixture
def files(flow: Flow, done_job: Job) -> list[Path]:
    """Three evidence files, and the file of a job."""
    flow.fill()
    file = flow.prove().file
    assert file is not None
    for number in range(3):
        content = b"%PDF" + bytes([number])
        file.stored = storages["evidence"].save(f"x/{number}", ContentFile(content))
        file.sha256 = hashlib.sha256(content).hexdigest()
        file.save()
        file.pk = None  # the next one is another row
    return [Path(source.storage().path(file.name)) for source in FILE_SOURCES for file in source.read(0, Names())]


def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly_files.verify_files_slice, "__defaults__", (0,))


def test_every_file_is_read_in_slices_that_go_on_where_the_last_stopped(files: list[Path]) -> None:
    runs = [verify_files_slice(0) for _number in files] + [verify_files_slice(0)]
    details = [run.detail for run in runs[: len(files)]]
    assert [detail["pass_checked"] for detail in details] == list(range(1, len(files) + 1))
    assert all(detail["total"] == len(files) for detail in details)
    assert all(run.ok for run in runs)
    end = next(run for run in runs if run.detail["next"] is None)
    assert end.detail["pass_checked"] == len(files)
    assert {detail["pass_started"] for detail in details} == {details[0]["pass_started"]}


def test_a_missing_and_an_altered_file_are_found_and_told(flow: Flow, files: list[Path]) -> None:
    admin = flow.people.who(Role.CENTRAL_ADMIN)
    files[0].unlink()
    files[-1].chmod(0o640)
    files[-1].write_bytes(b"another")
    run = verify_files_slice()
    assert not run.ok
    assert run.detail["faults"] == 2
    assert len(run.detail["listed"]) == 2
    assert FileFault.objects.filter(mended_at=None).count() == 2
    assert set(FileFault.objects.values_list("province", flat=True)) == {flow.province.pk}
    assert Notice.objects.filter(user=admin, kind="file.checked").count() == 1


def test_a_store_that_is_away_stops_the_slice_and_not_its_place(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    verify_files_slice(0)
    with monkeypatch.context() as away:
        away.setattr(nightly_files, "open_verified", lambda *a, **k: (_ for _ in ()).throw(TimeoutError("away")))
        run = verify_files_slice()
    assert not run.ok
    assert "away" in run.detail["error"]
    assert verify_files_slice().detail["pass_checked"] == len(files)


def test_the_night_ends_with_the_pass_or_with_its_time(
    files: list[Path], night: Callable[..., datetime], eager: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(1)
    tasks.verify_files_nightly.delay()
    assert last_run("verify_files") is None
    one_at_a_time(monkeypatch)
    settings.VERIFY_MINUTES = 0
    night(3)
    SystemRun.objects.all().delete()
    settings.VERIFY_MINUTES = 60
    tasks.verify_files_nightly.delay()
    done = SystemRun.objects.filter(kind="verify_files").count()
    assert done >= len(files)
    run = last_run("verify_files")
    assert run is not None
    assert run.detail["next"] is None
    tasks.verify_files_nightly.delay()  # queued again an hour later
    assert SystemRun.objects.filter(kind="verify_files").count() == done
    night(3, days=1)
    tasks.verify_files_nightly.delay()
    assert SystemRun.objects.filter(kind="verify_files").count() > done


def test_only_one_reads_at_a_time(files: list[Path], night: Callable[..., datetime], eager: None) -> None:
    night(3)
    lease = timedelta(minutes=10)
    assert take_turn("verify_files", lease)
    assert not take_turn("verify_files", lease)
    tasks.verify_files_nightly.delay()
    assert last_run("verify_files") is None
    end_turn("verify_files")
    tasks.verify_files_nightly.delay()
    assert last_run("verify_files") is not None
    assert take_turn("verify_files", lease)
    assert take_turn("verify_files", timedelta())  # a process that died


def test_an_anchor_once_a_night_that_the_next_proof_checks(
    flow: Flow, night: Callable[..., datetime], eager: None
) -> None:
    admin = flow.people.who(Role.CENTRAL_ADMIN)
    flow.save("T8", {"T8": "no"})
    night(1)
    tasks.anchor_nightly.delay()
    assert anchor_names() == []
    for hour in (2, 3):
        night(hour)
        tasks.anchor_nightly.delay()
    assert len(anchor_names()) == 1
    Event.objects.filter(response=flow.response).order_by("-seq")[:1].get().delete()
    night(2, days=1)
    tasks.verify_journal_nightly.delay()
    notice = Notice.objects.get(user=admin, kind="journal.fault")
    assert notice.data["count"] >= 1
    assert flow.province.code in notice.url


def test_the_proof_of_the_journal_is_recorded(flow: Flow, night: Callable[..., datetime], eager: None) -> None:
    night(3)
    tasks.verify_journal_nightly.delay()
    run = last_run("verify")
    assert run is not None
    assert run.ok
    assert run.detail["responses"] >= 1
    assert run.detail["faults"] == 0
