"""A signing key, and a time stamping authority on a free loopback port."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from pyhanko.keys import load_certs_from_pemder, load_private_key_from_pemder
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from tests.reports.documents.test_certificate import authority

__all__ = ["Authority", "authority", "serving", "signing", "tsa"]


@pytest.fixture
def signing(settings: Any, authority: tuple[Path, Path, Path]) -> tuple[Path, Path, Path]:
    """A key and certificate are set: key, certificate with its issuer, issuer."""
    settings.SIGNING_KEY, settings.SIGNING_CERT = str(authority[0]), str(authority[1])
    return authority


class Authority:
    """A time stamping authority: pyHanko's dummy behind HTTP. `pause`: seconds before each piece of the answer."""

    def __init__(self, key: Path, cert: Path) -> None:
        certificate = next(iter(load_certs_from_pemder([str(cert)])))
        self.stamper = DummyTimeStamper(certificate, load_private_key_from_pemder(str(key), None))
        self.pause, self.spoil = 0.0, False
        self.url = ""

    def __call__(self, path: str, body: bytes) -> bytes:
        """The stamp that is asked for."""
        request = tsp.TimeStampReq.load(body)
        if self.spoil:  # a stamp of another text
            request["message_imprint"]["hashed_message"] = b"\0" * 32
        return bytes(self.stamper.request_tsa_response(request).dump())


class Web:
    """Answers of a function of path and body, given piece by piece."""

    def __init__(self, answer: Callable[[str, bytes], bytes], pause: float = 0.0) -> None:
        self.answer, self.pause = answer, pause
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                answer = web.answer(self.path, self.rfile.read(int(self.headers.get("Content-Length") or 0)))
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                try:
                    for start in range(0, len(answer), 100):
                        time.sleep(getattr(web.answer, "pause", web.pause))
                        self.wfile.write(answer[start : start + 100])
                        self.wfile.flush()
                except OSError:
                    self.close_connection = True

            do_GET = do_POST  # noqa: N815  the name is the library's

            def log_message(self, *args: Any) -> None:
                """Nothing."""

        return Handler


@contextmanager
def serving(answer: Any, pause: float = 0.0) -> Iterator[Any]:
    """The function behind HTTP while the block runs: an authority with its address, or the server of another one."""
    web = Web(answer, pause)
    thread = threading.Thread(target=web.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    if isinstance(answer, Authority):
        answer.url = web.url
    yield answer if isinstance(answer, Authority) else web
    web.server.shutdown()
    web.server.server_close()
    thread.join()


@pytest.fixture
def tsa(settings: Any, authority: tuple[Path, Path, Path]) -> Iterator[Authority]:
    """The authority that the settings name."""
    with serving(Authority(authority[0], authority[1])) as made:
        settings.TIMESTAMP_URL = made.url
        yield made
