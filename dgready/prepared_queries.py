"""Querysets and updates whose SQL is generated once: for reads that every request makes, and the writes of a save.

Turning a queryset into SQL costs more than the database takes to answer it. A `PreparedQuery` keeps the SQL and
Django's plan for building objects from its rows, per thread, as the connection is; PostgreSQL keeps its own plan
(dgready.server_statements).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import count, islice
from threading import local
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model, QuerySet
from django.db.transaction import TransactionManagementError

from dgready.column_values import Columns
from dgready.row_objects import object_builder
from dgready.server_statements import ServerStatement

ModelT = TypeVar("ModelT", bound=Model)

_PLACEHOLDER = -1_070_605_040  # and the ones below it stand for the values in the queryset that is compiled


class PreparedQuery(Generic[ModelT]):
    """A queryset with integer parameters, compiled to SQL once per thread.

    `queryset` is filtered with each lookup=value at every call; a lookup that ends in `__in` takes two values.
    select_related and only() hold as they do in a queryset; a slice, prefetch_related and annotations are not
    carried out.
    """

    def __init__(self, queryset: QuerySet[ModelT], *lookups: str) -> None:
        self._queryset = queryset
        self._lookups = lookups
        self._thread_local = local()

    def all(self, *values: int) -> list[ModelT]:
        """The objects. One query. A locking queryset raises TransactionManagementError outside a transaction."""
        plan: _QueryPlan[ModelT] | None = getattr(self._thread_local, "plan", None)
        if plan is None:
            plan = self._thread_local.plan = _QueryPlan(self._queryset, self._lookups)
        return plan.run(values)

    def first(self, *values: int) -> ModelT | None:
        """The first object, if there is one. One query."""
        objects = self.all(*values)
        return objects[0] if objects else None


def _compile(queryset: QuerySet[Any], lookups: Sequence[str]) -> tuple[Any, ServerStatement]:
    """The SQL compiler of a queryset for this thread's connection, and its statement with a value for each lookup."""
    numbers = count(_PLACEHOLDER, -1)
    placeholders = {name: list(islice(numbers, 2 if name.endswith("__in") else 1)) for name in lookups}
    filters = {name: stand_ins if len(stand_ins) > 1 else stand_ins[0] for name, stand_ins in placeholders.items()}
    compiler: Any = queryset.filter(**filters).query.get_compiler(using=DEFAULT_DB_ALIAS)
    sql, params = compiler.as_sql()
    stand_ins = [n for names in placeholders.values() for n in names]
    table = queryset.model._meta.db_table
    return compiler, ServerStatement(table, sql, params, [params.index(n) for n in stand_ins])


class _QueryPlan(Generic[ModelT]):
    """The SQL of one queryset for one connection, and how Django builds objects from its rows."""

    def __init__(self, queryset: QuerySet[ModelT], lookups: Sequence[str]) -> None:
        compiler, self._statement = _compile(queryset, lookups)
        self._locks = queryset.query.select_for_update
        self._build = object_builder(compiler)
        self._compiler = compiler
        self._converters = compiler.get_converters([column[0] for column in compiler.select])

    def run(self, values: Sequence[int]) -> list[ModelT]:
        if self._locks and not connections[DEFAULT_DB_ALIAS].in_atomic_block:
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        rows: Any = self._statement.run(values).rows
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        return [self._build(row) for row in rows]


class PreparedValues:
    """A queryset of values_list() with integer parameters, compiled to SQL once per thread; annotations hold.

    `make` gives the queryset, which is filtered with each lookup=value at every call.
    """

    def __init__(self, make: Callable[[], QuerySet[Any, Any]], *lookups: str) -> None:
        self._make, self._lookups = make, lookups
        self._thread_local = local()

    def all(self, *values: int) -> list[Any]:
        """The rows as tuples. One query."""
        plan: tuple[Any, ServerStatement, Any] | None = getattr(self._thread_local, "plan", None)
        if plan is None:
            compiler, statement = _compile(self._make(), self._lookups)
            converters = compiler.get_converters([column[0] for column in compiler.select])
            plan = self._thread_local.plan = (compiler, statement, converters)
        compiler, statement, converters = plan
        rows = statement.run(values).rows
        return [tuple(row) for row in compiler.apply_converters(rows, converters)] if converters else rows


