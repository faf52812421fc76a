"""The last keys that tables gave, and on PostgreSQL their setting back after each test.

SQLite takes its counters back with the rows of a test; PostgreSQL's sequences go on. Set back they let each test find
the keys of the test before it, so that worlds are put back (tests/kept_worlds.py) and compiled forms found again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import TestCase, TransactionTestCase

Counters = dict[str, int]
SQLITE = "SELECT name, seq FROM sqlite_sequence"
POSTGRES = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"


def read_counters() -> Counters:
    """The last key each table gave, by the name of its counter; none where it gave none yet."""
    with connection.cursor() as cursor:
        cursor.execute(POSTGRES if connection.vendor == "postgresql" else SQLITE)
        return dict(cursor.fetchall())


def set_counters(counters: Mapping[str, int | None]) -> None:
    """Sets counters of PostgreSQL: the next key comes after the given one, or is the first."""
    if not counters:
        return
    # Names come from the database itself.
    settings = (
        f"setval('\"{name}\"', {1 if last is None else last}, {str(last is not None).lower()})"
        for name, last in sorted(counters.items())
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(settings))


_start: Counters = {}


def set_counters_back_after_tests() -> None:
    """From now on every test with the database leaves PostgreSQL's counters as they stand now."""
    if connection.vendor != "postgresql":
        return
    _start.update(read_counters())
    for case in (TestCase, TransactionTestCase):
        case._fixture_teardown = _followed_by_setting_back(case._fixture_teardown)  # type: ignore[method-assign]


def _followed_by_setting_back(teardown: Callable[[Any], None]) -> Callable[[Any], None]:
    def ended(case: Any) -> None:
        teardown(case)
        _set_back()

    return ended


def _set_back() -> None:
    set_counters({name: _start.get(name) for name, last in read_counters().items() if last != _start.get(name)})


@contextmanager
def counters_from_here() -> Iterator[None]:
    """Sets counters back to where they stand now, while rows made for several tests are there."""
    if connection.vendor != "postgresql":
        yield
        return
    before = dict(_start)
    _start.update(read_counters())
    yield
    _start.clear()
    _start.update(before)
    _set_back()
