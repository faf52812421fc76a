"""Reads of published results: the province, the average and rank 1 of earlier years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q

from accounts.models import Province
from dgready.lru_cache import LruCache
from dgready.prepared_select import PreparedSelect
from scoring.engine.external_estimates import PublishedFigure
from scoring.models import OfficialResult
from scoring.results.edition_names import name_edition

PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class PublishedResults:
    """The published figures of a year by subject ("province", "average", "rank-1"), kind and code."""

    year: int
    figures: Mapping[tuple[str, str, str], OfficialResult] = field(default_factory=dict)
    earlier: tuple[PublishedResults, ...] = ()  # the editions before, newest first

    def score(self, subject: str, kind: str, code: str) -> Decimal | None:
        """A figure's score with its origin, or None where nothing is published."""
        found = self.figures.get((subject, kind, code))
        return found.marked_score if found else None

    def total(self, subject: str) -> OfficialResult | None:
        """The whole result of a subject."""
        return self.figures.get((subject, "total", "total"))

    @property
    def edition(self) -> int:
        """The edition of the province's own result: the newest that any of its figures has."""
        return max((row.edition for key, row in self.figures.items() if key[0] == PROVINCE), default=0)

    @property
    def edition_name(self) -> str:
        """The edition as people call it."""
        return name_edition(self.edition)

    def has_subject(self, subject: str) -> bool:
        """Whether anything of this subject is published."""
        return any(key[0] == subject for key in self.figures)


def list_results_before(province: Province, year: int) -> list[PublishedResults]:
    """Published results of the years before `year`, newest first: the province, average, rank 1. One query."""
    return read_results(province, year)[1]


def read_results(province: Province, year: int) -> tuple[PublishedResults | None, list[PublishedResults]]:
    """The published result of `year` where the province's is there, and those of the years before. One query.

    Newest first: the province, average, rank 1. Their rows are for reading: they are shared while nothing changes.
    """
    rows = tuple(_ROWS.all(province.pk, min(year, _LAST_YEAR)))
    own, past = _kept_results.get((year, rows), lambda: _lay_years(year, rows))
    return own, list(past)


_LAST_YEAR: Final = 2**15 - 1  # the database refuses to compare a small integer with a larger one
_COLUMNS: Final = tuple(field.attname for field in OfficialResult._meta.concrete_fields)
_ROWS: PreparedSelect[tuple[Any, ...]] = PreparedSelect(
    lambda province, year: (
        OfficialResult.objects.filter(Q(province=province) | Q(province=None), year__lte=year)
        .order_by("edition", "pk")
        .values_list(*_COLUMNS)
    )
)
# By the rows themselves, which are read each time: a result is the same object until one of its rows is another.
_kept_results: LruCache[tuple[PublishedResults | None, list[PublishedResults]]] = LruCache(128)


def _lay_years(year: int, rows: Iterable[tuple[Any, ...]]) -> tuple[PublishedResults | None, list[PublishedResults]]:
    by_year: dict[int, list[OfficialResult]] = {}
    for values in rows:
        row = OfficialResult.from_db(DEFAULT_DB_ALIAS, _COLUMNS, values)
        by_year.setdefault(row.year, []).append(row)
    own = _lay_editions(year, by_year.pop(year, []))
    past = [_lay_editions(y, by_year[y]) for y in sorted(by_year, reverse=True)]
    return own if own.has_subject(PROVINCE) else None, past


def _lay_editions(year: int, rows: Sequence[OfficialResult]) -> PublishedResults:
    """The newest edition of a year's figures, and those of the province before it. `rows`: earlier editions first."""
    figures: dict[tuple[str, str, str], OfficialResult] = {}
    editions = sorted({row.edition for row in rows if row.subject == PROVINCE}, reverse=True)[1:]
    for row in rows:
        figures[row.subject, row.kind, row.code] = row
    earlier = tuple(
        PublishedResults(year, {(r.subject, r.kind, r.code): r for r in rows if r.edition <= edition})
        for edition in editions
    )
    return PublishedResults(year, figures, earlier)


def read_year_totals(year: int) -> dict[int, OfficialResult]:
    """The published total of every province in a year, in its newest edition, by the province's key. One query."""
    rows = OfficialResult.objects.newest().filter(year=year, kind=OfficialResult.Kind.TOTAL, province__isnull=False)
    return {row.province_id: row for row in rows if row.province_id is not None}


def list_estimate_figures(past: Iterable[PublishedResults]) -> list[PublishedFigure]:
    """What outside scores are estimated from: sub-pillars of the province and of the average."""
    return [
        PublishedFigure(code, year.year, subject != "province", row.score)
        for year in past
        for (subject, kind, code), row in year.figures.items()
        if kind == OfficialResult.Kind.SUB_PILLAR and subject in ("province", OfficialResult.Label.AVERAGE)
    ]
