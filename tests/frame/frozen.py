"""A port that takes every connection and never says a word; as a program: who of the house gives up on it, and when.

    python -m tests.frame.frozen PORT

prints {"database": [seconds, error], …}; the settings are those of the environment.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor


@contextlib.contextmanager
def frozen_port() -> Iterator[int]:
    """The kernel takes the connections; nobody reads them."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(64)
        yield int(server.getsockname()[1])


def _calls() -> dict[str, Callable[[], object]]:
    import django

    django.setup()
    from django.core.cache import cache
    from django.core.files.base import ContentFile
    from django.core.files.storage import storages
    from django.core.mail import get_connection
    from django.db import connection

    from dgready import health
    from survey.tasks import send_letters

    return {
        "database": lambda: connection.ensure_connection(),
        "cache": lambda: cache.get("key"),
        "queue": lambda: send_letters.delay(),
        "store, asking": lambda: storages["evidence"].exists("name"),
        "store, writing": lambda: storages["default"].save("name", ContentFile(b"x" * 100)),
        "store, reading": lambda: storages["default"].open("name").read(),
        "mail": lambda: get_connection().open(),
        "health of the queue": health.check_broker,
        "health of the store": health.check_store,
    }


def _timed(call: Callable[[], object]) -> tuple[float, str]:
    started = time.monotonic()
    try:
        call()
        error = ""
    except Exception as fault:
        error = repr(fault)
    return time.monotonic() - started, error


if __name__ == "__main__":
    found = _calls()
    with ThreadPoolExecutor(len(found)) as pool:
        json.dump(dict(zip(found, pool.map(_timed, found.values()), strict=True)), sys.stdout)
