"""What is published, as constraints on drawn readings: how far each reading is from each published figure. PURE."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoring.scheme.types import LevelRule, ScoringScheme, SubPillarScheme
from scoring.scheme.uncertainty_types import Evidence, PublishedScores
from scoring.uncertainty.attainable import list_attainable
from scoring.uncertainty.draw_types import BlockDraws, Floats
from scoring.uncertainty.expectations import bound_sub_pillar, count_values
from scoring.uncertainty.outcomes import level_of_scores

ConstraintKind = Literal["score", "average", "weights", "levels"]
AVERAGE = "average"
HALF_CENT = 0.005 + 1e-6  # published figures have two places
FAR = 50.0  # distance of what no distribution can give


@dataclass(frozen=True, slots=True)
class Constraint:
    """A published figure and what readings make of it, by rule of levels (rows) and reading (columns).

    `given_low`, `given_high`: what a reading gives: the nearest attainable score, or the bounds of the mean.
    `distance`: how far the published figure lies outside.
    """

    id: str
    kind: ConstraintKind
    code: str
    published: float
    tolerance: float
    given_low: Floats
    given_high: Floats
    distance: Floats

    def likelihood(self, kept: float) -> Floats:
        """How likely the figure is under each reading; 1 - `kept` where the year's scoring is another anyway."""
        if self.kind == "score":
            agrees = (self.distance <= self.tolerance).astype(np.float64)
        else:
            agrees = np.exp(-0.5 * (self.distance / self.tolerance) ** 2)
        result: Floats = kept * agrees + (1.0 - kept)
        return result


def find_linked_code(scheme: ScoringScheme, evidence: Evidence, code: str) -> str | None:
    """The sub-pillar of the evidence's year that `code` can be compared with."""
    if evidence.year == scheme.year:
        return code
    return scheme.earlier_codes.get(evidence.year, {}).get(code)


def list_block_constraints(
    scheme: ScoringScheme, sub: SubPillarScheme, block: BlockDraws, evidence: Evidence, rules: tuple[LevelRule, ...]
) -> Iterator[Constraint]:
    """The constraints on one sub-pillar's readings."""
    code = find_linked_code(scheme, evidence, sub.code)
    published = evidence.sub_pillars.get(code or "")
    if published is None or sub.is_external:
        return
    attainable = list_attainable(sub, block)
    for score in sorted({v for column, v in published.columns.items() if column != AVERAGE}):
        yield _build_score_constraint(evidence, sub.code, code or "", score, attainable, published)
    if AVERAGE in published.columns:
        yield _build_average_constraint(evidence, sub, code or "", published, block, attainable, rules)


def _build_score_constraint(
    evidence: Evidence, code: str, linked: str, score: float, attainable: Floats, published: PublishedScores
) -> Constraint:
    columns = "+".join(c for c, v in published.columns.items() if v == score and c != AVERAGE)
    gaps = np.abs(attainable - score)
    nearest = np.take_along_axis(attainable, gaps.argmin(axis=1)[:, None], axis=1)[:, 0]
    distance = gaps.min(axis=1)
    return Constraint(
        f"{evidence.year}/{columns}/{linked}", "score", code, score, HALF_CENT, nearest, nearest, distance[None, :]
    )


def _build_average_constraint(
    evidence: Evidence,
    sub: SubPillarScheme,
    linked: str,
    published: PublishedScores,
    block: BlockDraws,
    attainable: Floats,
    rules: tuple[LevelRule, ...],
) -> Constraint:
    average = published.columns[AVERAGE]
    lows, highs, distances = [], [], []
    # Without a share at some levels every rule of levels gives the same.
    for rule in rules if rules and published.levels else (None,):
        low, high = _bound_average(sub, published, block, attainable, evidence, rule)
        gap = np.maximum(np.maximum(low - average, average - high), 0.0)
        lows.append(low)
        highs.append(high)
        distances.append(np.where(low > high + 1e-6, FAR, np.minimum(gap, FAR)))
    return Constraint(
        f"{evidence.year}/{AVERAGE}/{linked}",
        "average",
        sub.code,
        average,
        evidence.tolerance,
        lows[0],
        highs[0],
        np.stack(distances),
    )


def _bound_average(
    sub: SubPillarScheme,
    published: PublishedScores,
    block: BlockDraws,
    attainable: Floats,
    evidence: Evidence,
    rule: LevelRule | None,
) -> tuple[Floats, Floats]:
    at_levels = None
    if rule is not None and published.levels is not None and len(sub.criteria) == 1 and not sub.parts:
        draws = block.criteria[sub.criteria[0].id]
        if draws.edges is not None:
            levels = level_of_scores(rule, count_values(draws))
            inside = (levels >= published.levels[0]) & (levels <= published.levels[1])
            at_levels = (inside, published.levels[2])
    low, high = bound_sub_pillar(sub, block, dict(evidence.criteria), at_levels)
    if rule is not None and published.levels is not None and at_levels is None:
        by_level = _bound_by_level(attainable, rule, published.levels)
        low, high = np.maximum(low, by_level[0]), np.minimum(high, by_level[1])
    return low, high


def _bound_by_level(attainable: Floats, rule: LevelRule, published: tuple[int, int, float]) -> tuple[Floats, Floats]:
    """Bounds of a mean when a share of the provinces is at some levels and the rest elsewhere."""
    lowest, highest, share = published
    levels = level_of_scores(rule, attainable)
    inside = (levels >= lowest) & (levels <= highest)

    def ends(flags: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], part: float) -> tuple[Floats, Floats]:
        if part <= 0:
            return np.zeros(len(attainable)), np.zeros(len(attainable))
        # Where no score lies there, the bounds are impossible and cross.
        low = np.where(flags, attainable, 1e4).min(axis=1)
        high = np.where(flags, attainable, -1e4).max(axis=1)
        return part * low, part * high

    there, elsewhere = ends(inside, share), ends(~inside, 1.0 - share)
    return there[0] + elsewhere[0], there[1] + elsewhere[1]
