"""Worlds of the tests, built once per process and then put back row by row.

A builder under `@kept` builds the first two times; the second time it is also noted which rows came and what was
returned. From then on, whenever the database stands where it stood before (its counters tell), the
rows go in by one statement per table and the returned objects are unpickled: a third of a test's time went into
building the same world again. That building goes well on each database the first two times prove.

What is returned refers to the same objects of `people` as after building. A builder whose rows are not all new (it
changed or removed some) is never kept, nor are worlds of another day.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, is_dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from tests.counters import Counters, read_counters, set_counters

T = TypeVar("T")
P = ParamSpec("P")
Row = tuple[Any, ...]
Tables = dict[str, dict[Row, None]]  # in the order in which they lie


@dataclass(frozen=True)
class _World:
    """The rows a builder made, by table, and what it returned."""

    rows: dict[str, list[Row]]
    counters: Counters  # those that moved
    returned: bytes
    objects: int  # how many objects of the arguments there were to refer to


UNCHECKED = "SELECT set_config('session_replication_role', '{}', false) WHERE current_setting('is_superuser') = 'on'"
_seen: set[Hashable] = set()
_worlds: dict[Hashable, _World | None] = {}  # None: cannot be kept
_columns: dict[str, str] = {}


def kept(build: Callable[P, T]) -> Callable[P, T]:
    """Decorates a builder of a world: what it returns for the arguments, with its rows in the database.

    Not for builders that call ProvinceFactory: its codes come round again after a hundred.
    """

    @wraps(build)
    def built(*args: P.args, **named: P.kwargs) -> T:
        return _built(build, *args, **named)

    return built


def _built(build: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    objects = _objects_of((args, named))
    counters = read_counters()
    plain = tuple(a for a in (*args, *named.values()) if isinstance(a, Hashable) and not is_dataclass(a))
    key = (build.__module__, build.__qualname__, plain, tuple(named), timezone.localdate(), _stand(counters))
    world = _worlds.get(key)
    if world is not None and world.objects == len(objects):
        return _put_back(world, objects)
    if key not in _seen or key in _worlds:
        _seen.add(key)
        return build(*args, **named)
    before = _all_rows()
    returned = build(*args, **named)
    _worlds[key] = _noted(before, counters, returned, objects)
    return returned


def _stand(counters: Counters) -> tuple[tuple[str, int], ...]:
    """Where the database stands. A test that is rolled back leaves the counters as they were."""
    return tuple(sorted(counters.items()))


def _noted(before: Tables, counters: Counters, returned: object, objects: list[object]) -> _World | None:
    """The difference to `before`; None where it is more than new rows."""
    after = _all_rows()
    if any(not rows.keys() <= after[table].keys() for table, rows in before.items()):
        return None
    added = {table: [row for row in rows if row not in before[table]] for table, rows in after.items()}
    new = {table: rows for table, rows in added.items() if rows}
    moved = dict(read_counters().items() - counters.items())
    return _World(new, moved, _pickled(returned, objects), len(objects))


def _put_back(world: _World, objects: list[object]) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:  # keys are compared at the end, in whatever order
        if connection.vendor == "postgresql":
            _copy_rows(cursor, world.rows)
        else:
            for table, rows in world.rows.items():
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
    if connection.vendor == "postgresql":  # SQLite's follow the keys
        set_counters(world.counters)
    return _Unpickler(world.returned, objects).load()


def _copy_rows(cursor: CursorWrapper, tables: Mapping[str, list[Row]]) -> None:
    """As PostgreSQL itself wrote them. They were valid together before: no key is looked up again."""
    cursor.execute(UNCHECKED.format("replica"))
    for table, rows in tables.items():
        cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO("\n".join(line for (line,) in rows)))
    cursor.execute(UNCHECKED.format("origin"))


def _all_rows() -> Tables:
    with connection.cursor() as cursor:
        if not _columns:
            for table in connection.introspection.table_names(cursor):
                names = (column.name for column in connection.introspection.get_table_description(cursor, table))
                # A plus before the name: the value as it is stored, unconverted.
                _columns[table] = ", ".join(f'+"{name}"' for name in names)
        if connection.vendor == "postgresql":
            return {table: _copied(cursor, table) for table in _columns}
        return {
            table: dict.fromkeys(cursor.execute(f'SELECT {columns} FROM "{table}"').fetchall())
            for table, columns in _columns.items()
        }


def _copied(cursor: CursorWrapper, table: str) -> dict[Row, None]:
    """Rows as lines of text, without their ends."""
    out = io.StringIO()
    cursor.copy_expert(f'COPY "{table}" TO STDOUT', out)
    return dict.fromkeys((line,) for line in out.getvalue().split("\n")[:-1])


def _is_referred_to(value: object) -> bool:
    return isinstance(value, models.Model) or (is_dataclass(value) and not isinstance(value, type))


def _objects_of(values: object) -> list[object]:
    """Rows and dataclasses among the arguments, and in them, in a fixed order."""
    found: list[object] = []

    class Collector(pickle.Pickler):
        def persistent_id(self, value: object) -> None:
            if _is_referred_to(value):
                found.append(value)

    Collector(io.BytesIO()).dump(values)
    return found


def _pickled(value: object, objects: list[object]) -> bytes:
    numbers = {id(one): number for number, one in enumerate(objects)}
    out = io.BytesIO()

    class Pickler(pickle.Pickler):
        def persistent_id(self, value: object) -> int | None:
            return numbers.get(id(value)) if _is_referred_to(value) else None

    Pickler(out, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return out.getvalue()


class _Unpickler(pickle.Unpickler):
    """Reads what was returned, with the given objects in the place of those it refers to."""

    def __init__(self, content: bytes, objects: list[object]) -> None:
        super().__init__(io.BytesIO(content))
        self.objects = objects

    def persistent_load(self, number: int) -> object:
        """The object that was referred to."""
        return self.objects[number]
