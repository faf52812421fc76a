"""A store that does not answer: the next one is spared the wait, a page says it, jobs are told as by any fault."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from dgready.health import check_store
from dgready.limits import CallTimes
from dgready.s3 import STORE, LimitedS3Storage
from dgready.store_away import StoreAwayError
from evidence import store
from evidence.models import Attachment
from tests.evidence.conftest import World, build, pdf, upload
from tests.frame.frozen import frozen_port
from tests.installation import until

OPTIONS = {
    "bucket_name": "sample",
    "access_key": "sample",
    "secret_key": "sample",
    "region_name": "us-east-1",
    "addressing_style": "path",
    "signature_version": "s3v4",
    "location": "evidence",
    "file_overwrite": False,
}


@pytest.fixture(autouse=True)
def _short(settings: Any) -> Iterator[None]:
    settings.S3_TIMES = CallTimes(connect=0.5, answer=0.5)
    yield
    STORE.reset()


class Answering(BaseHTTPRequestHandler):
    """A store that answers each request with one status."""

    status = 200

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(type(self).status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_PUT = do_DELETE = answer  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@contextmanager
def answering(status: int) -> Iterator[int]:
    kind = type("Answering", (Answering,), {"status": status})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_port
        server.shutdown()


def use(settings: Any, port: int) -> LimitedS3Storage:
    options = {**OPTIONS, "endpoint_url": f"http://127.0.0.1:{port}"}
    spec = {"BACKEND": "dgready.s3.LimitedS3Storage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "evidence": spec}
    found = store.evidence_storage()
    assert isinstance(found, LimitedS3Storage)
    return found


@pytest.mark.slow
def test_one_waits_the_others_are_told_at_once(settings: Any) -> None:
    with frozen_port() as port:
        storage = use(settings, port)
        before = STORE.failures
        with pytest.raises(StoreAwayError):
            storage.exists("a")
        started = time.monotonic()
        for _ in range(50):
            for call in (
                lambda: storage.exists("a"),
                lambda: storage.size("a"),
                lambda: storage.open("a"),
                lambda: storage.save("a", ContentFile(b"a")),
                lambda: storage.delete("a"),
                lambda: storage.listdir(""),
                lambda: storage.get_modified_time("a"),
                check_store,
            ):
                with pytest.raises(StoreAwayError):
                    call()
        assert STORE.failures == before + 1
        assert time.monotonic() - started < 30  # four hundred calls that waited would take minutes
        assert STORE.is_away
    with answering(403) as port:  # an answer, though not a kind one
        use(settings, port)
        until(lambda: not STORE.is_away, "the store is found well", 30)


def test_no_connection_and_a_fault_of_the_store_are_the_same(settings: Any) -> None:
    with answering(503) as port:
        storage = use(settings, port)
        with pytest.raises(StoreAwayError):
            storage.size("a")
        assert not STORE.is_away  # it answers; the next one may be luckier
    with pytest.raises(StoreAwayError):
        storage.size("a")
    assert STORE.is_away


def test_what_is_not_there_is_not_away(settings: Any) -> None:
    with answering(404) as port:
        storage = use(settings, port)
        assert not storage.exists("a")
        with pytest.raises(FileNotFoundError):
            storage.open("a")
        with pytest.raises(FileNotFoundError):
            storage.size("a")


# -- pages ----------------------------------------------------------------------------------------


@pytest.fixture
def world(db: None) -> World:
    made = build()
    made.answer({"E1": "done"})
    return made


def away(*args: object) -> None:
    raise StoreAwayError("frozen")


def slot(world: World) -> str:
    return f"/r/{world.response.pk}/evidence/E1/?at=E1%3Ddone"


def test_an_upload_is_asked_to_come_again(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(world.secretary)
    taken = store.store_content
    calls = iter([taken, away])
    monkeypatch.setattr(store, "store_content", lambda content: next(calls)(content))
    files = [upload(pdf(name), f"{name}.pdf") for name in "abc"]
    got = client.post(slot(world), {"files": files})
    text = got.content.decode()
    assert got.status_code == 503
    assert got["Retry-After"] == "10"
    assert 'data-refusal="a.pdf"' not in text
    assert 'data-refusal="b.pdf"' in text
    assert 'data-refusal="c.pdf"' in text
    assert "คลังไฟล์ยังไม่ตอบ" in text
    assert [a.name for a in Attachment.objects.all()] == ["a.pdf"]
    monkeypatch.setattr(store, "store_content", taken)
    files = [upload(pdf(name), f"{name}.pdf") for name in "bc"]
    assert client.post(slot(world), {"files": files}).status_code == 302
    assert Attachment.objects.count() == 3


def test_any_other_page_says_it_and_keeps_what_was_typed(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(world.secretary)
    monkeypatch.setattr("evidence.attaching.views.place.EvidencePanel.attempt", away)
    got = client.post(slot(world), {"url": "https://example.org/typed", "name": "typed <b>"})
    text = got.content.decode()
    assert (got.status_code, got["Retry-After"]) == (503, "10")
    assert "การกรอกและบันทึกคำตอบยังใช้ได้" in text
    assert "https://example.org/typed" in text
    assert "typed &lt;b&gt;" in text
    monkeypatch.setattr("evidence.attaching.views.place.EvidencePanel.show", away)
    assert client.get(slot(world)).status_code == 503
