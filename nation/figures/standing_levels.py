"""The levels of a province as the national report counts them: as published, else as estimated, and which is which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scoring.engine.aggregates import aggregate_scores
from scoring.engine.levels import find_level
from scoring.engine.sheet import ScoreSheet
from scoring.models import OfficialResult
from scoring.results.queries import PROVINCE, PublishedResults
from scoring.scheme.types import ScoringScheme

TOTAL: Final = "total"
KINDS: Final = OfficialResult.Kind


def read_levels(
    scheme: ScoringScheme, published: PublishedResults | None, sheet: ScoreSheet | None = None
) -> dict[str, Any]:
    """`levels` by code ("total", number of a pillar, code of a sub-pillar), and which of them are `official`.

    `sheet`: the estimate; None where answers cannot be scored.
    """
    official = _official_levels(scheme, published) if published else {}
    levels = (_estimated_levels(sheet) if sheet else {}) | official
    return {"levels": dict(sorted(levels.items())), "official": sorted(official)}


def _estimated_levels(sheet: ScoreSheet) -> dict[str, int]:
    found = (
        {TOTAL: sheet.level} | {p.number: p.level for p in sheet.pillars} | {s.code: s.level for s in sheet.sub_pillars}
    )
    return {code: level for code, level in found.items() if level is not None}


def _official_levels(scheme: ScoringScheme, published: PublishedResults) -> dict[str, int]:
    """Levels that are published; of a score that is published without one, by the scheme's bands."""
    own = {key[1:]: row for key, row in published.figures.items() if key[0] == PROVINCE}
    levels = _banded_levels(scheme, own)
    return levels | {code: row.level for (_kind, code), row in own.items() if row.level is not None}


def _banded_levels(scheme: ScoringScheme, own: Mapping[tuple[str, str], OfficialResult]) -> dict[str, int]:
    scores = {code: row.score for (kind, code), row in own.items() if kind == KINDS.SUB_PILLAR}
    if scheme.levels is None or not scores:
        return {}
    levels = {code: find_level(scheme.levels, score) for code, score in scores.items()}
    standing = aggregate_scores(scheme, scores)
    whole = {p.number for p in scheme.pillars if all(s.code in scores for s in p.sub_pillars)}
    levels |= {p.number: p.level for p in standing.pillars if p.number in whole and p.level is not None}
    if standing.level is not None and len(whole) == len(scheme.pillars):
        levels[TOTAL] = standing.level
    return levels
