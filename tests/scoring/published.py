"""Tables of published figures for tests, read by the guard's reader in this process; and the shipped ones, stored."""

from __future__ import annotations

from copy import copy
from hashlib import sha256
from io import StringIO

from django.core.management import call_command
from django.db import models

from accounts.models import AccountEvent, Province
from dgready.guard.readers.delimited import split_rows
from dgready.typed.result import Understood
from scoring.models import Benchmark, OfficialResult
from scoring.results.published_table import PublishedTable

# The rows that `load_results` makes, by the codes of the provinces that stand; each with the code of its province.
_loaded: dict[frozenset[str], list[tuple[models.Model, str | None]]] = {}


def rows_of(text: str) -> tuple[tuple[str, ...], ...]:
    """The rows of delimited text; none where it has none."""
    result = split_rows(text)
    return result.value.rows if isinstance(result, Understood) else ()


def published(text: str) -> PublishedTable:
    """The table of a text."""
    return PublishedTable(rows_of(text), sha256(text.encode()).hexdigest())


def load_published_results() -> None:
    """Stores what `load_results` makes of the shipped files, where there are no published figures yet.

    The command itself, which opens each file in a child process, runs once per process for the same provinces;
    after that the rows it made are stored again.
    """
    assert not OfficialResult.objects.exists()
    assert not Benchmark.objects.exists()
    provinces = dict(Province.objects.values_list("code", "pk"))
    kept = _loaded.get(frozenset(provinces))
    if kept is None:
        _loaded[frozenset(provinces)] = _run_command(provinces)
        return
    for model in (OfficialResult, Benchmark, AccountEvent):
        model._default_manager.bulk_create(
            _unsaved(row, provinces, code) for row, code in kept if isinstance(row, model)
        )


def _run_command(provinces: dict[str, int]) -> list[tuple[models.Model, str | None]]:
    before = set(AccountEvent.objects.values_list("pk", flat=True))
    call_command("load_results", stdout=StringIO())
    codes = {pk: code for code, pk in provinces.items()}
    events = AccountEvent.objects.exclude(pk__in=before).order_by("pk")
    made = [*OfficialResult.objects.order_by("pk"), *Benchmark.objects.order_by("pk"), *events]
    return [(row, codes.get(getattr(row, "province_id", None) or 0)) for row in made]


def _unsaved(row: models.Model, provinces: dict[str, int], code: str | None) -> models.Model:
    """The same row, not stored, of the province that has that code now."""
    again = copy(row)
    again.pk, again._state = None, type(row._state)()
    if code:
        again.province_id = provinces[code]  # type: ignore[attr-defined]
    return again
