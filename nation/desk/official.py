"""Published totals of all provinces of a year, each with rank and level: printed, else what follows from others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from nation.desk.rows import OfficialTotal, rank_totals
from scoring.engine.aggregates import aggregate_scores
from scoring.engine.score_tables import list_table_codes
from scoring.models import OfficialResult
from scoring.scheme.marked import mark_score
from scoring.scheme.queries import get_scheme_of_year
from scoring.scheme.registry import FaultyScheme, MissingScheme
from scoring.scheme.types import ScoringScheme

_Scores = tuple[tuple[str, Decimal], ...]


def read_official_totals(year: int) -> dict[int, OfficialTotal]:
    """The published totals of a year by key of the province. One query, two where a level is not printed.

    Ranks are those published; where none is, they follow from the totals and ties share one. A level that is not
    printed follows from the published sub-pillars, as on the province's own pages.
    """
    rows = (
        OfficialResult.objects.newest()
        .filter(year=year, kind=OfficialResult.Kind.TOTAL, province__isnull=False)
        .order_by()
    )
    found = list(rows.values_list("province_id", "score", "level", "rank", "origin"))
    are_ranks_published = any(rank is not None for _province, _score, _level, rank, _origin in found)
    ranks = {} if are_ranks_published else rank_totals(score for _province, score, *_rest in found)
    derived = _derive_levels(year, [province for province, _score, level, *_rest in found if level is None])
    return {
        province: OfficialTotal(
            mark_score(score, origin),
            level or derived.get(province),
            rank or ranks.get(score),
            is_level_derived=level is None and province in derived,
        )
        for province, score, level, rank, origin in found
    }


def _derive_levels(year: int, provinces: list[int]) -> dict[int, int]:
    """The levels that follow from all published sub-pillars, by key of the province. One query, or none."""
    if not provinces:
        return {}
    try:
        scheme = get_scheme_of_year(year).scheme
    except (MissingScheme, FaultyScheme):
        return {}
    codes = frozenset(list_table_codes(scheme))
    scores = _read_sub_pillars(year, provinces)
    levels = {
        province: _level_of(scheme, given) for province, given in scores.items() if codes <= {code for code, _ in given}
    }
    return {province: level for province, level in levels.items() if level is not None}


def _read_sub_pillars(year: int, provinces: Iterable[int]) -> dict[int, _Scores]:
    kinds = (OfficialResult.Kind.SUB_PILLAR,)
    rows: Any = (
        OfficialResult.objects.newest().filter(year=year, kind__in=kinds, province__in=provinces).order_by("code")
    )
    scores: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    for province, code, score in rows.values_list("province_id", "code", "score"):
        scores[province].append((code, score))
    return {province: tuple(given) for province, given in scores.items()}


@lru_cache(maxsize=512)
def _level_of(scheme: ScoringScheme, scores: _Scores) -> int | None:
    """Kept, since published figures do not change from page to page."""
    return aggregate_scores(scheme, dict(scores)).level
