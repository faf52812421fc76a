"""Pillar scores and the total aggregated from sub-pillar scores. Exact: no float. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.engine.levels import HUNDRED, compute_index, find_level, round_to_level
from scoring.scheme.types import LevelRule, PillarScheme, ScoringScheme


@dataclass(frozen=True, slots=True)
class PillarAggregate:
    """A pillar as far as it is known: score 0–100, index (mean of levels), level; None: nothing known.

    `gained` is Σ score × weight over its known sub-pillars, kept apart because the division is not exact.
    """

    number: str
    gained: Decimal
    score: Decimal | None
    index: Decimal | None
    level: int | None
    weight: Decimal
    known_weight: Decimal

    @property
    def low(self) -> Decimal:
        """The score with everything unknown at 0."""
        return self.gained / self.weight

    @property
    def high(self) -> Decimal:
        """The score with everything unknown at 100."""
        return (self.gained + HUNDRED * (self.weight - self.known_weight)) / self.weight


@dataclass(frozen=True, slots=True)
class AggregateScore:
    """All pillars and the total. With `known_weight` below 100 the total is over what is known."""

    pillars: tuple[PillarAggregate, ...]
    gained: Decimal
    total: Decimal | None
    level: int | None
    known_weight: Decimal

    @property
    def low(self) -> Decimal:
        """The total with everything unknown at 0."""
        return self.gained / HUNDRED

    @property
    def high(self) -> Decimal:
        """The total with everything unknown at 100."""
        return self.low + HUNDRED - self.known_weight


def aggregate_scores(scheme: ScoringScheme, scores: Mapping[str, Decimal]) -> AggregateScore:
    """Pillars and total over the sub-pillars that have a score."""
    pillars, indexes = [], []
    gained = known = Decimal(0)
    for pillar in scheme.pillars:
        standing, index = _aggregate_pillar(scheme.levels, pillar, scores)
        pillars.append(standing)
        if index is not None:
            indexes.append(index)
        gained += standing.gained
        known += standing.known_weight
    rule = scheme.levels
    level = round_to_level(rule, compute_index(rule, indexes)) if rule is not None and indexes else None
    return AggregateScore(tuple(pillars), gained, gained / known if known else None, level, known)


def _aggregate_pillar(
    rule: LevelRule | None, pillar: PillarScheme, scores: Mapping[str, Decimal]
) -> tuple[PillarAggregate, Fraction | None]:
    weight = pillar.weight.value
    if not pillar.sub_pillars:
        score = scores.get(pillar.number)
        known = weight if score is not None else Decimal(0)
        gained = (score or Decimal(0)) * weight
        return PillarAggregate(pillar.number, gained, score, None, None, weight, known), None
    scores_with_weights = [
        (scores[s.code], s.weight.value) for s in pillar.sub_pillars if s.code in scores and s.weight
    ]
    known = sum((w for _, w in scores_with_weights), Decimal(0))
    if not known:
        return PillarAggregate(pillar.number, known, None, None, None, weight, known), None
    gained = sum((s * w for s, w in scores_with_weights), Decimal(0))
    score = gained / known
    if rule is None:
        return PillarAggregate(pillar.number, gained, score, None, None, weight, known), None
    index = compute_index(rule, [find_level(rule, s) for s, _ in scores_with_weights])
    shown = Decimal(index.numerator) / Decimal(index.denominator)
    level = round_to_level(rule, index)
    return PillarAggregate(pillar.number, gained, score, shown, level, weight, known), index
