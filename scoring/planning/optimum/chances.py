"""How likely a plan reaches its target, over the drawn readings of what is not published. PURE.

Sub-pillars are choices apart under every reading too: each option of each sub-pillar is scored once under all drawn
readings, and whatever plan is made of them is judged by adding up. Floats stay here; the sheet of a plan is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from scoring.engine.facts import ResponseFacts
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.types import KpiPartResult
from scoring.planning.optimum.optimizer import Combinations, Picks
from scoring.planning.optimum.plan_types import PILLAR_LEVEL, PlanningCase, PlanTarget
from scoring.planning.optimum.sensitivity import Stake, sort_stakes
from scoring.planning.what_if.changes import merge_changes
from scoring.uncertainty.draw_types import Flags, Floats
from scoring.uncertainty.draws import draw_readings
from scoring.uncertainty.outcomes import Outcomes, aggregate_outcomes, compute_outcomes

NEARLY = 1e-9


def draw_outcomes(case: PlanningCase, facts: ResponseFacts, sheet: ScoreSheet) -> Outcomes:
    """The outcomes of facts, whose score is `sheet`, over the drawn readings."""
    draws = draw_readings(case.instrument, case.scheme)
    return compute_outcomes(case.instrument, case.scheme, facts, sheet, draws)


def judge_outcomes(case: PlanningCase, target: PlanTarget, outcomes: Outcomes) -> float | None:
    """The probability that a target is reached; None where the target asks for no result, or none is known."""
    reached = _find_reached(case, target, outcomes)
    return None if reached is None else min(1.0, float(outcomes.weights[reached].sum()))


def list_reading_stakes(case: PlanningCase, facts: ResponseFacts, sheet: ScoreSheet) -> list[Stake]:
    """For each sub-pillar how far the total moves by how it is read: between the 5th and the 95th of 100 readings."""
    draws, outcomes = draw_readings(case.instrument, case.scheme), draw_outcomes(case, facts, sheet)
    stakes = []
    for sub in sheet.sub_pillars:
        if sub.score is None or sub.weight is None or sub.code not in outcomes.sub_pillars:
            continue
        points = outcomes.sub_pillars[sub.code] * draws.sub_weights[sub.code] / 100
        low, high = (Decimal(f"{np.quantile(points, part):.4f}") for part in (0.05, 0.95))
        now = sub.score * sub.weight.value / 100
        stakes.append(Stake(sub.code, sub.name, max(now - low, Decimal(0)), max(high - now, Decimal(0))))
    return sort_stakes(stakes)


class OptionChances:
    """Every option of every sub-pillar under all drawn readings."""

    def __init__(self, case: PlanningCase, combinations: Combinations) -> None:
        self.case = case
        self.combinations = combinations
        self.draws = draw_readings(case.instrument, case.scheme)
        self.scores: dict[str, list[Floats]] = {code: [] for code in combinations}
        for at in range(max(map(len, combinations.values()), default=0)):
            chosen = {code: some[min(at, len(some) - 1)][0] for code, some in combinations.items()}
            changes = merge_changes(s.changes for way in chosen.values() for s in way.steps)
            facts, sheet = case.score_changes(changes)
            found = compute_outcomes(case.instrument, case.scheme, facts, sheet, self.draws).sub_pillars
            for code, some in combinations.items():
                if at < len(some):
                    self.scores[code].append(found[code])

    def chance(self, picks: Picks, target: PlanTarget) -> float:
        """The probability that a choice of options reaches a target."""
        subs = {code: self.scores[code][at] for code, at in picks.items()}
        return judge_outcomes(self.case, target, aggregate_outcomes(self.case.scheme, self.draws, subs)) or 0.0

    def effort(self, picks: Picks) -> int:
        """The effort of a choice of options."""
        return sum(self.combinations[code][at][0].effort for code, at in picks.items())

    def cautious_scores(self, quantile: float) -> dict[str, list[Decimal]]:
        """The score that each option falls short of with this probability, by sub-pillar."""
        return {
            code: [Decimal(f"{np.quantile(score, quantile, method='lower'):.2f}") for score in some]
            for code, some in self.scores.items()
        }


def _find_reached(case: PlanningCase, target: PlanTarget, outcomes: Outcomes) -> Flags | None:
    """The draws in which a target is reached."""
    if target.total is not None:
        return np.asarray(outcomes.total >= float(target.total) - NEARLY)
    if target.pillars is not None:
        return np.asarray(_count_pillars(outcomes, PILLAR_LEVEL) >= target.pillars)
    if target.pillar:
        levels = outcomes.pillar_levels.get(target.pillar)
        return None if levels is None else np.asarray(levels >= target.level)
    standing = case.evaluate_kpi(case.sheet) if target.kpi is not None or target.kpi_points is not None else None
    if standing is None:
        return None
    met = case.judge_kpi(outcomes)
    readings = np.stack([_read_part(p, met.get(p.key, {}), len(outcomes.weights)) for p in standing.parts])
    if target.kpi is not None:
        return np.asarray(readings.min(axis=0) >= float(target.kpi) - NEARLY)
    points = (readings * np.array([[float(p.weight) / 100] for p in standing.parts])).sum(axis=0)
    return np.asarray(points >= float(target.kpi_points or 0) - NEARLY)


def _read_part(part: KpiPartResult, met: Mapping[str, Flags], count: int) -> Floats:
    """The reading of a part of the KPI in each draw; a target that nobody can tell is not reached."""
    reading = np.zeros(count)
    for target in part.targets:
        if target.key in met:
            reading = np.where(met[target.key], np.maximum(reading, float(target.reading)), reading)
    return reading


def _count_pillars(outcomes: Outcomes, level: int) -> Floats:
    counts = np.zeros(len(outcomes.weights))
    for levels in outcomes.pillar_levels.values():
        counts = counts + (levels >= level)
    return counts
