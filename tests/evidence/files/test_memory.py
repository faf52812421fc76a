"""The largest file passes the whole way, in and out, without being in memory."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from django.urls import reverse

from evidence.models import Attachment
from tests.evidence.conftest import build, pdf

pytestmark = pytest.mark.slow

MEGABYTE = 1 << 20
SIZE = 50 * MEGABYTE
MOST = 4 * MEGABYTE
BOUNDARY = "sample-boundary"


class Body(io.RawIOBase):
    """A form with one file of SIZE bytes, made up as it is read: a PDF and then nothing but comment."""

    def __init__(self) -> None:
        start = pdf() + b"\n%"
        self.pieces = iter(
            [self._head() + start, *self._filling(SIZE - len(start)), f"\r\n--{BOUNDARY}--\r\n".encode()]
        )
        self.length = len(self._head()) + SIZE + len(f"\r\n--{BOUNDARY}--\r\n")
        self.rest = b""

    @staticmethod
    def _head() -> bytes:
        disposition = 'Content-Disposition: form-data; name="files"; filename="large.pdf"'
        return f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: application/pdf\r\n\r\n".encode()

    @staticmethod
    def _filling(size: int) -> Iterator[bytes]:
        while size > 0:
            piece = b"x" * min(size, MEGABYTE)
            size -= len(piece)
            yield piece

    def read(self, size: int = -1) -> bytes:
        assert size >= 0
        while len(self.rest) < size and (piece := next(self.pieces, b"")):
            self.rest += piece
        out, self.rest = self.rest[:size], self.rest[size:]
        return out


def environ(client: Client, path: str, query: str, body: Body | None) -> dict[str, Any]:
    token = "a" * 32
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}",
        "HTTP_X_CSRFTOKEN": token,
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}" if body else "",
        "CONTENT_LENGTH": str(body.length) if body else "0",
        "wsgi.input": body or io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def peak_of(handler: WSGIHandler, given: dict[str, Any]) -> tuple[str, int, int]:
    """Status, bytes of the answer, and the most memory taken meanwhile."""
    seen: list[str] = []
    tracemalloc.start()
    answer = handler(given, lambda status, headers: seen.append(status))
    size = sum(len(piece) for piece in answer)
    answer.close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seen[0], size, peak


def test_fifty_megabytes_in_and_out(transactional_db: None) -> None:
    world, address = build(), "E1=done"
    client, handler = Client(), WSGIHandler()
    client.force_login(world.secretary)
    path = reverse("evidence:slot", args=[world.response.pk, "E1"])
    peak_of(handler, environ(client, path, f"at={quote(address)}", None))  # whatever is loaded once
    status, _size, peak = peak_of(handler, environ(client, path, f"at={quote(address)}", Body()))
    assert status.startswith("302")
    assert peak < MOST
    attachment = Attachment.objects.select_related("file").get()
    assert attachment.file is not None
    assert attachment.file.size == SIZE
    out = reverse("evidence:download", args=[world.response.pk, attachment.public_id])
    status, size, peak = peak_of(handler, environ(client, out, "", None))
    assert status.startswith("200")
    assert size == SIZE
    assert peak < MOST
