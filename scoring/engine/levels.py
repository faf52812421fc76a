"""From sub-pillar scores to pillar scores, indexes, levels and the total. Exact: no float. PURE."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from scoring.scheme.types import LevelRule, PillarScheme, ScoringScheme

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


class ScoreTableError(ValueError):
    """A table that cannot be scored; `problems` says why, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


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


def round_score(value: Decimal) -> Decimal:
    """Rounded to two places, halves away from zero, as the official tables are."""
    return value.quantize(CENT, ROUND_HALF_UP)


def find_level(rule: LevelRule, score: Decimal) -> int:
    """The level of a sub-pillar's score, judged on the two places that are shown."""
    shown = round_score(score)
    for band in rule.bands:
        if band.edge is None or shown < band.edge or (band.inclusive and shown == band.edge):
            return band.level
    return rule.bands[-1].level


def compute_index(rule: LevelRule, levels: Sequence[int] | Sequence[Fraction]) -> Fraction:
    """The index of several levels or indexes (at least one)."""
    if rule.index.value == "min":
        return Fraction(min(levels))
    return Fraction(sum(levels), len(levels))


def round_to_level(rule: LevelRule, index: Fraction) -> int:
    """The whole level of an index, kept within the bands."""
    how = rule.rounding.value
    if how == "floor":
        level = math.floor(index)
    elif how == "ceiling":
        level = math.ceil(index)
    else:
        level = math.floor(index + Fraction(1, 2))
    return min(max(level, rule.bands[0].level), rule.bands[-1].level)


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
    given = [(scores[s.code], s.weight.value) for s in pillar.sub_pillars if s.code in scores and s.weight]
    known = sum((w for _, w in given), Decimal(0))
    if not known:
        return PillarAggregate(pillar.number, known, None, None, None, weight, known), None
    gained = sum((s * w for s, w in given), Decimal(0))
    score = gained / known
    if rule is None:
        return PillarAggregate(pillar.number, gained, score, None, None, weight, known), None
    index = compute_index(rule, [find_level(rule, s) for s, _ in given])
    shown = Decimal(index.numerator) / Decimal(index.denominator)
    level = round_to_level(rule, index)
    return PillarAggregate(pillar.number, gained, score, shown, level, weight, known), index


def list_table_codes(scheme: ScoringScheme) -> tuple[str, ...]:
    """The codes a table for this scheme has: sub-pillars, and pillars that have none."""
    return tuple(code for p in scheme.pillars for code in ([s.code for s in p.sub_pillars] or [p.number]))


def score_agencies(
    scheme: ScoringScheme, tables: Mapping[str, Mapping[str, Decimal]]
) -> tuple[AggregateScore, dict[str, AggregateScore]]:
    """A province whose agencies answered each for itself: the mean of their tables, and each by itself.

    Raises TableError, also where the scheme has the province answer.
    """
    if scheme.respondents is None:
        raise ScoreTableError([f"{scheme.key} is answered by the province: leave out the column agency"])
    each: dict[str, AggregateScore] = {}
    problems: list[str] = []
    for name, scores in tables.items():
        try:
            each[name] = score_table(scheme, scores)
        except ScoreTableError as error:
            problems += [f"{name}: {problem}" for problem in error.problems]
    if problems or not each:
        raise ScoreTableError(problems or ["no agency is in the table"])
    means = {
        code: sum((t[code] for t in tables.values()), Decimal(0)) / len(tables) for code in list_table_codes(scheme)
    }
    return aggregate_scores(scheme, means), each


def score_table(scheme: ScoringScheme, scores: Mapping[str, Decimal]) -> AggregateScore:
    """The standing of a full table of sub-pillar scores 0–100. Raises TableError."""
    wanted = list_table_codes(scheme)
    problems = [f"no score for {code}" for code in wanted if code not in scores]
    problems += [f"{code} is not in {scheme.key}" for code in scores if code not in wanted]
    for code, score in scores.items():
        if not score.is_finite() or not 0 <= score <= HUNDRED:
            problems.append(f"{code}: {score} is not between 0 and 100")
    if problems:
        raise ScoreTableError(problems)
    return aggregate_scores(scheme, scores)
