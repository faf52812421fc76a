"""Targets and step combinations in the whole numbers of the optimiser. PURE."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from scoring.engine.levels import find_level
from scoring.planning.optimum.plan_types import (
    PILLAR_LEVEL,
    PlanningCase,
    PlanNotPossible,
    PlanTarget,
)
from scoring.planning.optimum.search import EffortOption, PlanGoal
from scoring.planning.optimum.step_combinations import StepCombination
from scoring.scheme.types import ScoringScheme
from survey.instrument.schema import LocalizedText

KPI_TARGET_UNKNOWN = LocalizedText("ไม่รู้เป้าหมายของตัวชี้วัดนี้สำหรับจังหวัด", "This KPI target is not known for the province.")


def compute_gain_scale(scheme: ScoringScheme) -> int:
    weights = [s.weight.value for s in scheme.sub_pillars.values() if s.weight]
    return math.lcm(*(Fraction(w).denominator for w in weights)) if weights else 1


def build_options(
    scheme: ScoringScheme, code: str, combinations: Sequence[tuple[StepCombination, Decimal]], scale: int
) -> list[EffortOption]:
    weight = scheme.sub_pillars[code].weight
    scaled_weight = Fraction(weight.value) * scale if weight else Fraction(0)
    rule = scheme.levels
    return [
        EffortOption(w.effort, int(Fraction(s) * 100 * scaled_weight), find_level(rule, s) if rule else 0)
        for w, s in combinations
    ]


def build_goal(case: PlanningCase, target: PlanTarget, scale: int) -> PlanGoal:
    """The target in the optimiser's whole numbers. Raises PlanNotPossible when a KPI target is not known."""
    goal = PlanGoal(budget=target.effort)
    gain_per_point = Fraction(case.sheet.known_weight) * 100 * scale
    if target.total is not None:
        goal = replace(goal, gain=math.ceil(Fraction(target.total) * gain_per_point))
    if target.pillars is not None:
        goal = replace(goal, pillars=((PILLAR_LEVEL, target.pillars),))
    return goal if target.kpi is None else _add_kpi_goal(case, target.kpi, goal, gain_per_point)


def _add_kpi_goal(case: PlanningCase, reading: Decimal, goal: PlanGoal, gain_per_point: Fraction) -> PlanGoal:
    standing = case.evaluate_kpi(case.sheet)
    wanted_targets = [t for p in standing.parts for t in p.targets if t.reading == reading] if standing else []
    if standing is None or not wanted_targets or len(wanted_targets) < len(standing.parts):
        raise PlanNotPossible(KPI_TARGET_UNKNOWN)
    gain, pillars, floor = goal.gain, dict(goal.pillars), goal.floor
    for part in standing.parts:
        target = next(t for t in part.targets if t.reading == reading)
        for condition in target.conditions:
            if condition.kind == "level4_pillars":
                pillars[4] = max(pillars.get(4, 0), int(condition.value))
            elif condition.kind == "none_below":
                floor = max(floor, int(condition.value))
        if target.needed is None:
            if any(c.kind in ("best_plus", "above_best") for c in target.conditions):
                raise PlanNotPossible(KPI_TARGET_UNKNOWN)  # it rests on a result that is not entered
            continue
        if part.level is not None:
            pillars[part.level] = max(pillars.get(part.level, 0), math.ceil(target.needed))
            continue
        exact = Fraction(target.needed) * gain_per_point
        gain = max(gain, math.floor(exact) + 1 if target.above else math.ceil(exact))
    return replace(goal, gain=gain, pillars=tuple(sorted(pillars.items())), floor=floor)
