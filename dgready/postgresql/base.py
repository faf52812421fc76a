"""Django's backend for PostgreSQL: connections in constant use are asked once a second whether they are well.

Where the address names several servers, the one that took the last connection is asked first.
"""

from __future__ import annotations

import select
import time
from typing import Any, Final

from django.db.backends.postgresql import base

_answering: dict[tuple[str, str], tuple[str, str]] = {}  # hosts and ports of an address → those that answered last
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

    def get_connection_params(self) -> dict[str, Any]:
        """What the driver is given. A machine that has gone is tried last: each try waits for `connect_timeout`."""
        given: dict[str, Any] = super().get_connection_params()
        address = str(given.get("host", "")), str(given.get("port", ""))
        if found := _answering.get(address):
            given["host"], given["port"] = beginning_with(found, *address)
        return given

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, and remember to which of several servers."""
        connection = super().get_new_connection(conn_params)
        own = str(self.settings_dict["HOST"]), str(self.settings_dict["PORT"])
        if "," in own[0]:
            _answering[own] = str(connection.info.host), str(connection.info.port)
        return connection

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


def beginning_with(first: tuple[str, str], hosts: str, ports: str) -> tuple[str, str]:
    """Hosts and ports of an address, by commas as libpq takes them, with one of them in front; all as they are if
    it is none of them."""
    names = hosts.split(",")
    numbers = ports.split(",") if "," in ports else [ports] * len(names)
    pairs = list(zip(names, numbers, strict=True))
    found = next((pair for pair in pairs if (pair[0], pair[1] or "5432") == first), None)
    if found is None:
        return hosts, ports
    pairs.remove(found)
    return ",".join([found[0], *(name for name, _ in pairs)]), ",".join([found[1], *(number for _, number in pairs)])
