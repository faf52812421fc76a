"""A request on its way in: collected until it is complete, its body on disk when it is long."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Final

END_OF_HEAD: Final = b"\r\n\r\n"
IN_MEMORY: Final = 64 << 10  # bytes of a request or of an answer beyond which it lies on disk
CONTENT_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
TRANSFER_ENCODING: Final = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
EXPECT: Final = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)


class SpoolBudget:
    """Bytes that all requests and answers together may have on disk; threads take and give."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0
        self._lock = threading.Lock()

    def take(self, size: int) -> bool:
        """Whether there was room for so many bytes more."""
        with self._lock:
            if self.used + size > self.limit:
                return False
            self.used += size
            return True

    def give(self, size: int) -> None:
        """Bytes that are no longer on disk."""
        with self._lock:
            self.used -= size


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """Bytes of the lines before the body and of the body; the folder and the room for long bodies."""

    head: int
    body: int
    folder: str
    budget: SpoolBudget


class IncomingRequest:
    """One request: fed as it arrives, read once it is complete.

    `refusal` is the status it must be answered with instead, when it is not to be read on. `begun`: when its first byte
    came, by the monotonic clock.
    """

    def __init__(self, limits: RequestLimits) -> None:
        self.limits = limits
        self.received = 0
        self.begun = 0.0
        self.rest = b""  # what came behind it: the beginning of the next one
        self.refusal: int | None = None
        self.is_head_complete = False
        self.expects_continue = False
        self._head = bytearray()
        self._missing = 0
        self._spooled = 0
        self._body = SpooledTemporaryFile(max_size=IN_MEMORY, dir=limits.folder)  # noqa: SIM115  (closed by close())

    @property
    def is_complete(self) -> bool:
        """Whether all of it is here."""
        return self.is_head_complete and not self._missing and self.refusal is None

    @property
    def is_begun(self) -> bool:
        """Whether any of it is here."""
        return self.received > 0

    def feed(self, data: bytes, when: float) -> None:
        """Take what has arrived, and when it did."""
        if not self.received:
            self.begun = when
        self.received += len(data)
        if not self.is_head_complete:
            data = self._feed_head(data)
        if not self.is_head_complete or self.refusal:
            return
        body, rest = data[: self._missing], data[self._missing :]
        if body:
            self._feed_body(body)
        self.rest += rest

    def _feed_head(self, data: bytes) -> bytes:
        """Collects the lines before the body; returns what lies behind them."""
        start = max(0, len(self._head) - len(END_OF_HEAD) + 1)
        self._head += data
        end = self._head.find(END_OF_HEAD, start)
        if end < 0 or end > self.limits.head:
            if len(self._head) > self.limits.head:
                self.refusal = 431
            return b""
        behind = bytes(self._head[end + len(END_OF_HEAD) :])
        del self._head[end + len(END_OF_HEAD) :]
        self.is_head_complete = True
        self._read_head()
        return behind

    def _read_head(self) -> None:
        if TRANSFER_ENCODING.search(self._head):
            self.refusal = 411  # its length is told, or it is not taken
        elif found := CONTENT_LENGTH.search(self._head):
            self._missing = int(found[1])
            if self._missing > self.limits.body:
                self.refusal = 413
        self.expects_continue = bool(self._missing and EXPECT.search(self._head))
        self._body.write(self._head)
        self._head.clear()

    def _feed_body(self, body: bytes) -> None:
        if self.received > IN_MEMORY:
            if not self.limits.budget.take(len(body)):
                self.refusal = 503
                return
            self._spooled += len(body)
        self._missing -= len(body)
        self._body.write(body)

    def rewind(self) -> None:
        """Get ready to be read from the beginning."""
        self._body.seek(0)

    def read(self, size: int) -> bytes:
        """Of a complete request; empty at its end."""
        return self._body.read(size)

    def close(self) -> None:
        """Let go of what is kept."""
        self._body.close()
        self.limits.budget.give(self._spooled)
        self._spooled = 0
