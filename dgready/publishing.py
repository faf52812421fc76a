"""Handing tasks to the queue, so that a broker that is away or frozen never fails what has been written.

A message is only a hint that there is work: the work itself is a row, and periodic tasks look for rows whose message
never arrived. So a message that cannot be sent is left to them.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any, Final

from celery import signature
from django.db import transaction

from dgready.cache import REDIS
from dgready.celery import app

log = logging.getLogger(__name__)
REST_SECONDS: Final = 20.0  # after a failure no request waits for the broker again


class _Broker:
    """What this process knows of the broker: whether it may be asked, and by whom."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._away_until = 0.0

    def may_be_asked(self) -> bool:
        """Whether it answered last time, or has rested since; then one caller tries and the others go on."""
        with self._lock:
            now = time.monotonic()
            if now < self._away_until:
                return False
            if self._away_until:
                self._away_until = now + REST_SECONDS
            return True

    def answered(self, well: bool) -> None:
        """Note how the last call ended."""
        with self._lock:
            self._away_until = 0.0 if well else time.monotonic() + REST_SECONDS


_broker = _Broker()


def publish(task: str, *args: Any, countdown: float | None = None) -> bool:
    """Send a task's message now; False when the broker did not take it, which is logged and never raised."""
    message = signature(task, args, app=app)
    if app.conf.task_always_eager:  # the task runs inside the call: its faults are the caller's
        message.apply_async(countdown=countdown)
        return True
    if REDIS.is_away or not _broker.may_be_asked():  # cache and queue are one Redis: one wait is enough
        return False
    try:
        message.apply_async(countdown=countdown, retry=False)
    except Exception as fault:  # each broker has faults of its own
        log.warning("the queue did not take %s: %r", task, fault)
        _broker.answered(well=False)
        return False
    _broker.answered(well=True)
    return True


@dataclass(frozen=True, slots=True)
class _Publication:
    """A message that is sent when called."""

    task: str
    args: tuple[Any, ...]

    def __call__(self) -> None:
        publish(self.task, *self.args)


def publish_on_commit(task: str, *args: Any) -> None:
    """Send a task's message once the transaction is over, so that its rows are there to be read; the same only once."""
    publication = _Publication(task, args)
    waiting = transaction.get_connection()
    known = ((sids, then) for sids, then, _robust in waiting.run_on_commit)
    if not waiting.in_atomic_block or (set(waiting.savepoint_ids), publication) not in known:
        transaction.on_commit(publication)
