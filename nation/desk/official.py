"""Published totals of all provinces of a year, each with rank and level: printed, else what follows from others."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

from dgready.prepared_select import PreparedSelect
from nation.desk.rows import OfficialTotal, rank_totals
from scoring.engine.aggregates import aggregate_scores
from scoring.engine.score_tables import list_table_codes
from scoring.models import OfficialResult
from scoring.scheme.marked import mark_score
from scoring.scheme.queries import get_scheme_of_year
from scoring.scheme.registry import FaultyScheme, MissingScheme
from scoring.scheme.types import ScoringScheme

_Scores = tuple[tuple[str, Decimal], ...]
_TOTALS: Final[PreparedSelect[Any]] = PreparedSelect(
    lambda year: (
        OfficialResult.objects.newest()
        .filter(year=year, kind=OfficialResult.Kind.TOTAL, province__isnull=False)
        .order_by("province")
        .values_list("province_id", "score", "level", "rank", "origin")
    )
)
_SUB_PILLARS: Final[PreparedSelect[Any]] = PreparedSelect(
    lambda year, provinces: (
        OfficialResult.objects.newest()
        .filter(year=year, kind=OfficialResult.Kind.SUB_PILLAR, province__in=provinces)
        .order_by("province", "code")
        .values_list("province_id", "code", "score")
    )
)


class PublishedYear(NamedTuple):
    """What is published of a year, as it is stored. `sub_pillars`: where a level is not printed; with their scheme."""

    totals: tuple[tuple[int, Decimal, int | None, int | None, str], ...]
    sub_pillars: tuple[tuple[int, str, Decimal], ...] = ()
    scheme: ScoringScheme | None = None


def read_published_year(year: int) -> PublishedYear:
    """The published figures of provinces that the desk shows. One query, two where a level is not printed."""
    totals = tuple(_TOTALS.all(year))
    provinces = [province for province, _score, level, *_rest in totals if level is None]
    scheme = _scheme_of(year) if provinces else None
    return PublishedYear(totals, tuple(_SUB_PILLARS.all(year, provinces)), scheme) if scheme else PublishedYear(totals)


def _scheme_of(year: int) -> ScoringScheme | None:
    try:
        return get_scheme_of_year(year).scheme
    except (MissingScheme, FaultyScheme):
        return None


def official_totals(published: PublishedYear) -> dict[int, OfficialTotal]:
    """The published totals by key of the province.

    Ranks are those published; where none is, they follow from the totals and ties share one. A level that is not
    printed follows from the published sub-pillars, as on the province's own pages.
    """
    found = published.totals
    are_ranks_published = any(rank is not None for _province, _score, _level, rank, _origin in found)
    ranks = {} if are_ranks_published else rank_totals(score for _province, score, *_rest in found)
    derived = _derive_levels(published)
    return {
        province: OfficialTotal(
            mark_score(score, origin),
            level or derived.get(province),
            rank or ranks.get(score),
            is_level_derived=level is None and province in derived,
        )
        for province, score, level, rank, origin in found
    }


def _derive_levels(published: PublishedYear) -> dict[int, int]:
    """The levels that follow from all published sub-pillars, by key of the province."""
    scheme = published.scheme
    if scheme is None:
        return {}
    codes = frozenset(list_table_codes(scheme))
    scores: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    for province, code, score in published.sub_pillars:
        scores[province].append((code, score))
    levels = {
        province: _level_of(scheme, tuple(scores[province]))
        for province, _score, level, *_rest in published.totals
        if level is None and codes <= {code for code, _ in scores[province]}
    }
    return {province: level for province, level in levels.items() if level is not None}


@lru_cache(maxsize=512)
def _level_of(scheme: ScoringScheme, scores: _Scores) -> int | None:
    """Kept, since published figures do not change from page to page."""
    return aggregate_scores(scheme, dict(scores)).level
