"""From the upload to the text: read once, again after a killed worker, later where the store is away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from dgready.children import ChildFault
from evidence import store, tasks
from evidence.models import File, FileText, ScanState, TextState
from evidence.reading import actions, extracting
from evidence.reading.extracting import MORE, NO_READER, VERSION
from evidence.reading.pages import DocumentText, PageText, TextSource
from evidence.reading.queries import document_text, due_texts, search_files
from tests.evidence.conftest import World

READ = DocumentText((PageText(1, "ประกาศบัญชีข้อมูลจังหวัด\nประกาศ ณ วันที่ 5 มกราคม 2567"),))


class Reader:
    """Stands for the reader of files: says what it is told to, and counts."""

    def __init__(self) -> None:
        self.calls = 0
        self.says: DocumentText | Exception = READ

    def __call__(self, *args: Any, **kwargs: Any) -> DocumentText:
        self.calls += 1
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    made = Reader()
    monkeypatch.setattr(actions, "read_document", made)
    monkeypatch.setattr(actions, "go_on_with_pictures", made)
    return made


@pytest.fixture
def file(world: World) -> File:
    """A file that was just attached; its task waits for the end of the test's transaction."""
    attached = world.attach().file
    assert attached is not None
    return attached


def row(file: File) -> FileText:
    return FileText.objects.get(file=file)


def make_due(file: File) -> None:
    FileText.objects.filter(file=file).update(due_at=timezone.now() - timedelta(seconds=1))


def test_an_upload_is_read_once_whatever_messages_come(world: World, file: File, reader: Reader) -> None:
    assert row(file).state == TextState.WAITING
    for _message in range(3):
        tasks.read_file_text(file.pk)
    world.attach("E2=yes")  # the same content again
    assert FileText.objects.count() == 1
    text = row(file)
    assert (reader.calls, text.state, text.reader, text.document_date) == (1, TextState.READ, VERSION, date(2024, 1, 5))
    read = document_text(file)
    assert read is not None
    assert read.pages == READ.pages


