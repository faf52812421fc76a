"""Targets and step combinations in the whole numbers of the optimiser. PURE."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

from scoring.engine.levels import CENT, find_level, round_score
from scoring.kpi.types import KpiPartResult, KpiTarget
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
PILLAR_UNKNOWN = LocalizedText("ไม่มีตัวชี้วัดนี้ หรือตัวชี้วัดนี้ยังไม่มีคะแนน", "There is no such pillar, or it has no score yet.")

PartChoice = tuple[tuple[KpiPartResult, KpiTarget | None], ...]  # of each part the target to reach, if any


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


@dataclass(frozen=True, slots=True)
class GoalBuilder:
    """Builds the goals of one case. `positions`: of the pillars that have options, by number."""

    case: PlanningCase
    scale: int
    positions: Mapping[str, int]

    def list_goals(self, target: PlanTarget) -> list[PlanGoal]:
        """The target in the optimiser's whole numbers: reaching any of these goals reaches it.

        Raises PlanNotPossible when a KPI target is not known, or there is no such pillar.
        """
        goal = PlanGoal()
        if target.total is not None:
            goal = replace(goal, gain=least_gain(target.total, self.gain_per_point))
        if target.pillars is not None:
            goal = replace(goal, pillars=((PILLAR_LEVEL, target.pillars),))
        if target.pillar:
            if target.pillar not in self.positions:
                raise PlanNotPossible(PILLAR_UNKNOWN)
            goal = replace(goal, floors=((self.positions[target.pillar], target.level),))
        if target.kpi is None and target.kpi_points is None:
            return [goal]
        choices = self._list_part_choices(target)
        goals = [made for choice in choices if (made := self._goal_of_parts(choice, goal)) is not None]
        if not goals:
            raise PlanNotPossible(KPI_TARGET_UNKNOWN)
        return goals

    @property
    def gain_per_point(self) -> Fraction:
        """The gain of the optimiser that is one point of the total."""
        return Fraction(self.case.sheet.known_weight) * 100 * self.scale

    def _list_part_choices(self, target: PlanTarget) -> list[PartChoice]:
        """The ways to reach the KPI target: one reading for every part, or whatever gives so many points."""
        standing = self.case.evaluate_kpi(self.case.sheet)
        if standing is None:
            return []
        if target.kpi is not None:
            same = [(p, next((t for t in p.targets if t.reading == target.kpi), None)) for p in standing.parts]
            return [] if any(t is None for _part, t in same) else [tuple(same)]
        assert target.kpi_points is not None
        return list(list_part_choices(standing.parts, target.kpi_points))

    def _goal_of_parts(self, choice: PartChoice, goal: PlanGoal) -> PlanGoal | None:
        """The goal with the targets of these parts; None where one rests on a result that is not entered."""
        gain, pillars, floor = goal.gain, dict(goal.pillars), goal.floor
        for part, target in choice:
            if target is None:
                continue
            for condition in target.conditions:
                if condition.kind == "level4_pillars":
                    pillars[4] = max(pillars.get(4, 0), int(condition.value))
                elif condition.kind == "none_below":
                    floor = max(floor, int(condition.value))
            if target.needed is None:
                if any(c.kind in ("best_plus", "above_best") for c in target.conditions):
                    return None
            elif part.level is not None:
                pillars[part.level] = max(pillars.get(part.level, 0), math.ceil(target.needed))
            else:
                needed = target.needed + (CENT if target.above else 0)
                gain = max(gain, least_gain(needed, self.gain_per_point))
        return replace(goal, gain=gain, pillars=tuple(sorted(pillars.items())), floor=floor)


def list_part_choices(parts: Sequence[KpiPartResult], points: Decimal) -> Iterator[PartChoice]:
    """The choices of a target for each part that give at least so many points, and no more of any than they need."""
    for picked in product(*([None, *part.targets] for part in parts)):
        choice = tuple(zip(parts, picked, strict=True))
        worth = [part.weight * target.reading / 100 if target else Decimal(0) for part, target in choice]
        lowered = [_worth_below(part, target) for part, target in choice]
        if sum(worth) >= points and not any(
            target and sum(worth) - own + less >= points
            for own, less, target in zip(worth, lowered, picked, strict=True)
        ):
            yield choice


def list_kpi_points(parts: Sequence[KpiPartResult]) -> list[Decimal]:
    """All points that the targets of the parts can give together, the highest first."""
    worths = [[Decimal(0), *(part.weight * t.reading / 100 for t in part.targets)] for part in parts]
    return sorted({sum(some, Decimal(0)) for some in product(*worths)}, reverse=True)


def _worth_below(part: KpiPartResult, target: KpiTarget | None) -> Decimal:
    """The points of the next lower target of the part."""
    lower = [t.reading for t in part.targets if target and t.reading < target.reading]
    return part.weight * max(lower, default=Decimal(0)) / 100


def least_gain(total: Decimal, gain_per_point: Fraction) -> int:
    """The least gain with which a total reads at least so much: totals are judged on the two places that are shown."""
    return max(0, math.ceil((Fraction(round_score(total)) - Fraction(CENT) / 2) * gain_per_point))
