"""A client's connection, and the socket that gunicorn's threads see instead of it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from dgready.serving.incoming import IncomingRequest, RequestLimits
from dgready.serving.outgoing import OutgoingAnswer

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
# A closed line still takes what is on its way, so that the answer is not cut off: until it has been silent for so long.
LINGER_SECONDS: Final = 2.0
LINGER_MOST: Final = 20.0


class Phase(Enum):
    """What a connection is at."""

    READING = "reading"  # a request comes in, or is waited for
    WORKING = "working"  # a thread has it
    SENDING = "sending"  # the thread is done, the client still takes the answer
    LINGERING = "lingering"  # our side is closed


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds between two requests and for the lines before a body; a body or an answer has `grace` seconds and then
    must have moved at `rate` bytes a second.
    """

    keepalive: float
    head: float
    grace: float
    rate: int


class Connection:
    """One client: its request, its answer, and until when it is waited for. Of the loop's thread but for `answer`."""

    def __init__(
        self,
        sock: socket.socket,
        address: Any,
        limits: RequestLimits,
        patience: Patience,
        wake: Callable[[Connection], None],
    ) -> None:
        self.sock, self.address, self.limits, self.patience = sock, address, limits, patience
        self.phase = Phase.READING
        self.server: Any = None  # the address it came to
        self.events = 0  # what the loop watches it for
        self.keep = False  # whether another request may follow
        self.request = IncomingRequest(limits)
        self.answer = OutgoingAnswer(sock, limits.folder, limits.budget, lambda: wake(self))
        self.since = time.monotonic()
        self.heard = self.since  # when something came that is thrown away
        self.idle_since: float | None = None  # between two requests
        self._sent_before = 0
        self._heard = self.since  # when something came last

    @property
    def host(self) -> str:
        """The client's address without the port; empty for a local socket."""
        return str(self.address[0]) if isinstance(self.address, tuple) and self.address else ""

    def await_next(self) -> None:
        """Get ready for the next request, of which a part may be here."""
        rest = self.request.rest
        self.request.close()
        self.request = IncomingRequest(self.limits)
        self.phase, self.since = Phase.READING, time.monotonic()
        self.idle_since = self.since
        if rest:
            self._take(rest)

    def feed(self, data: bytes) -> None:
        """Take what has arrived now."""
        self._heard = time.monotonic()
        self._take(data)

    def _take(self, data: bytes) -> None:
        if not self.request.is_begun:
            self.since, self.idle_since = time.monotonic(), None
        had_head = self.request.is_head_complete
        self.request.feed(data, self._heard)
        if self.request.is_head_complete and not had_head:
            self.since = time.monotonic()
            if self.request.expects_continue and not self.request.is_complete and not self.request.refusal:
                self.answer.write(CONTINUE)

    def turn(self, phase: Phase) -> None:
        """Go on to another phase."""
        self.phase, self.since, self._sent_before = phase, time.monotonic(), self.answer.sent
        self.heard = self.since

    @property
    def moved(self) -> int:
        """Bytes that came or went in this phase."""
        return self.request.received if self.phase is Phase.READING else self.answer.sent - self._sent_before

    def deadline(self) -> float | None:
        """When it is given up; None while a thread has it and nothing waits."""
        if self.phase is Phase.LINGERING:
            return min(self.heard + LINGER_SECONDS, self.since + LINGER_MOST)
        if self.phase is Phase.WORKING:
            return None
        if self.phase is Phase.READING and not self.request.is_head_complete:
            return self.since + (self.patience.head if self.idle_since is None else self.patience.keepalive)
        return self.since + self.patience.grace + self.moved / self.patience.rate

    def eviction_rank(self, now: float) -> tuple[int, float] | None:
        """Of several the one with the lowest rank is closed to make room; None while a thread has it."""
        if self.phase is Phase.WORKING:
            return None
        if self.phase is Phase.LINGERING or self.idle_since is not None:
            return (0, self.since)
        if self.phase is Phase.READING and not self.request.is_head_complete:
            return (1, self.since)
        return (2, self.moved / max(now - self.since, 0.001))

    def close(self) -> None:
        """Close the line and let go of what is kept."""
        self.answer.close()
        self.request.close()
        self.sock.close()


class BufferedSocket:
    """What gunicorn reads a complete request from and writes the answer to; it never waits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def arrived(self) -> float:
        """When the request's first byte came, by the monotonic clock."""
        return self._connection.request.begun

    def recv(self, size: int, flags: int = 0) -> bytes:
        """The next bytes of the request; empty at its end."""
        return self._connection.request.read(size)

    def sendall(self, data: bytes) -> None:
        """A part of the answer."""
        self._connection.answer.write(data)

    def send(self, data: bytes) -> int:
        """A part of the answer; that the client may go on sending has been told already."""
        if data != CONTINUE:
            self.sendall(data)
        return len(data)

    def fileno(self) -> int:
        """Of the real socket."""
        return self._connection.sock.fileno()

    def getsockname(self) -> Any:
        """Our end of the line."""
        return self._connection.sock.getsockname()

    def getpeername(self) -> Any:
        """The client's end of the line."""
        return self._connection.address

    def gettimeout(self) -> None:
        """None: it never waits."""

    def settimeout(self, seconds: float | None) -> None:
        """Change nothing: it never waits."""

    def setblocking(self, flag: bool) -> None:
        """Change nothing: it never waits."""

    def shutdown(self, how: int) -> None:
        """Change nothing: the loop closes the line when all is sent."""

    def close(self) -> None:
        """Change nothing: the loop closes the line when all is sent."""
