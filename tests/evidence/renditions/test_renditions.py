"""The PDF of an office document: made once, again after a killed worker, later where the store is away."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from dgready.children import ChildFault
from evidence import store, tasks
from evidence.models import File, FileRendition, RenditionState, ScanState
from evidence.renditions import actions, office
from evidence.renditions.queries import due_renditions, rendition_digest, rendition_of
from tests.evidence.conftest import World, pdf
from tests.evidence.renditions.documents import docx

TEXT = "ประกาศจังหวัด เรื่อง บัญชีข้อมูลภาครัฐ ที่ปรึกษา น้ำดื่ม"


class Office:
    """Stands for LibreOffice: makes what it is told to, and counts."""

    def __init__(self) -> None:
        self.calls = 0
        self.makes: bytes | Exception = pdf("made", pages=3)

    def __call__(self, source: Path, kind: str, target: Path, *rest: Any) -> None:
        self.calls += 1
        if isinstance(self.makes, Exception):
            raise self.makes
        target.write_bytes(self.makes)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Office:
    made = Office()
    monkeypatch.setattr(office, "write_rendition", made)
    monkeypatch.setattr(office, "is_installed", lambda: True)
    return made


@pytest.fixture
def file(world: World) -> File:
    """An office document that was just attached; its task waits for the end of the test's transaction."""
    attached = world.attach(content=docx([TEXT]), name="ประกาศ.docx").file
    assert attached is not None
    return attached


def row(file: File) -> FileRendition:
    found = rendition_of(file)
    assert found is not None
    return found


def make_due(file: File) -> None:
    FileRendition.objects.filter(file=file).update(due_at=timezone.now() - timedelta(seconds=1))


def test_an_upload_gets_its_pdf_once_whatever_messages_come(world: World, file: File, program: Office) -> None:
    assert row(file).state == RenditionState.WAITING
    for _message in range(3):
        tasks.make_rendition(file.pk)
    world.attach("E2=yes", docx([TEXT]), name="อื่น.docx")
    made = row(file)
    assert (program.calls, made.state, made.pages, made.due_at) == (1, RenditionState.MADE, 3, None)
    assert rendition_digest(made) == made.stored[-64:]
    with store.open_stored_content(made.stored) as content:
        assert content.read() == program.makes


def test_a_pdf_needs_no_rendition(world: World) -> None:
    attached = world.attach().file
    assert attached is not None
    assert rendition_of(attached) is None


def test_what_cannot_be_made_is_tried_three_times(file: File, program: Office) -> None:
    program.makes = ChildFault("time")
    for _attempt in range(5):
        make_due(file)
        tasks.make_rendition(file.pk)
    assert (program.calls, row(file).state, row(file).detail) == (3, RenditionState.FAILED, "time")


def test_a_killed_worker_s_document_is_due_again_but_not_for_ever(file: File, program: Office) -> None:
    for _death in range(3):
        make_due(file)
        assert actions.claim_rendition(file.pk, timezone.now())
        assert not actions.claim_rendition(file.pk, timezone.now())  # somebody is at it
    assert due_renditions(timezone.now() + timedelta(seconds=settings.TASK_SECONDS + 1), 9) == [file.pk]
    make_due(file)
    tasks.make_rendition(file.pk)
    assert (program.calls, row(file).state) == (0, RenditionState.FAILED)


def test_while_the_store_is_away_the_document_waits(
    file: File, program: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(store, "store_content", lambda _content: (_ for _ in ()).throw(OSError("away")))
        for _attempt in range(5):
            make_due(file)
            tasks.make_rendition(file.pk)
    assert (row(file).state, row(file).attempts) == (RenditionState.WAITING, 0)
    make_due(file)
    tasks.make_rendition(file.pk)
    assert row(file).state == RenditionState.MADE


def test_without_libreoffice_it_is_made_once_there_is_one(
    file: File, program: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as bare:
        bare.setattr(office, "is_installed", lambda: False)
        tasks.make_rendition(file.pk)
        tasks.make_due_renditions()
    assert row(file).state == RenditionState.UNMADE
    tasks.make_due_renditions()
    assert row(file).state == RenditionState.WAITING


def test_what_the_guard_refuses_is_not_kept_and_infected_files_are_left_alone(file: File, program: Office) -> None:
    program.makes = b"no pdf at all"
    tasks.make_rendition(file.pk)
    assert (row(file).state, row(file).stored) == (RenditionState.WAITING, "")
    File.objects.update(scan_state=ScanState.INFECTED)
    make_due(file)
    assert not actions.claim_rendition(file.pk, timezone.now())
    assert due_renditions(timezone.now(), 9) == []


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is optional at run time")
def test_libreoffice_prints_thai_in_sarabun_at_the_size_of_th_sarabun(tmp_path: Path) -> None:
    source, made = tmp_path / "a.docx", tmp_path / "a.pdf"
    source.write_bytes(docx([TEXT] * 30))
    office.write_rendition(source, "docx", made, actions.fonts_folder().resolve(), settings.RENDITION_LIMITS)
    fonts = subprocess.run(["pdffonts", made], capture_output=True, text=True, check=True).stdout
    read = subprocess.run(["pdftotext", made, "-"], capture_output=True, text=True, check=True).stdout
    assert "SarabunRegularSmall" in fonts
    assert read.count("บัญชีข้อมูลภาครัฐ") == 30
    assert read.count("\f") == 1  # thirty lines of 16 points fit a page, as they do where TH Sarabun is
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.docx", "a.pdf"]  # profile and home are gone
