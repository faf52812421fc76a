"""A small application for tests of the web server's guard, with short limits; of a process of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.conf import settings

from tests.slow_clients import LONG

os.environ["DJANGO_SETTINGS_MODULE"] = "dgready.settings"
settings.CLIENT_LIMITS = replace(
    settings.CLIENT_LIMITS,
    head_seconds=1,
    grace_seconds=1,
    rate=1 << 20,
    body_bytes=20 << 20,
    per_address=30,
    spooled=40 << 20,
)


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Tells the method, path and body it got; /long is long, /unread leaves the body alone, /slow takes its time.

    /arrived tells how many milliseconds ago its first byte came.
    """
    path = environ["PATH_INFO"]
    if path == "/long":
        start_response("200 OK", [("Content-Length", str(len(LONG)))])
        return (LONG[at : at + 65536] for at in range(0, len(LONG), 65536))
    if path == "/slow":
        time.sleep(0.5)
    if path == "/arrived":
        text = f"{(time.monotonic() - environ['dgready.arrived']) * 1000:.0f}".encode()
        start_response("200 OK", [("Content-Length", str(len(text)))])
        return [text]
    body = b"" if path == "/unread" else environ["wsgi.input"].read()
    text = f"{environ['REQUEST_METHOD']} {path} {len(body)} {sha256(body).hexdigest()}".encode()
    start_response("200 OK", [("Content-Length", str(len(text)))])
    return [text]
