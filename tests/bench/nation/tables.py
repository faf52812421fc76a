"""The tables that a copied year or province has rows in, and the statement that copies each inside PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from accounts.models import AccountEvent, AccountLink, Agency, Membership, Province, User
from scoring.models import OfficialResult
from survey.models import Event, Instrument, Letter, Notice, Question, Round, SubPillar, TabledPaper

Model = type[models.Model]
# Copied otherwise, or not at all: events by their chain (journals.py), links of the log by the product afterwards,
# published results not, since the log tells of their import.
APART: Final = frozenset({Event, AccountLink, OfficialResult})
OF_FORM: Final = frozenset({Question, SubPillar, Instrument})


@dataclass(frozen=True)
class Copy:
    """One copy: rows of `levels` move by `number` times the largest key of their table; see Rewriting for the rest.

    `province`: keys of the province that is copied and of the one that gets the rows. `form`: how far keys of
    questions and sub-pillars lie apart.
    """

    number: int
    tag: str
    spans: Mapping[str, int]
    province: tuple[int, int] | None = None
    codes: tuple[str, str] = ("", "")
    form: Mapping[Model, int] | None = None
    years: tuple[int, int] | None = None
    days: int = 0

    def shift(self, table: str) -> int:
        """How far keys of a table move."""
        if self.province and table == Province._meta.db_table:
            return self.province[1] - self.province[0]
        return self.number * self.spans.get(table, 0)


def all_models() -> list[Model]:
    """Every table of the product, those between two models too."""
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]


def related(model: Model) -> set[Model]:
    """The models a model refers to."""
    return {f.related_model for f in model._meta.concrete_fields if f.is_relation and f.related_model}  # type: ignore[misc]


def closure(first: Collection[Model]) -> set[Model]:
    """These models and all that refer to them, by whatever way; people apart, since everything names people."""
    found = set(first)
    while more := {m for m in all_models() if m not in found and (related(m) - {User}) & found}:
        found |= more
    return found


@cache
def round_models() -> frozenset[Model]:
    """What belongs to a round."""
    return frozenset(closure([Round]) - APART)


@cache
def province_models() -> frozenset[Model]:
    """What belongs to a province: its people and agencies, and its rounds."""
    return frozenset((closure([Province]) | {User, Letter}) - APART - {Province})


def spans_of(levels: Collection[Model]) -> dict[str, int]:
    """The largest key of each table that has rows."""
    found = {}
    with connection.cursor() as cursor:
        for model in {*levels, Event}:
            cursor.execute(f"SELECT max({_quoted(model._meta.pk)}) FROM {model._meta.db_table}")
            if largest := cursor.fetchone()[0]:
                found[model._meta.db_table] = largest
    return found


def copy_statements(levels: Collection[Model], copy: Copy) -> Iterator[str]:
    """INSERT … SELECT for each table with rows."""
    for model in sorted(levels, key=lambda m: m._meta.db_table):
        table = model._meta.db_table
        if table not in copy.spans:
            continue
        fields = model._meta.concrete_fields
        names = ", ".join(_quoted(f) for f in fields)
        values = ", ".join(_value(f, copy, levels) for f in fields)
        yield f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {_which(model, copy)}"


def _which(model: Model, copy: Copy) -> str:
    """Which rows are the pattern: all there were before the first copy; of those beside other provinces', its own."""
    where = f"{_quoted(model._meta.pk)} <= {copy.spans[model._meta.db_table]}"
    if copy.province is None:
        return where
    own = f"province_id = {copy.province[0]}"
    if model is AccountEvent:
        return f"{where} AND {own} AND verb <> 'create_province'"
    if model is User:
        return f"{where} AND id IN (SELECT user_id FROM {Membership._meta.db_table} WHERE {own})"
    return f"{where} AND {own}" if any(f.name == "province" for f in model._meta.concrete_fields) else where


def _value(field: models.Field, copy: Copy, levels: Collection[Model]) -> str:
    """What the copy has in a column."""
    column = _quoted(field)
    target = field.model if field.primary_key else field.related_model
    if field.primary_key and not field.is_relation:
        return f"{column} + {copy.shift(field.model._meta.db_table)}"
    if isinstance(target, type) and (target in levels or (target is Province and copy.province)):
        return f"{column} + {copy.shift(target._meta.db_table)}"
    if target in OF_FORM and copy.form:
        return f"{column} + {copy.form[target]}"  # type: ignore[index]
    if (text := _text_of(field, column, copy)) is not None:
        return text
    if isinstance(field, models.UUIDField):
        return f"md5({column}::text || ':{copy.tag}')::uuid"
    if copy.days and isinstance(field, models.DateField):  # a moment is one too
        kind = "timestamptz" if isinstance(field, models.DateTimeField) else "date"
        return f"({column} + interval '{copy.days} days')::{kind}"
    return column


def _text_of(field: models.Field, column: str, copy: Copy) -> str | None:
    """Columns that are unique or name the place, by model and name; None for all others."""
    old, new = copy.codes
    match field.model, field.name:
        case (m, "email") if m is User:
            return f"replace({column}, '{old.lower()}', '{new.lower()}')"
        case (m, "key") if m in (Notice, Letter):
            return f"left({column}, 180) || ':{copy.tag}'"
        case (m, "source") if m is TabledPaper:
            return f"left(md5({column} || '{copy.tag}') || {column}, 64)"
        case (m, "url") if m is Notice and copy.province:
            return f"replace({column}, '/{old}/', '/{new}/')"
        case (m, "url") if m is Notice and copy.years:
            return f"replace({column}, '/{copy.years[0]}/', '/{copy.years[1]}/')"
        case (m, "year") if m.__name__ in ("Round", "ProvinceFigures") and copy.years:
            return str(copy.years[1])
    return None


def _quoted(field: models.Field | None) -> str:
    return connection.ops.quote_name(field.column) if field else "id"


def set_sequences(levels: Collection[Model]) -> None:
    """New rows get keys after those that were copied."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [*levels, Event, Agency]):
            cursor.execute(statement)