def test_the_message_goes_out_with_the_upload(
    world: World, file: File, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr("dgready.publishing.publish", lambda *message: sent.append(message))
    FileText.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        actions.queue_reading(file)
        actions.queue_reading(file)
    assert sent == [(actions.READ_TASK, file.pk)]


def test_a_file_that_is_being_read_is_nobody_elses_and_is_read_again_after_its_worker_died(
    file: File, reader: Reader, settings: Any
) -> None:
    now = timezone.now()
    assert actions.claim_reading(file.pk, now) is not None  # and the worker is killed
    assert actions.claim_reading(file.pk, now) is None
    assert due_texts(now, 10) == []
    later = now + timedelta(seconds=settings.TASK_SECONDS + 1)
    assert due_texts(later, 10) == [file.pk]
    make_due(file)
    tasks.read_due_texts()
    assert row(file).state == TextState.READ or reader.calls == 0  # eager or queued
    tasks.read_file_text(file.pk)
    assert (row(file).state, reader.calls) == (TextState.READ, 1)


def test_a_file_that_kills_its_workers_is_given_up(file: File, reader: Reader) -> None:
    for _killed in range(actions.MOST_ATTEMPTS):
        make_due(file)
        assert actions.claim_reading(file.pk, timezone.now()) is not None
    make_due(file)
    tasks.read_file_text(file.pk)
    assert (row(file).state, reader.calls) == (TextState.FAILED, 0)


def test_a_file_that_cannot_be_read_is_tried_some_times(file: File, reader: Reader) -> None:
    reader.says = ChildFault("time")
    for _try in range(actions.MOST_ATTEMPTS):
        assert row(file).state == TextState.WAITING
        make_due(file)
        tasks.read_file_text(file.pk)
    text = row(file)
    assert (text.state, text.detail, text.due_at, reader.calls) == (TextState.FAILED, "time", None, 3)


def test_while_the_store_is_away_a_file_waits_as_long_as_it_takes(
    file: File, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.says = OSError("the store does not answer")
    for _try in range(actions.MOST_ATTEMPTS + 2):
        make_due(file)
        tasks.read_file_text(file.pk)
    text = row(file)
    assert text.state == TextState.WAITING
    assert text.due_at is not None
    assert text.due_at > timezone.now()
    reader.says = READ
    make_due(file)
    tasks.read_file_text(file.pk)
    assert row(file).state == TextState.READ


def test_a_long_scan_is_gone_on_with(file: File, reader: Reader) -> None:
    picture = PageText(1, "อ่านจากภาพแล้ว", TextSource.PICTURE)
    reader.says = DocumentText((picture, PageText(2, "", TextSource.NONE)), note=MORE)
    assert actions.read_stored_file(file.pk)
    assert (row(file).state, row(file).detail) == (TextState.WAITING, MORE)
    assert document_text(file) is not None  # what is there can be searched meanwhile
    reader.says = DocumentText((picture, PageText(2, "ครบแล้ว", TextSource.PICTURE)))
    assert not actions.read_stored_file(file.pk)
    assert row(file).state == TextState.PICTURE


def test_scans_are_read_once_a_reader_of_pictures_is_installed(
    file: File, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.says = DocumentText((PageText(1, "", TextSource.NONE),), note=NO_READER)
    tasks.read_file_text(file.pk)
    assert row(file).state == TextState.UNREAD
    assert str(TextState.UNREAD.label) == "ไม่มีตัวอ่านภาพ"
    monkeypatch.setattr(tasks, "is_installed", lambda: False)
    tasks.read_due_texts()
    assert row(file).state == TextState.UNREAD
    monkeypatch.setattr(tasks, "is_installed", lambda: True)
    tasks.read_due_texts()
    assert row(file).state == TextState.WAITING
    reader.says = DocumentText((READ.pages[0], PageText(2, "", TextSource.NONE)), note=NO_READER)
    tasks.read_file_text(file.pk)
    assert row(file).state == TextState.READ  # but for a page
    tasks.read_due_texts()
    assert row(file).state == TextState.WAITING


def test_the_sweep_finds_files_that_were_never_queued_or_read_by_an_older_reader(file: File, reader: Reader) -> None:
    FileText.objects.all().delete()
    tasks.read_due_texts()
    assert row(file).state == TextState.WAITING
    tasks.read_file_text(file.pk)
    FileText.objects.update(reader=VERSION - 1)
    tasks.read_due_texts()
    text = row(file)
    assert text.state == TextState.WAITING
    assert text.pages is not None  # the earlier text stays until then


def test_an_infected_file_is_not_read(file: File, reader: Reader) -> None:
    File.objects.update(scan_state=ScanState.INFECTED)
    tasks.read_file_text(file.pk)
    assert (reader.calls, due_texts(timezone.now(), 10)) == (0, [])


def test_searching_the_files_of_a_province(file: File, reader: Reader, django_assert_num_queries: Any) -> None:
    tasks.read_file_text(file.pk)
    with django_assert_num_queries(2):
        hits = search_files("บัญชีข้อมูล", File.objects.all(), 10)
    assert [(hit.document, hit.page) for hit in hits] == [(file.pk, 1)]
    assert [hits[0].text[start:end] for start, end in hits[0].marks] == ["บัญชีข้อมูล"]
    assert search_files("ไม่มีคำนี้", File.objects.none(), 10) == []


def test_a_stored_file_is_read_for_good(file: File) -> None:
    """No stand-in: the guard opens what is in the store."""
    tasks.read_file_text(file.pk)
    text = row(file)
    assert (text.state, text.reader) == (TextState.READ, extracting.VERSION)
    assert text.characters > 0
    with actions.local_content(file) as path:
        assert path.stat().st_size == file.size
    assert store.evidence_storage().exists(file.stored)
