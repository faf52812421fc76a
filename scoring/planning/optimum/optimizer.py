"""The optimiser of one case: the best choice of steps for a target or a budget. PURE."""

from __future__ import annotations

from decimal import Decimal

from scoring.engine.sheet import ScoreSheet, SubPillarScore
from scoring.planning.optimum.answer_changes import ChangeFinder
from scoring.planning.optimum.goals import build_goal, build_options, compute_gain_scale
from scoring.planning.optimum.improvement import ImprovementStep
from scoring.planning.optimum.plan_types import (
    PlanningCase,
    PlanTarget,
)
from scoring.planning.optimum.search import BestChoice, PlanGoal, search_best_choice
from scoring.planning.optimum.step_combinations import CombinationFinder, StepCombination
from scoring.planning.optimum.steps import StepFinder
from scoring.planning.what_if.changes import merge_changes


def list_step_combinations(case: PlanningCase) -> dict[str, list[tuple[StepCombination, Decimal]]]:
    """The step combinations of every sub-pillar that has a score, by code; the first is to do nothing."""
    change_finder = ChangeFinder(case.instrument, case.values, case.facts)
    step_finder = StepFinder(change_finder, case.efforts, case.expected)
    finder = CombinationFinder(case.instrument, case.scheme, case.values, case.facts, step_finder)
    return {s.code: _list_combinations(finder, s) for s in case.sheet.sub_pillars if s.score is not None}


def _list_combinations(finder: CombinationFinder, sub: SubPillarScore) -> list[tuple[StepCombination, Decimal]]:
    if sub.external:
        assert sub.score is not None
        return [(StepCombination(0, {}), sub.score)]
    return finder.list_combinations(sub)


class PlanOptimizer:
    """The optimiser of one case: the step combinations of its sub-pillars as options."""

    def __init__(self, case: PlanningCase) -> None:
        self.case = case
        self.combinations = list_step_combinations(case)
        self.scale = compute_gain_scale(case.scheme)
        codes = [[s.code for s in p.sub_pillars if s.code in self.combinations] for p in case.sheet.pillars]
        self.codes = [some for some in codes if some]
        self.options = [
            [build_options(case.scheme, c, self.combinations[c], self.scale) for c in some] for some in self.codes
        ]

    def best(self, target: PlanTarget) -> list[ImprovementStep] | None:
        """The steps of the best plan for a target; None: it cannot be reached. Raises Unplannable."""
        choice = search_best_choice(self.options, self.case.scheme.levels, build_goal(self.case, target, self.scale))
        return None if choice is None else self._steps(choice)

    def most(self, budget: int | None) -> list[ImprovementStep]:
        """The steps that bring the most, within a budget if there is one."""
        total_effort = sum(max(o.effort for o in options) for some in self.options for options in some)
        choice = search_best_choice(
            self.options, self.case.scheme.levels, PlanGoal(budget=total_effort if budget is None else budget)
        )
        assert choice is not None, "doing nothing is always a plan"
        return self._steps(choice)

    def highest(self) -> ScoreSheet:
        """The score once all work that can be planned is done."""
        steps = [s for combinations in self.combinations.values() for s in combinations[-1][0].steps]
        return self.case.score_changes(merge_changes(s.changes for s in steps))[1]

    def _steps(self, choice: BestChoice) -> list[ImprovementStep]:
        picked = [index for picks in choice.picks for index in picks]
        flat = [code for some in self.codes for code in some]
        return [s for code, index in zip(flat, picked, strict=True) for s in self.combinations[code][index][0].steps]
