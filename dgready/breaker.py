"""Circuit breaker: a service that has failed is not asked again until a thread of its own has found it well."""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

log = logging.getLogger(__name__)

FIRST_PAUSE: Final = 0.5  # seconds until the service is looked at for the first time
LONGEST_PAUSE: Final = 5.0  # seconds; each pause is twice as long as the one before

_all: weakref.WeakSet[Breaker] = weakref.WeakSet()


class ServiceAwayError(OSError):
    """The service failed a moment ago and is not asked now."""


class Breaker:
    """Whether a service may be asked. One per service and process; safe among threads.

    Whoever meets the first failure waits for it; nobody waits after that, since requests do not try it out.
    """

    def __init__(self, name: str, probe: Callable[[], object]) -> None:
        self.name = name
        self.probe = probe  # returns when the service is well, raises otherwise; has a time limit
        self.failures = 0  # calls that failed, for tests and metrics
        self._away = threading.Event()
        self._lock = threading.Lock()
        _all.add(self)

    @property
    def is_away(self) -> bool:
        """Whether the service failed and has not been found well since."""
        return self._away.is_set()

    def fail(self, fault: BaseException) -> None:
        """Record that a call failed: from now on nobody asks until the service is found well."""
        with self._lock:
            self.failures += 1
            if self._away.is_set():
                return
            self._away.set()
        log.warning("%s is away, going on without it: %r", self.name, fault)
        threading.Thread(target=self._watch, name=f"watch {self.name}", daemon=True).start()

    @contextmanager
    def calling(self, *faults: type[BaseException]) -> Iterator[None]:
        """The block asks the service; one of `faults` opens the breaker and is raised on.

        Raises ServiceAwayError without running the block while the service is away.
        """
        if self.is_away:
            raise ServiceAwayError(f"{self.name} is away")
        try:
            yield
        except faults as fault:
            self.fail(fault)
            raise

    def _watch(self) -> None:
        pause = FIRST_PAUSE
        while self._away.is_set():
            time.sleep(pause)
            try:
                self.probe()
            except Exception:
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self.reset()
                log.warning("%s is back", self.name)

    def reset(self) -> None:
        """Let the service be asked again."""
        self._away.clear()

    def after_fork(self) -> None:
        """In a child process, which has no thread that watches: let the child find out by itself."""
        self._lock = threading.Lock()
        self._away = threading.Event()


def breakers() -> list[Breaker]:
    """All of this process."""
    return list(_all)


def _reset_all() -> None:
    for breaker in _all:
        breaker.after_fork()


os.register_at_fork(after_in_child=_reset_all)
