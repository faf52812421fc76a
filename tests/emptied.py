"""Emptying the database after a test that committed, without Django's flush.

Flush truncates every table, which on PostgreSQL makes new files for a hundred tables and their indexes, and then
writes all content types and permissions anew: seconds where two tables held ten rows. Here only tables that hold rows
are deleted from; content types and permissions, which only migrations write, stay.
"""

from __future__ import annotations

from functools import cache

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

STAY = {"django_content_type", "auth_permission"}
LARGE = 1 << 20  # bytes of a table from which on the room of its deleted rows is given back at once


def empty_instead_of_flush() -> None:
    """Lets every test that commits end with `empty_database` in place of Django's flush."""
    TransactionTestCase._fixture_teardown = lambda _self: empty_database()  # type: ignore[method-assign]


def empty_database() -> None:
    """Deletes all rows but those of migrations."""
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _wait_for_others(cursor)
        filled = _filled(cursor)
        for table in filled:
            cursor.execute(f'DELETE FROM "{table}"')
    if connection.vendor == "postgresql" and filled:
        _give_back(filled)


def _wait_for_others(cursor: CursorWrapper) -> None:
    """What a page's late request or a worker still writes must be there to be deleted; no row is checked alone."""
    cursor.execute("LOCK TABLE " + ", ".join(f'"{table}"' for table in _tables()))
    cursor.execute(
        "SELECT set_config('session_replication_role', 'replica', true) WHERE current_setting('is_superuser') = 'on'"
    )


def _filled(cursor: CursorWrapper) -> list[str]:
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in _tables())
    cursor.execute(asked)
    return [name for (name,) in cursor.fetchall()]


def _give_back(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND pg_table_size(oid) > %s", [tables, LARGE]
        )
        if large := [name for (name,) in cursor.fetchall()]:
            cursor.execute("VACUUM " + ", ".join(f'"{name}"' for name in large))


@cache
def _tables() -> tuple[str, ...]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return tuple(sorted(set(names) - STAY))
