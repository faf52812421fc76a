"""Searching the cheapest plan that reaches its target with a probability. PURE.

The optimiser is asked for plans that reach the target even with scores that each option falls short of only so often;
the more cautious, the likelier. Each is judged under all drawn readings, and what it does not need is taken off again.
Where there are few choices all are tried. A plan found keeps its promise; of many choices it may not be the cheapest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from scoring.planning.optimum.chances import OptionChances
from scoring.planning.optimum.optimizer import Picks, PlanOptimizer
from scoring.planning.optimum.plan_types import PlanTarget

MAX_TRIED = 1500  # choices of which every one is judged
CAUTIONS = (0.5, 0.35, 0.2, 0.1, 0.05, 0.02, 0.0)  # how often an option may fall short, ever less
REFINEMENTS = 2  # plans tried between two cautions
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class LikelyPlan:
    """A choice of options with its effort and its probability of reaching the target."""

    picks: Picks
    effort: int
    chance: float


def find_likely_plan(board: PlanOptimizer, target: PlanTarget, wanted: float) -> LikelyPlan:
    """The cheapest plan found with at least the wanted probability; if there is none, the likeliest. Raises
    PlanNotPossible as the optimiser does.
    """
    chances = OptionChances(board.case, board.combinations)
    budget = None if target.effort is None else target.effort - board.first_effort
    if prod(len(some) for some in board.combinations.values()) <= MAX_TRIED:
        tried = [_judge(chances, picks, target) for picks in _list_all(board)]
    else:
        tried = _list_cautious(board, chances, target, wanted)
        worth_it = _choose(tried, wanted)
        tried += [_take_off(chances, plan, target, min(wanted, plan.chance)) for plan in worth_it]
    affordable = [p for p in tried if budget is None or p.effort <= budget]
    if not affordable:
        affordable = [_judge(chances, dict.fromkeys(board.combinations, 0), target)]
    enough = [p for p in affordable if p.chance >= wanted - TOLERANCE]
    if enough:
        return min(enough, key=lambda p: (p.effort, -p.chance))
    return max(affordable, key=lambda p: (p.chance, -p.effort))


def _judge(chances: OptionChances, picks: Picks, target: PlanTarget) -> LikelyPlan:
    return LikelyPlan(picks, chances.effort(picks), chances.chance(picks, target))


def _list_all(board: PlanOptimizer) -> Iterator[Picks]:
    codes = list(board.combinations)
    for picked in product(*(range(len(board.combinations[code])) for code in codes)):
        yield dict(zip(codes, picked, strict=True))


def _list_cautious(board: PlanOptimizer, chances: OptionChances, target: PlanTarget, wanted: float) -> list[LikelyPlan]:
    """Plans by ever more cautious scores until one is likely enough, with those just less cautious than it."""
    none = dict.fromkeys(board.combinations, 0)
    everything = {code: len(some) - 1 for code, some in board.combinations.items()}
    tried = [_judge(chances, picks, target) for picks in (none, everything)]
    if (best := board.pick(target)) is not None:
        tried.append(_judge(chances, best, target))
    less = 0.75

    def attempt(caution: float) -> bool | None:
        """Whether the plan by such scores is likely enough; None: there is none."""
        picks = board.pick(target, chances.cautious_scores(caution))
        if picks is None:
            return None
        tried.append(_judge(chances, picks, target))
        return tried[-1].chance >= wanted - TOLERANCE

    for caution in CAUTIONS:
        if (is_enough := attempt(caution)) is not False:
            for _time in range(REFINEMENTS):
                between = (less + caution) / 2
                if attempt(between) is False:
                    less = between
                else:
                    caution = between
            if is_enough:
                break
        less = caution
    return tried


def _choose(plans: Sequence[LikelyPlan], wanted: float) -> list[LikelyPlan]:
    """Those worth improving: the cheapest two that are likely enough, else the likeliest."""
    enough = sorted((p for p in plans if p.chance >= wanted - TOLERANCE), key=lambda p: (p.effort, -p.chance))
    return enough[:2] or [max(plans, key=lambda p: (p.chance, -p.effort))]


def _take_off(chances: OptionChances, plan: LikelyPlan, target: PlanTarget, wanted: float) -> LikelyPlan:
    """The plan without what its probability does not need: what saves most effort first, until nothing can go."""
    while True:
        lesser = [{**plan.picks, code: lower} for code, at in plan.picks.items() for lower in range(at)]
        judged = (_judge(chances, picks, target) for picks in sorted(lesser, key=chances.effort))
        found = next((p for p in judged if p.chance >= wanted - TOLERANCE), None)
        if found is None:
            return plan
        plan = found
