"""Calls to authorities on the network: bounded in time and size, and never led to another address."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from dgready.limits import TooLargeError

CHUNK_BYTES: Final = 1 << 14


class _NoRedirect(HTTPRedirectHandler):
    """Leaves a redirect an error: the address is one of the settings, and no other is asked."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Nothing follows."""


def call_outside(
    url: str, *, seconds: float, most_bytes: int, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> bytes:
    """The answer, all of it within `seconds` or OSError. A `body` is posted."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise OSError(f"{url} does not start with http:// or https://")
    if seconds <= 0:
        raise TimeoutError("no time is left")
    deadline = time.monotonic() + seconds
    answer = b""
    with build_opener(_NoRedirect).open(Request(url, body, dict(headers or {})), timeout=seconds) as reply:
        while chunk := reply.read1(CHUNK_BYTES):
            answer += chunk
            if len(answer) > most_bytes:
                raise TooLargeError(most_bytes, url)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{urlsplit(url).hostname} is too slow")
    return answer
