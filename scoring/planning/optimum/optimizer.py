"""The optimiser of one case: the best choice of steps for a target or a budget. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.engine.sheet import ScoreSheet, SubPillarScore
from scoring.planning.optimum.goals import GoalBuilder, build_options, compute_gain_scale
from scoring.planning.optimum.improvement import ImprovementStep
from scoring.planning.optimum.must_works import build_step_finder, join_steps, split_must_works
from scoring.planning.optimum.piece_rules import WorkLimits
from scoring.planning.optimum.plan_types import PlanningCase, PlanNotPossible, PlanTarget
from scoring.planning.optimum.search import BestChoice, EffortOption, PlanGoal, search_best_choice, search_frontier
from scoring.planning.optimum.step_combinations import CombinationFinder, StepCombination
from scoring.planning.optimum.work import sum_effort
from scoring.planning.what_if.changes import merge_changes
from survey.instrument.schema import LocalizedText

Picks = dict[str, int]  # of each sub-pillar the option taken
PillarOptions = list[list[list[EffortOption]]]
Combinations = Mapping[str, list[tuple[StepCombination, Decimal]]]

MUST_NOT_POSSIBLE = LocalizedText("เรื่องที่ต้องทำไม่มีงานที่วางแผนได้", "What must be raised has no work that can be planned")


def list_step_combinations(
    case: PlanningCase, limits: WorkLimits | None = None, must: frozenset[str] = frozenset()
) -> dict[str, list[tuple[StepCombination, Decimal]]]:
    """The step combinations of every sub-pillar that has a score, by code; the first is the least there is to do.

    `must`: criteria that have to rise.
    """
    step_finder = build_step_finder(case, limits or WorkLimits())
    finder = CombinationFinder(case.instrument, case.scheme, case.values, case.facts, step_finder, must)
    return {s.code: _list_combinations(finder, s) for s in case.sheet.sub_pillars if s.score is not None}


def _list_combinations(finder: CombinationFinder, sub: SubPillarScore) -> list[tuple[StepCombination, Decimal]]:
    if sub.external:
        assert sub.score is not None
        return [(StepCombination(0, {}), sub.score)]
    return finder.list_combinations(sub)


class PlanOptimizer:
    """The optimiser of one case within limits: the step combinations of its sub-pillars as options.

    `first`: steps that the plan must hold; the options go on from there. Raises PlanNotPossible when the limits
    cannot be kept.
    """

    def __init__(self, case: PlanningCase, limits: WorkLimits | None = None) -> None:
        limits = limits or WorkLimits()
        self.first, must = split_must_works(case, limits)
        self.case = case.after(merge_changes(s.changes for s in self.first)) if self.first else case
        risen = _list_risen(case, self.case)
        self.first_effort = sum_effort(p for s in self.first for p in s.pieces)
        self.combinations: Combinations = list_step_combinations(self.case, limits, must - risen)
        self._check_must(must - risen)
        self.scale = compute_gain_scale(case.scheme)
        pillars = [
            (p.number, [s.code for s in p.sub_pillars if s.code in self.combinations]) for p in case.sheet.pillars
        ]
        pillars = [(number, some) for number, some in pillars if some]
        self.codes = [some for _number, some in pillars]
        scores = {code: [score for _way, score in some] for code, some in self.combinations.items()}
        self.options = self._build_options(scores)
        self.goals = GoalBuilder(self.case, self.scale, {number: at for at, (number, _some) in enumerate(pillars)})

    def _check_must(self, must: frozenset[str]) -> None:
        owners = {c.id: s.code for s in self.case.sheet.sub_pillars for c in s.walk()}
        for ident in sorted(must):
            if not self.combinations.get(owners[ident]):
                names = {c.id: c.name for c in self.case.sheet.criteria}
                why, name = MUST_NOT_POSSIBLE, names[ident]
                raise PlanNotPossible(LocalizedText(f"{why.th}: {name.th}", f"{why.en}: {name.en}"))

    def best(self, target: PlanTarget) -> list[ImprovementStep] | None:
        """The steps of the best plan for a target; None: it cannot be reached. Raises PlanNotPossible."""
        if target.is_budget:
            return self.most(target.effort)
        choice = self._search_target(target, self.options)
        if choice is None or (target.effort is not None and choice.effort + self.first_effort > target.effort):
            return None
        return self.list_steps(self._name(choice))

    def pick(self, target: PlanTarget, scores: Mapping[str, Sequence[Decimal]] | None = None) -> Picks | None:
        """The options of the best plan for a target whatever it takes, perhaps by other scores of the options."""
        options = self.options if scores is None else self._build_options(scores)
        choice = self._search_target(target, options)
        return None if choice is None else self._name(choice)

    def list_steps(self, picks: Picks) -> list[ImprovementStep]:
        """The steps of a choice of options, with those that the plan must hold."""
        then = [s for some in self.codes for code in some for s in self.combinations[code][picks[code]][0].steps]
        return join_steps(self.first, then) if self.first else then

    def most(self, budget: int | None) -> list[ImprovementStep]:
        """The steps that bring the most, within a budget if there is one. Raises PlanNotPossible."""
        total_effort = sum(max(o.effort for o in options) for some in self.options for options in some)
        left = total_effort if budget is None else budget - self.first_effort
        choice = self._search(PlanGoal(budget=left)) if left >= 0 else None
        if choice is None:
            text = LocalizedText("งานที่ต้องทำใช้เวลามากกว่าที่มี", "What must be done takes more than there is.")
            raise PlanNotPossible(text)
        return self.list_steps(self._name(choice))

    def highest(self) -> ScoreSheet:
        """The score once all work that can be planned is done."""
        steps = [s for combinations in self.combinations.values() for s in combinations[-1][0].steps]
        return self.case.score_changes(merge_changes(s.changes for s in steps))[1]

    def list_frontier(self) -> list[tuple[int, Decimal]]:
        """What effort buys: efforts, with the most points of the total they can reach."""
        per_point = self.goals.gain_per_point
        front = search_frontier(self.options, self.case.scheme.levels)
        return [(effort + self.first_effort, _to_decimal(Fraction(gain) / per_point)) for effort, gain in front]

    def _search(self, goal: PlanGoal) -> BestChoice | None:
        return search_best_choice(self.options, self.case.scheme.levels, goal)

    def _search_target(self, target: PlanTarget, options: PillarOptions) -> BestChoice | None:
        rule = self.case.scheme.levels
        choices = [search_best_choice(options, rule, goal) for goal in self.goals.list_goals(target)]
        return min((c for c in choices if c is not None), key=lambda c: (c.effort, -c.gain), default=None)

    def _build_options(self, scores: Mapping[str, Sequence[Decimal]]) -> PillarOptions:
        scheme = self.case.scheme

        def build(code: str) -> list[EffortOption]:
            ways = [way for way, _score in self.combinations[code]]
            return build_options(scheme, code, list(zip(ways, scores[code], strict=True)), self.scale)

        return [[build(code) for code in some] for some in self.codes]

    def _name(self, choice: BestChoice) -> Picks:
        flat = [code for some in self.codes for code in some]
        return dict(zip(flat, (index for picks in choice.picks for index in picks), strict=True))


def _list_risen(before: PlanningCase, after: PlanningCase) -> frozenset[str]:
    """The criteria that have more points after."""
    earlier = {c.id: c.points or Decimal(0) for c in before.sheet.criteria}
    return frozenset(c.id for c in after.sheet.criteria if (c.points or Decimal(0)) > earlier[c.id])


def _to_decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)
