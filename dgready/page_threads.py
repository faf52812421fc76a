"""How many of a web process's threads may wait for one service at a time, so that the others go on with pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PREFIX: Final = "dgready-page"  # of the names of the threads that answer requests; dgready.serving.worker gives them
PATIENCE: Final = 1.0  # seconds that a thread waits for its turn while the service answers
SLUGGISH: Final = 2.0  # seconds after which a call counts as hanging: nobody waits behind it


class ThreadsTakenError(OSError):
    """As many threads as may are waiting for the service."""


class PageThreads:
    """The share of one service. Only threads that answer requests are counted; a process without them has no bound."""

    def __init__(self, size: int | None = None) -> None:
        self.size = size
        self._since: dict[int, float] = {}  # when each thread began to wait for the service
        self._free = threading.Condition()

    def share_of(self, threads: int) -> None:
        """Bound it to half of so many threads, at least one."""
        self.size = max(1, threads // 2)

    @property
    def taken(self) -> int:
        """How many threads wait for the service."""
        return len(self._since)

    @property
    def is_hanging(self) -> bool:
        """Whether the share is used up by calls that hang, so that nobody need try."""
        with self._free:
            return self.size is not None and len(self._since) >= self.size and self._oldest() > SLUGGISH

    def _oldest(self) -> float:
        """Seconds that the oldest call has taken."""
        return time.monotonic() - min(self._since.values())

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """The block asks the service. Raises ThreadsTakenError when its share is used up."""
        thread = threading.get_ident()
        if self.size is None or thread in self._since or not threading.current_thread().name.startswith(PREFIX):
            yield
            return
        self._take(thread, self.size)
        try:
            yield
        finally:
            with self._free:
                del self._since[thread]
                self._free.notify()

    def _take(self, thread: int, size: int) -> None:
        end = time.monotonic() + PATIENCE
        with self._free:
            while len(self._since) >= size:
                now = time.monotonic()
                if now >= end or self._oldest() > SLUGGISH:
                    raise ThreadsTakenError(f"{len(self._since)} threads wait for the service already")
                self._free.wait(end - now)
            self._since[thread] = time.monotonic()


STORE_THREADS: Final = PageThreads()
"""Of the store of files; the web server's worker sizes it."""
