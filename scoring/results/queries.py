"""Reads of published results: the province, the average and rank 1 of earlier years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from accounts.models import Province
from scoring.models import OfficialResult


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
    rows = OfficialResult.objects.filter(Q(province=province) | Q(province=None), year__lt=year)
    by_year: dict[int, dict[tuple[str, str, str], OfficialResult]] = {}
    for row in rows:
        by_year.setdefault(row.year, {})[row.subject, row.kind, row.code] = row
    return [PublishedResults(y, by_year[y]) for y in sorted(by_year, reverse=True)]
