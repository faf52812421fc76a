"""Signs of life of worker and clock, kept in the database so that they are there while the queue is away; and turns.

A thread of the process writes its sign once a minute. It says that the process lives, not that it gets on: that is what
the age of the queue says.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import Error, connection
from django.utils import timezone

from dgready.prepared_select import PreparedSelect
from reports.models import Heartbeat

log = logging.getLogger(__name__)
BEAT_SECONDS: Final = 60
FORGET_AFTER: Final = timedelta(days=2)  # a machine that is no longer there
WORKER, CLOCK, TURN = "worker", "beat", "turn"
MAX_NAME_LENGTH: Final = 40
_NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
_threads: dict[str, threading.Thread] = {}
_lock = threading.Lock()


def machine_name() -> str:
    """The name of this machine."""
    return socket.gethostname()


def record_heartbeat(kind: str, host: str = "") -> None:
    """Record a sign of life of a process of that kind on this machine."""
    now = timezone.now()
    name = f"{kind}@{host or machine_name()}"[:MAX_NAME_LENGTH]
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})
    Heartbeat.objects.filter(name__startswith=f"{kind}@", at__lt=now - FORGET_AFTER).delete()


def last_heartbeats() -> dict[str, datetime]:
    """The newest sign of life by kind. One query."""
    newest: dict[str, datetime] = {}
    for name, at in _HEARTBEATS.all():
        kind, _at, host = name.partition("@")
        if host:
            newest[kind] = at
    return newest


_HEARTBEATS: Final[PreparedSelect[tuple[str, datetime]]] = PreparedSelect(
    lambda: Heartbeat.objects.order_by("at").values_list("name", "at")
)


def beat_in_thread(kind: str, is_alive: Callable[[], bool] = lambda: True) -> threading.Thread:
    """Start the thread that records this process's sign of life while `is_alive`; of one kind there is one."""
    with _lock:
        running = _threads.get(kind)
        if running is None or not running.is_alive():  # a worker is ready again each time the queue comes back
            name = f"dgready-heartbeat-{kind}"
            running = _threads[kind] = threading.Thread(target=_beat, args=(kind, is_alive), name=name, daemon=True)
            running.start()
        return running


def _beat(kind: str, is_alive: Callable[[], bool]) -> None:
    pause = threading.Event()
    while is_alive():
        try:
            record_heartbeat(kind)
        except Error:
            log.warning("the heartbeat of %s could not be written", kind, exc_info=True)
        finally:
            connection.close()  # a process that is forked from this one must not share it
        pause.wait(BEAT_SECONDS)


# -- turns -----------------------------------------------------------------------------------------


def take_turn(name: str, lease: timedelta) -> bool:
    """Whether this process may do a work that one does at a time; another's turn ends with it or with its lease."""
    now = timezone.now()
    row, _created = Heartbeat.objects.get_or_create(name=f"{TURN}:{name}", defaults={"at": _NEVER})
    return bool(Heartbeat.objects.filter(pk=row.pk, at__lt=now - lease).update(at=now))


def end_turn(name: str) -> None:
    """End one's turn."""
    Heartbeat.objects.filter(name=f"{TURN}:{name}").update(at=_NEVER)
