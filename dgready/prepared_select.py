"""Reads of any shape whose SQL is generated once: with annotations, subqueries, DISTINCT, slices, lists of keys.

As `dgready.prepared_queries`, for querysets in which a value stands inside a subquery, or more than once, or in a list.
The reads of a main page took two to five milliseconds each to be turned into SQL, and half of one to be answered.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from threading import local
from typing import Any, Final, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

from dgready.row_objects import object_builder
from dgready.server_statements import ServerStatement

RowT = TypeVar("RowT")
Scalar = int | str | date | datetime
Given = Scalar | Sequence[int]

# Stand for the values while a queryset is compiled. Within a small positive integer: what is out of a field's range
# Django answers itself, without a statement.
_FIRST_INTEGER: Final = 31_047
_OTHER_INTEGER: Final = 29_003  # a second time, to see that nothing else is equal to one of the first
_FIRST_DAY: Final = date(1, 2, 3)
_FIRST_MOMENT: Final = datetime(1, 2, 3, 4, 5, 6, tzinfo=UTC)
GREATEST_SMALL: Final = 2**15 - 1  # that a small integer column can hold: `min(year, GREATEST_SMALL)` of an address
NO_KEY: Final = 0  # fills lists up: no row has this key
MOST_PLANS: Final = 64  # per query and thread; a shape beyond these is compiled each time


class ReadRows(Generic[RowT]):
    """Rows as the database gave them: cheap to compare, and made what they stand for when that is asked."""

    def __init__(self, values: Sequence[tuple[Any, ...]], make: Callable[[Any], list[RowT]]) -> None:
        self.values, self._make = values, make

    def all(self) -> list[RowT]:
        """The rows as `PreparedSelect.all` gives them, made anew."""
        return self._make(self.values)


class PreparedSelect(Generic[RowT]):
    """A queryset compiled to SQL once per thread and shape.

    `make` gives it. It is called with a stand-in for each value, and with the `fixed` values as they are; what it does
    with the stand-ins must be to compare columns with them. A list has room for a power of two of keys, so that
    lists of all lengths have few shapes. An integer must be within the range of what it is compared with: the database
    refuses others, where a queryset matches nothing. prefetch_related is not carried out.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, RowT]]) -> None:
        self._make = make
        self._thread_local = local()

    def all(self, *values: Given, **fixed: Hashable) -> list[RowT]:
        """The rows. One query. `fixed`: values that shape the statement; each set of them is compiled on its own."""
        return self.read(*values, **fixed).all()

    def read(self, *values: Given, **fixed: Hashable) -> ReadRows[RowT]:
        """As `all`, with the objects still to be made of what was read. One query."""
        filled = [_fill_up(value) for value in values]
        shape = (*(len(v) if isinstance(v, list) else type(v) for v in filled), *fixed.items())
        plans: dict[Hashable, _Plan] = self._thread_local.__dict__.setdefault("plans", {})
        plan = plans.get(shape)
        if plan is None:
            plan = _Plan(self._make, filled, fixed)
            if len(plans) < MOST_PLANS:
                plans[shape] = plan
        return ReadRows(plan.run(filled), plan.make)

    def first(self, *values: Given, **fixed: Hashable) -> RowT | None:
        """The first row of what `all` gives, if there is one; `make` should slice. One query."""
        rows = self.all(*values, **fixed)
        return rows[0] if rows else None


def _fill_up(value: Given) -> Scalar | list[int]:
    if isinstance(value, int | str | date):  # a datetime is a date
        return value
    keys = list(value)
    room = 1
    while room < len(keys):
        room *= 2
    return keys + [NO_KEY] * (room - len(keys))


def _flat(values: Sequence[Scalar | list[int]]) -> Iterator[Scalar]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


class _Plan:
    """The SQL of one shape for one connection, and how its rows are made."""

    def __init__(self, make: Callable[..., Any], values: Sequence[Any], fixed: dict[str, Any]) -> None:
        queryset, compiler, sql, params, found = _compile(make, values, fixed, _FIRST_INTEGER)
        again = _compile(make, values, fixed, _OTHER_INTEGER)[-1]
        assert found == again, f"a value of the statement's own looks like a stand-in: {sql}"
        self._values = [number for _index, number in found]
        self._statement = ServerStatement(queryset.model._meta.db_table, sql, params, [index for index, _n in found])
        self._compiler = compiler
        self._columns = compiler.col_count
        columns = compiler.select[: self._columns]
        self._converters = compiler.get_converters([column[0] for column in columns])
        self._make_row = _object_maker(compiler) if queryset._fields is None else tuple

    def run(self, values: Sequence[Any]) -> list[Any]:
        """What the database answers."""
        given = [_adapt(value) for value in _flat(values)]
        rows: Any = self._statement.run([given[number] for number in self._values]).rows
        if self._columns < len(rows[0] if rows else ()):  # the others were there for the order
            rows = [row[: self._columns] for row in rows]
        return rows

    def make(self, rows: Sequence[Any]) -> list[Any]:
        """What the rows stand for."""
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        return [self._make_row(row) for row in rows]


def _compile(
    make: Callable[..., Any], values: Sequence[Any], fixed: dict[str, Any], first: int
) -> tuple[Any, Any, str, Sequence[Any], list[tuple[int, int]]]:
    """The queryset with stand-ins, its compiler, SQL and parameters, and of which of them which number is a value."""
    numbers = count()
    stand_ins: list[Scalar | list[int]] = [
        [first + next(numbers) for _one in value] if isinstance(value, list) else _stand_in(value, next(numbers), first)
        for value in values
    ]
    queryset = make(*stand_ins, **fixed)
    compiler: Any = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
    sql, params = compiler.as_sql()
    places = {_adapt(one): number for number, one in enumerate(_flat(stand_ins))}
    found = [(index, places[p]) for index, p in enumerate(params) if isinstance(p, Hashable) and p in places]
    missing = set(places.values()) - {number for _index, number in found}
    assert not missing, f"a value is nowhere in the statement: {sql}"
    return queryset, compiler, sql, params, found


def _stand_in(value: Scalar, number: int, first: int) -> Scalar:
    if isinstance(value, str):
        return f"\x01value {number}\x01"
    if isinstance(value, datetime):
        return _FIRST_MOMENT + timedelta(seconds=number)
    if isinstance(value, date):
        return _FIRST_DAY + timedelta(days=number)
    return first + number


def _adapt(value: Scalar) -> Any:
    """A value as this database's driver takes it."""
    operations = connections[DEFAULT_DB_ALIAS].ops
    if isinstance(value, datetime):
        return operations.adapt_datetimefield_value(value)
    return operations.adapt_datefield_value(value) if isinstance(value, date) else value


def _object_maker(compiler: Any) -> Callable[[Any], Any]:
    """Makes an object of a row, with its related ones and its annotations."""
    make = object_builder(compiler)
    annotations = list((compiler.annotation_col_map or {}).items())

    if not annotations:
        return make

    def build(row: Any) -> Any:
        instance = make(row)
        for name, index in annotations:
            setattr(instance, name, row[index])
        return instance

    return build
