"""Queries for the comparison page: results of earlier years, and mean results of the region and the KPI group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dgready.lru_cache import LruCache
from dgready.prepared_select import PreparedSelect
from scoring.comparing.like_with_like import LikeComparison, compare_like
from scoring.engine.queries import ScoredResponse
from scoring.kpi.registry import get_kpi_scheme
from scoring.kpi.rules import find_province_group
from scoring.models import OfficialResult
from scoring.results.queries import PublishedResults, list_results_before
from scoring.scheme.earlier import earlier_codes
from scoring.scheme.marked import OFFICIAL, mark_score, origin_of
from survey.models import Response

AVERAGE, BEST, PROVINCE = "average", "rank-1", "province"


@dataclass(frozen=True, slots=True)
class ProvinceMeans:
    """The means of some provinces whose results are known, by kind and code, and how many provinces these are."""

    means: Mapping[tuple[str, str], Decimal]
    count: int

    @property
    def total(self) -> Decimal:
        """The mean total."""
        return self.means["total", "total"]

    def pillar(self, number: str) -> Decimal | None:
        """The mean of a pillar, where it is published."""
        return self.means.get(("pillar", number))


def compute_region_and_group_means(
    response: Response, past: Sequence[PublishedResults]
) -> tuple[int | None, ProvinceMeans | None, ProvinceMeans | None]:
    """The newest year with results, and the means of the province's region and KPI group in it. One query."""
    year = next((y.year for y in past if y.total(PROVINCE)), None)
    if year is None:
        return None, None, None
    province = response.round.province
    rows = tuple(_PROVINCE_FIGURES.all(year))
    kpi = get_kpi_scheme(response.round.year)
    group = find_province_group(kpi, province.code, {}) if kpi else None
    members = group.members if group else frozenset()

    def make() -> tuple[ProvinceMeans | None, ProvinceMeans | None]:
        figures = [(p, where, kind, code, mark_score(score, origin)) for p, where, kind, code, score, origin in rows]
        region = {code for code, where, *_more in figures if where == province.region}
        return _compute_means(figures, region), _compute_means(figures, members)

    return year, *_kept_means.get((rows, province.region, members), make)


_PROVINCE_FIGURES: PreparedSelect[tuple[str, str, str, str, Decimal, str]] = PreparedSelect(
    lambda year: (
        OfficialResult.objects.newest()
        .filter(year=year)
        .exclude(province=None)
        .exclude(kind=OfficialResult.Kind.SUB_PILLAR)
        .values_list("province__code", "province__region", "kind", "code", "score", "origin")
    )
)
# By the rows themselves, which are read each time.
_kept_means: LruCache[tuple[ProvinceMeans | None, ProvinceMeans | None]] = LruCache(64)


def _compute_means(
    figures: Sequence[tuple[str, str, str, str, Decimal]], members: Collection[str]
) -> ProvinceMeans | None:
    by_code: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for province, _region, kind, code, score_ in figures:
        if province in members:
            by_code[kind, code].append(score_)
    totals = by_code.get(("total", "total"))
    if not totals:
        return None
    return ProvinceMeans({key: _mean(scores) for key, scores in by_code.items()}, len(totals))


def _mean(scores: Sequence[Decimal]) -> Decimal:
    """The mean; of scores that were recovered in part it is recovered too."""
    origin = next((found for s in scores if (found := origin_of(s)) != OFFICIAL), OFFICIAL)
    return mark_score(sum(scores, Decimal(0)) / len(scores), origin)


def list_results_before_response(response: Response) -> list[PublishedResults]:
    """Published results of the years before the response's, newest first. One query."""
    return list_results_before(response.round.province, response.round.year)


def compare_with_last(scored: ScoredResponse, past: Sequence[PublishedResults]) -> LikeComparison | None:
    """The score beside the province's newest published result, like with like. No query."""
    last = next((year for year in past if year.total(PROVINCE)), None)
    if last is None:
        return None
    codes = earlier_codes(scored.scheme, scored.instrument, last.year)
    published = {code: last.score(PROVINCE, "sub_pillar", old) for code, old in codes.items()}
    return compare_like(scored.sheet, last.year, {code: one for code, one in published.items() if one is not None})
