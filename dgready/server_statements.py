"""SQL statements that PostgreSQL parses and plans once per connection; other databases get them as they are.

Planning the join that fetches a person's memberships took PostgreSQL five times as long as carrying it out. Behind a
pooler that gives each transaction another connection, set DISABLE_SERVER_SIDE_CURSORS (in DATABASE_URL
`?disable_server_side_cursors=true`), as Django asks for there anyway: statements are then sent whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any
from weakref import WeakSet

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from psycopg2.extensions import AsIs

_numbers = count(1)


class ServerStatement:
    """A statement on a table with `%s` for each of `params`; those at the indexes `given` are given at each call.

    The database's logs name it by its table.
    """

    def __init__(self, table: str, sql: str, params: Sequence[Any], given: Sequence[int]) -> None:
        self._sql, self._params, self._given = sql, list(params), list(given)
        self._name = f"dgready_{table}_{next(_numbers)}"
        values = f" ({', '.join(['%s'] * len(self._given))})" if self._given else ""
        self._call = f"EXECUTE {self._name}{values}"
        self._known: WeakSet[Any] = WeakSet()  # the driver's connections that have the statement

    def execute(self, cursor: CursorWrapper, values: Sequence[Any]) -> None:
        """Carry it out. One query; the first on a connection also brings the statement there."""
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor != "postgresql" or connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            cursor.execute(self._sql, self._with(values))
            return
        if connection.connection not in self._known:
            self._prepare(connection)
        cursor.execute(self._call, [value for value, _index in zip(values, self._given, strict=True)])

    def _prepare(self, connection: Any) -> None:
        numbered = self._with([AsIs(f"${number}") for number in range(1, len(self._given) + 1)])
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {self._name} AS {self._sql}", numbered)
        self._known.add(connection.connection)

    def _with(self, values: Sequence[Any]) -> list[Any]:
        params = self._params.copy()
        for index, value in zip(self._given, values, strict=True):
            params[index] = value
        return params