class PreparedInsert:
    """An INSERT of one row of a model, all columns but the key, its SQL generated once."""

    def __init__(self, model: type[Model]) -> None:
        self._model = model

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        return [field for field in self._model._meta.concrete_fields if not field.primary_key]

    @cached_property
    def statement(self) -> ServerStatement:
        """The statement."""
        return ServerStatement(self.table, self.sql, [None] * len(self._fields), range(len(self._fields)))

    @cached_property
    def table(self) -> str:
        """The table of the model."""
        return self._model._meta.db_table

    @cached_property
    def sql(self) -> str:
        """Its SQL, `%s` for each value."""
        return f"{self._beginning} VALUES ({', '.join(['%s'] * len(self._fields))}){self._returning}"

    def sql_from(self, rows: str) -> str:
        """Its SQL, inserting once for each row of something named."""
        return f"{self._beginning} SELECT {', '.join(['%s'] * len(self._fields))} FROM {rows}{self._returning}"

    @cached_property
    def _beginning(self) -> str:
        quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
        return f"INSERT INTO {quote(self.table)} ({', '.join(quote(str(field.column)) for field in self._fields)})"

    @cached_property
    def _returning(self) -> str:
        connection = connections[DEFAULT_DB_ALIAS]
        key = connection.ops.quote_name(str(self._model._meta.pk.column))
        return f" RETURNING {key}" if connection.features.can_return_columns_from_insert else ""

    @cached_property
    def _columns(self) -> Columns:
        return Columns(self._fields)

    def values_of(self, instance: Model) -> list[Any]:
        """The values of an object as the statement takes them."""
        return self._columns.prepare([getattr(instance, field.attname) for field in self._fields])

    def run(self, instance: Model) -> None:
        """Insert the row of a new object and give it its key. One query."""
        self.carry_out(self.statement, instance, self.values_of(instance))

    def carry_out(self, statement: ServerStatement, instance: Model, values: Sequence[Any]) -> bool:
        """Carry out a statement that ends with the insertion, and give the object its key; whether there is a row. One
        query."""
        outcome = statement.run(values)
        if not outcome.row_count:
            return False
        instance.pk = outcome.rows[0][0] if outcome.rows else outcome.last_key
        instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS
        return True


class PreparedUpdate:
    """An UPDATE of some columns of the rows of a model that match, its SQL generated once."""

    def __init__(self, model: type[Model], *, columns: Sequence[str], where: Sequence[str]) -> None:
        self._model = model
        self._names = (columns, where)

    @cached_property
    def _fields(self) -> list[Field[Any, Any]]:
        fields = {field.name: field for field in self._model._meta.concrete_fields}
        return [fields[name] for names in self._names for name in names]

    @cached_property
    def _statement(self) -> ServerStatement:
        table = self._model._meta.db_table
        return ServerStatement(table, self.sql, [None] * len(self._fields), range(len(self._fields)))

    @cached_property
    def sql(self) -> str:
        """Its SQL, `%s` for each value."""
        quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
        names = [f"{quote(str(f.column))} = %s" for f in self._fields]
        split = len(self._names[0])
        assignments, conditions = ", ".join(names[:split]), " AND ".join(names[split:])
        table = self._model._meta.db_table
        return f"UPDATE {quote(table)} SET {assignments} WHERE {conditions}"

    def prepare(self, values: Sequence[Any]) -> list[Any]:
        """The values as the statement takes them."""
        return self._columns.prepare(values)

    @cached_property
    def _columns(self) -> Columns:
        return Columns(self._fields)

    def run(self, *values: Any) -> int:
        """Set the columns to the first values where the other values match; returns the number of rows. One query."""
        return self._statement.run(self.prepare(values)).row_count


class PreparedInsertWithUpdates:
    """A PreparedInsert and PreparedUpdates of other tables, each of one row, in one statement where the database has
    such: PostgreSQL. Elsewhere they are carried out one after another.

    The first update decides: where it matches no row, nothing is written. That a further one matches none is a fault.
    """

    def __init__(self, insert: PreparedInsert, *updates: PreparedUpdate) -> None:
        self._insert, self._updates = insert, updates

    @cached_property
    def _statement(self) -> ServerStatement:
        first, *further = (update.sql for update in self._updates)
        parts = [f"updated AS ({first} RETURNING 1)"]
        for number, sql in enumerate(further, 1):
            parts.append(f"updated_{number} AS ({sql} AND EXISTS (SELECT 1 FROM updated) RETURNING 1)")
        # Divided by zero where a row is missing: then the database takes nothing of the statement.
        proofs = "".join(f", 1 / (SELECT count(*) FROM updated_{number})" for number in range(1, len(self._updates)))
        sql = f"WITH {', '.join(parts)} {self._insert.sql_from('updated')}{proofs}"
        values = sql.count("%s")
        return ServerStatement(self._insert.table, sql, [None] * values, range(values))

    def run(self, instance: Model, *values: Sequence[Any]) -> bool:
        """Insert the row of a new object and update, with values for each update; whether it was written. One query,
        or one for each."""
        if connections[DEFAULT_DB_ALIAS].vendor != "postgresql":
            return self._run_apart(instance, values)
        together = [v for update, given in zip(self._updates, values, strict=True) for v in update.prepare(given)]
        return self._insert.carry_out(self._statement, instance, [*together, *self._insert.values_of(instance)])

    def _run_apart(self, instance: Model, values: Sequence[Sequence[Any]]) -> bool:
        for number, (update, given) in enumerate(zip(self._updates, values, strict=True)):
            if update.run(*given) != 1:
                if number:
                    raise RuntimeError("a row that is updated together with others is not there")
                return False
        self._insert.run(instance)
        return True
