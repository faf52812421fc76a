"""The store: streamed, hashed, once per content, safe before a row names it."""

from __future__ import annotations

import hashlib
import os
import resource
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadhandler import SkipFile
from django.test import RequestFactory

from evidence import store
from evidence.files.refusal import EvidenceRefused
from evidence.files.uploads import LimitedUploadHandler
from tests.evidence.conftest import upload

MEGABYTE = 1 << 20


class Stream:
    """An upload made up as it is read."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.read = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        piece = b"x" * (chunk_size or MEGABYTE)
        while self.read < self.size:
            self.read += len(piece)
            yield piece


def left_over() -> list[str]:
    return os.listdir(Path(store.evidence_storage().base_location) / store.INCOMING_FOLDER)


def test_the_name_is_the_hash_and_the_bytes_are_the_same() -> None:
    with store.spool_upload(upload(b"content")) as content:
        name = store.store_content(content)
    digest = hashlib.sha256(b"content").hexdigest()
    assert name == f"{digest[:2]}/{digest[2:4]}/{digest}"
    assert content.sha256 == digest
    assert content.size == 7
    with store.open_stored_content(name) as file:
        assert file.read() == b"content"
    path = Path(store.evidence_storage().path(name))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert left_over() == []


def test_the_same_content_is_written_once() -> None:
    for _time in range(2):
        with store.spool_upload(upload(b"content")) as content:
            name = store.store_content(content)
            number = os.stat(store.evidence_storage().path(name)).st_ino
    assert os.stat(store.evidence_storage().path(name)).st_ino == number
    assert left_over() == []


def test_a_stored_content_that_was_cut_short_is_put_right() -> None:
    with store.spool_upload(upload(b"content")) as content:
        name = store.store_content(content)
    Path(store.evidence_storage().path(name)).write_bytes(b"con")
    with store.spool_upload(upload(b"content")) as content:
        store.store_content(content)
    assert Path(store.evidence_storage().path(name)).read_bytes() == b"content"


def test_reading_stops_at_the_limit(settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = MEGABYTE
    endless = Stream(1 << 40)
    with pytest.raises(EvidenceRefused) as caught, store.spool_upload(endless):
        raise AssertionError
    assert caught.value.reason == "size"
    assert "1 MB" in str(caught.value)
    assert endless.read <= MEGABYTE + store.CHUNK_BYTES
    assert left_over() == []


def test_nothing_is_left_when_the_reader_fails() -> None:
    with pytest.raises(KeyError), store.spool_upload(upload(b"content")):
        raise KeyError
    assert left_over() == []


def test_what_a_killed_process_left_is_swept_away() -> None:
    with store.spool_upload(upload(b"content")):
        pass
    folder = Path(store.evidence_storage().base_location) / store.INCOMING_FOLDER
    old, young = folder / "old", folder / "young"
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (1, 1))
    with store.spool_upload(upload(b"content")):
        pass
    assert left_over() == ["young"]


def test_memory_stays_flat_at_the_largest_file() -> None:
    tracemalloc.start()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        with store.spool_upload(Stream(50 * MEGABYTE)) as content:
            store.store_content(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert content.size == 50 * MEGABYTE
    assert peak < 2 * MEGABYTE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10_000  # kilobytes


def handler(*, signed_in: bool = True) -> LimitedUploadHandler:
    request = RequestFactory().post("/")
    request.user = type("Person", (), {"is_authenticated": signed_in})()
    made = LimitedUploadHandler(request)
    made.handle_raw_input(None, {}, 0, b"")
    return made


def receive(made: LimitedUploadHandler, size: int) -> Any:
    made.new_file("files", "a.pdf", "application/pdf", None, None)
    for start in range(0, size, 1000):
        assert made.receive_data_chunk(b"x" * min(1000, size - start), start) is None
    return made.file_complete(size)


def test_an_upload_beyond_the_limit_is_not_written(settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 5000
    made = handler()
    fits, large, after = receive(made, 5000), receive(made, 90_000), receive(made, 10)
    assert not getattr(fits, "too_large", False)
    assert large.too_large
    assert os.path.getsize(large.temporary_file_path()) <= 5000
    assert not getattr(after, "too_large", False)
    with pytest.raises(EvidenceRefused), store.spool_upload(large):
        raise AssertionError
    for file in (fits, large, after):
        file.close()


def test_one_request_cannot_fill_the_disk(settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 5000
    made = handler()
    files = [receive(made, 5000) for _n in range(12)]
    assert [getattr(f, "too_large", False) for f in files] == [False] * 10 + [True] * 2
    for file in files:
        file.close()


def test_people_who_are_not_signed_in_send_no_files() -> None:
    with pytest.raises(SkipFile):
        receive(handler(signed_in=False), 10)
