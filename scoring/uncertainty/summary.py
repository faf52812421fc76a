"""What drawn readings say of a score: medians, 90 % intervals, probabilities of levels and of KPI steps. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from scoring.uncertainty.draw_types import Floats, Integers, ReadingDraws
from scoring.uncertainty.kpi_chances import KpiPoints
from scoring.uncertainty.outcomes import Outcomes

LOW, MEDIAN, HIGH = 0.05, 0.5, 0.95
CENT, CHANCE = Decimal("0.01"), Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Interval:
    """A median and the interval that holds 90 % of the readings, on two places."""

    low: Decimal
    median: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class KpiChances:
    """The KPI: its points, how probable each number of points is, and each target reached or passed by part.

    `points` is None and `points_chances` empty where a target rests on a result that nobody entered.
    """

    points: Interval | None
    points_chances: Mapping[Decimal, Decimal]
    parts: Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class ScoreUncertainty:
    """The uncertainty of a score sheet. Pillars by number, sub-pillars by code, chances (0 to 1) by level."""

    total: Interval
    pillars: Mapping[str, Interval]
    sub_pillars: Mapping[str, Interval]
    level_chances: Mapping[int, Decimal]
    pillar_level_chances: Mapping[str, Mapping[int, Decimal]]
    kpi: KpiChances | None
    seed: int
    draws: int


def summarize_outcomes(outcomes: Outcomes, draws: ReadingDraws, kpi: KpiPoints | None = None) -> ScoreUncertainty:
    """Medians, intervals and probabilities of the outcomes."""
    weights = outcomes.weights
    return ScoreUncertainty(
        total=find_interval(outcomes.total, weights),
        pillars={n: find_interval(v, weights) for n, v in outcomes.pillars.items()},
        sub_pillars={c: find_interval(v, weights) for c, v in outcomes.sub_pillars.items()},
        level_chances=find_level_chances(outcomes.level, weights, draws),
        pillar_level_chances={n: find_level_chances(v, weights, draws) for n, v in outcomes.pillar_levels.items()},
        kpi=None if kpi is None else _summarize_kpi(kpi, weights),
        seed=draws.seed,
        draws=draws.count,
    )


def find_interval(values: Floats, weights: Floats) -> Interval:
    """The weighted median of values and the interval between their 5th and 95th hundredth."""
    order = np.argsort(values, kind="stable")
    passed = np.cumsum(weights[order])
    rows = [min(int(np.searchsorted(passed, q * passed[-1] - 1e-12)), len(values) - 1) for q in (LOW, MEDIAN, HIGH)]
    return Interval(*(_to_decimal(values[order[row]], CENT) for row in rows))


def find_level_chances(levels: Integers, weights: Floats, draws: ReadingDraws) -> dict[int, Decimal]:
    """How probable each level is; empty without rules of levels."""
    bands = sorted({b.level for rule in draws.level_rules for b in rule.bands})
    return {level: find_chance(levels == level, weights) for level in bands}


def find_chance(flags: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], weights: Floats) -> Decimal:
    """The weight of the draws that are marked, 0 to 1."""
    return _to_decimal(weights[flags].sum() / weights.sum(), CHANCE)


def _summarize_kpi(kpi: KpiPoints, weights: Floats) -> KpiChances:
    parts = {
        key: {target: find_chance(flags, weights) for target, flags in targets.items()}
        for key, targets in kpi.reached.items()
    }
    if kpi.points is None:
        return KpiChances(None, {}, parts)
    found = np.unique(kpi.points)
    chances = {_to_decimal(p, CENT): find_chance(kpi.points == p, weights) for p in found}
    return KpiChances(find_interval(kpi.points, weights), chances, parts)


def _to_decimal(value: float, places: Decimal) -> Decimal:
    # The shortest text of the float is the two places themselves; more places would show its binary rest.
    return Decimal(repr(round(float(value), 8))).quantize(places, ROUND_HALF_UP)
