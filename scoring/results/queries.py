"""Reads of published results: the province, the average and rank 1 of earlier years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from accounts.models import Province
from scoring.engine.external_estimates import PublishedFigure
from scoring.models import OfficialResult

PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class PublishedResults:
    """The published figures of a year by subject ("province", "average", "rank-1"), kind and code."""

    year: int
    figures: Mapping[tuple[str, str, str], OfficialResult] = field(default_factory=dict)

    def score(self, subject: str, kind: str, code: str) -> Decimal | None:
        """A figure's score with its origin, or None where nothing is published."""
        found = self.figures.get((subject, kind, code))
        return found.marked_score if found else None

    def total(self, subject: str) -> OfficialResult | None:
        """The whole result of a subject."""
        return self.figures.get((subject, "total", "total"))

    def has_subject(self, subject: str) -> bool:
        """Whether anything of this subject is published."""
        return any(key[0] == subject for key in self.figures)


def list_results_before(province: Province, year: int) -> list[PublishedResults]:
    """Published results of the years before `year`, newest first: the province, average, rank 1. One query."""
    return read_results(province, year)[1]


def read_results(province: Province, year: int) -> tuple[PublishedResults | None, list[PublishedResults]]:
    """The published result of `year` where the province's is there, and those of the years before. One query.

    Newest first: the province, average, rank 1.
    """
    rows = OfficialResult.objects.filter(Q(province=province) | Q(province=None), year__lte=year)
    by_year: dict[int, dict[tuple[str, str, str], OfficialResult]] = {}
    for row in rows:
        by_year.setdefault(row.year, {})[row.subject, row.kind, row.code] = row
    own = PublishedResults(year, by_year.pop(year, {}))
    past = [PublishedResults(y, by_year[y]) for y in sorted(by_year, reverse=True)]
    return own if own.has_subject(PROVINCE) else None, past


def list_estimate_figures(past: Iterable[PublishedResults]) -> list[PublishedFigure]:
    """What outside scores are estimated from: sub-pillars of the province and of the average."""
    return [
        PublishedFigure(code, year.year, subject != "province", row.score)
        for year in past
        for (subject, kind, code), row in year.figures.items()
        if kind == OfficialResult.Kind.SUB_PILLAR and subject in ("province", OfficialResult.Label.AVERAGE)
    ]
