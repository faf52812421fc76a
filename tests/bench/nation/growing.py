"""Growing an installation: a played year becomes several, one province many, by copying inside PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from accounts.models import AccountEvent, Province, User
from evidence.models import LibraryEvent
from scoring.scheme.queries import get_round_scheme
from survey.models import Consolidation, Event, FrozenResponse, Instrument, Question, Response, Round, SubPillar
from tests.bench.nation.journals import Journals, copy_journals, read_journals, rewrite_column
from tests.bench.nation.rewriting import KEYS, Rewriting
from tests.bench.nation.tables import (
    Copy,
    Model,
    copy_statements,
    province_models,
    round_models,
    set_sequences,
    spans_of,
)

DAYS_OF_YEAR: Final = 364  # whole weeks, so that a year ago was the same day of the week
REWRITTEN: Final = (
    (Response, "open_points"),
    (Consolidation, "choices"),
    (AccountEvent, "data"),
    (LibraryEvent, "after"),
)
Say = Callable[[str], None]


@dataclass
class Pattern:
    """What is copied: its tables, journals and JSON, read once."""

    levels: Collection[Model]
    spans: Mapping[str, int]
    columns: Mapping[tuple[Model, str], Sequence[tuple[int, Any]]]
    journals: Journals | None = None


def grow_years(years: Sequence[int], say: Say) -> None:
    """Copies the only year there is, of the only province, to the other years, newest first."""
    played = Round.objects.select_related("instrument").get()
    pattern, scheme = _pattern(round_models()), get_round_scheme(played)
    for number, year in enumerate(sorted(set(years) - {played.year}, reverse=True), 1):
        form = Instrument.objects.filter(key=played.instrument.key, year=year).order_by("-version")[0]
        other = get_round_scheme(Round(instrument=form, year=form.year, province_id=played.province_id))
        apart = {model: _distance(model, played.instrument, form) for model in (Question, SubPillar)}
        copy = Copy(
            number,
            f"y{number}",
            pattern.spans,
            form={**apart, Instrument: form.pk - played.instrument_id},
            years=(played.year, year),
            days=-DAYS_OF_YEAR * number,
        )
        texts = {
            str(played.instrument): str(form),
            played.instrument.checksum: form.checksum,
            played.instrument.scheme_key: form.scheme_key,
            scheme.checksum: other.checksum,
            scheme.text: other.text,
        }
        _copy(pattern, copy, texts, say)
    rounds = dict(Round.objects.values_list("year", "pk"))
    for year, key in rounds.items():
        Round.objects.filter(pk=key).update(previous=rounds.get(year - 1))


def grow_provinces(provinces: int, say: Say) -> None:
    """Copies all years of the only province that has any to so many others."""
    first = Province.objects.get(pk=Round.objects.values("province").distinct().get()["province"])
    others = list(Province.objects.exclude(pk=first.pk).order_by("code")[: provinces - 1])
    pattern = _pattern(province_models())
    for number, province in enumerate(others, 1):
        keys = (first.pk, province.pk)
        copy = Copy(number, f"p{number}", pattern.spans, province=keys, codes=(first.code, province.code))
        _copy(pattern, copy, {first.code: province.code}, say)


def _pattern(levels: Collection[Model]) -> Pattern:
    columns = {
        (model, name): list(model._default_manager.values_list("pk", name))
        for model, name in REWRITTEN
        if model in levels
    }
    return Pattern(levels, spans_of(levels), columns)


def _distance(model: Model, old: Instrument, new: Instrument) -> int:
    """How far the keys of two forms lie apart. Raises ValueError where they do not lie in the same order."""
    pairs = [_keys(model, one) for one in (old, new)]
    apart = {new_key - old_key for old_key, new_key in zip(*(p.values() for p in pairs), strict=True)}
    if list(pairs[0]) != list(pairs[1]) or len(apart) != 1:
        raise ValueError(f"{old} and {new} are not laid down alike")
    return apart.pop()


def _keys(model: Model, form: Instrument) -> dict[str, int]:
    rows = model._default_manager.order_by("pk")
    if model is Question:
        return dict(rows.filter(instrument=form).values_list("item_id", "pk"))
    return dict(rows.filter(pillar__instrument=form).values_list("code", "pk"))


def _copy(pattern: Pattern, copy: Copy, texts: Mapping[str, str], say: Say) -> None:
    """One copy in one transaction. Keys are right by construction, and the journals are verified afterwards."""
    started = time.perf_counter()
    shifts = {table: copy.shift(table) for table in {*KEYS.values(), *pattern.spans, User._meta.db_table}}
    years = dict([copy.years]) if copy.years else {}
    rewriting = Rewriting(copy.tag, shifts, copy.days, texts, years)
    for model in (Event, FrozenResponse):
        shifts.setdefault(model._meta.db_table, 0)
    if pattern.journals is None:
        pattern.journals = read_journals(rewriting)
    with transaction.atomic(), _unchecked():
        with connection.cursor() as cursor:
            for statement in copy_statements(pattern.levels, copy):
                cursor.execute(statement)
        for (model, name), rows in pattern.columns.items():
            if rows:
                rewrite_column(model._meta.db_table, name, rewriting, rows)
        events = copy_journals(pattern.journals, rewriting, copy.form[Question] if copy.form else 0)
        set_sequences(pattern.levels)
    say(f"{copy.tag}: {events} events in {time.perf_counter() - started:.1f} s")


@contextmanager
def _unchecked() -> Iterator[None]:
    """Foreign keys are not looked up row by row."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        yield
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
