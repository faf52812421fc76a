"""Django's backend for PostgreSQL; a connection in constant use is asked once a second whether it is well."""

from __future__ import annotations

import select
import time
from typing import Any, Final

from django.db.backends.postgresql import base

TRUSTED_SECONDS: Final = 1.0  # for which a connection that was found well need not be asked again


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose health check (CONN_HEALTH_CHECKS) is a look at its socket between two questions.

    Django asks `SELECT 1` before the first query of each request. A server that stops, or ends a connection, says so on
    the line, where nothing else comes unasked: a line that is silent, and answered a moment ago, is taken to be well.
    """

    health_check_done: bool

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._trusted: tuple[Any, float] = (None, 0.0)  # the driver's connection, until when

    def close_if_health_check_failed(self) -> None:
        """Close the connection if it is not well."""
        if self.connection is not None and not self.health_check_done and self._is_trusted():
            self.health_check_done = True
            return
        super().close_if_health_check_failed()

    def is_usable(self) -> bool:
        """Whether the server answers. One query."""
        is_usable = super().is_usable()
        self._trusted = (self.connection, time.monotonic() + TRUSTED_SECONDS) if is_usable else (None, 0.0)
        return is_usable

    def _is_trusted(self) -> bool:
        connection, until = self._trusted
        return connection is self.connection and time.monotonic() < until and is_silent(self.connection.fileno())


def is_silent(descriptor: int) -> bool:
    """Whether nothing has come on a line, not even its end. Does not wait."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLPRI)
    return not poll.poll(0)
