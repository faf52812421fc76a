"""Combining the steps of a sub-pillar's criteria: every useful combination, with effort and exact score. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod

from scoring.engine.facts import ResponseFacts
from scoring.engine.score import combine_points, compute_sub_pillar_score
from scoring.engine.sheet import SubPillarScore
from scoring.planning.optimum.improvement import ImprovementStep
from scoring.planning.optimum.least_effort import find_shared_pieces, list_subsets
from scoring.planning.optimum.steps import StepFinder
from scoring.planning.optimum.work import WorkPiece, sum_effort
from scoring.planning.what_if.changes import apply_changes, merge_changes
from scoring.scheme.measure_types import list_measured_addresses
from scoring.scheme.types import ScoringScheme
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import AnswerValue, CompiledInstrument

MAX_COMBINATIONS = 600  # combinations of entangled criteria that are tried with the engine


@dataclass(frozen=True, slots=True)
class StepCombination:
    """Steps of a sub-pillar or part, their effort, and the points its criteria then have."""

    effort: int
    points: Mapping[str, Decimal]
    steps: tuple[ImprovementStep, ...] = ()


class CombinationFinder:
    """Finds the step combinations of the sub-pillars of one response; each step is verified with the engine."""

    def __init__(
        self,
        instrument: CompiledInstrument,
        scheme: ScoringScheme,
        values: Mapping[str, AnswerValue],
        facts: ResponseFacts,
        step_finder: StepFinder,
        must: frozenset[str] = frozenset(),
    ) -> None:
        self.instrument = instrument
        self.scheme = scheme
        self.values = values
        self.facts = facts
        self.step_finder = step_finder
        self.must = must  # criteria that have to rise
        self.criteria = {c.id: c for c in scheme.criteria}

    def list_combinations(self, sub: SubPillarScore) -> list[tuple[StepCombination, Decimal]]:
        """The combinations that no other beats, least effort first, each with the score of the sub-pillar."""
        return _keep_pareto_front(self._combine_parts(sub, sub.code), sub)

    def _combine_parts(self, sub: SubPillarScore, code: str) -> list[StepCombination]:
        own_combinations = self._combine_criteria(sub, code) if sub.criteria else [StepCombination(0, {})]
        fronts = [
            [combination for combination, _score in _keep_pareto_front(self._combine_parts(part, code), part)]
            for part in sub.parts
        ]
        return [_join_combinations(combinations) for combinations in product(own_combinations, *fronts)]

    def _combine_criteria(self, sub: SubPillarScore, code: str) -> list[StepCombination]:
        """Combinations of the steps of the criteria that are directly in a sub-pillar or part."""
        units = [self.step_finder.list_units(self.criteria[c.id], c) for c in sub.criteria]
        is_dependent = self._is_dependent(sub)
        combinations: dict[tuple[tuple[str, frozenset[str]], ...], StepCombination] = {}
        # What serves several criteria is done once, so that each may lean on it.
        for free_pieces in list_subsets(sorted(find_shared_pieces(units))):
            for combination in self._combine_with_free_pieces(sub, code, frozenset(free_pieces), is_dependent):
                combinations.setdefault(
                    tuple((s.criterion, frozenset(p.key for p in s.pieces)) for s in combination.steps), combination
                )
        return list(combinations.values())

    def _combine_with_free_pieces(
        self, sub: SubPillarScore, code: str, free_pieces: frozenset[str], is_dependent: bool
    ) -> list[StepCombination]:
        """The combinations when some pieces of work are done anyway."""
        current_points = {c.id: c.points or Decimal(0) for c in sub.criteria}
        menus: list[list[ImprovementStep]] = []
        entangled = is_dependent
        for criterion in sub.criteria:
            proven: list[ImprovementStep] = []
            for step in self.step_finder.list_steps(self.criteria[criterion.id], criterion, free_pieces):
                proven_points = self._score_steps([step], code)
                entangled |= any(
                    proven_points[ident] != points for ident, points in current_points.items() if ident != criterion.id
                )
                if proven_points[criterion.id] > current_points[criterion.id]:
                    proven.append(
                        ImprovementStep(step.criterion, proven_points[criterion.id], step.pieces, step.changes)
                    )
            menus.append(proven)
        entangled |= _touch_same_answers(menus)
        combination_count = prod(len(menu) + 1 for menu in menus)
        combinations = []
        for picked in product(*([None, *menu] for menu in menus)):
            steps = tuple(s for s in picked if s is not None)
            effort = sum_effort(p for s in steps for p in s.pieces)
            if entangled and steps and combination_count <= MAX_COMBINATIONS:
                points = {i: p for i, p in self._score_steps(steps, code).items() if i in current_points}
            else:
                points = current_points | {s.criterion: s.points for s in steps}
            if all(points[ident] > current_points[ident] for ident in current_points.keys() & self.must):
                combinations.append(StepCombination(effort, points, steps))
        return combinations

    def _is_dependent(self, sub: SubPillarScore) -> bool:
        """Whether one criterion reads an answer that opens or closes what another one reads."""
        read_items = [self._fields(c.id) for c in sub.criteria]
        openers = [self._openers(fields) for fields in read_items]
        return any(a & b for at, a in enumerate(openers) for to, b in enumerate(read_items) if at != to)

    def _fields(self, ident: str) -> frozenset[str]:
        criterion = self.criteria[ident]
        addresses = list_measured_addresses(criterion.measure) if criterion.measure else [criterion.choice or ""]
        return frozenset(item_id_of(address) for address in addresses if address)

    def _openers(self, fields: Iterable[str]) -> frozenset[str]:
        """The items whose answers decide whether these are on the path, and those that decide about them."""
        openers: set[str] = set()
        to_visit = list(fields)
        while to_visit:
            item = self.instrument.items[to_visit.pop()]
            sources = [s.source for s in self.instrument.skips.get(item.id, ())]
            sources += [item_id_of(a) for a in (item.when.addresses() if item.when else ())]
            if item.parent and item.parent in self.instrument.items:
                sources.append(item.parent)
            to_visit += [s for s in sources if s not in openers]
            openers.update(sources)
        return frozenset(openers)

    def _score_steps(self, steps: Iterable[ImprovementStep], code: str) -> dict[str, Decimal]:
        """What the criteria of a sub-pillar give after some steps, by the engine."""
        changes = merge_changes(s.changes for s in steps)
        facts = apply_changes(self.instrument, self.values, self.facts, changes)
        sub_pillar = compute_sub_pillar_score(self.instrument, self.scheme, facts, code)
        return {c.id: c.points or Decimal(0) for c in sub_pillar.walk()}


def _touch_same_answers(menus: Sequence[Sequence[ImprovementStep]]) -> bool:
    """Whether steps of two criteria touch the same answers or the same pieces of work."""
    seen: set[str] = set()
    for menu in menus:
        menu_keys = {key for step in menu for key in (*step.changes.values, *(p.key for p in step.pieces))}
        if menu_keys & seen:
            return True
        seen |= menu_keys
    return False


def _join_combinations(combinations: Sequence[StepCombination]) -> StepCombination:
    points: dict[str, Decimal] = {}
    for combination in combinations:
        points |= combination.points
    steps = tuple(s for combination in combinations for s in combination.steps)
    return StepCombination(sum(combination.effort for combination in combinations), points, steps)


def _keep_pareto_front(
    combinations: Iterable[StepCombination], sub: SubPillarScore
) -> list[tuple[StepCombination, Decimal]]:
    """Combinations by effort, without those that give no more than one of less effort."""
    rated_combinations = sorted(
        ((combination, combine_points(sub, combination.points)) for combination in combinations),
        key=lambda pair: (pair[0].effort, -pair[1]),
    )
    front: list[tuple[StepCombination, Decimal]] = []
    for combination, score in rated_combinations:
        if not front or score > front[-1][1]:
            front.append((combination, score))
    return front


def list_pieces(steps: Iterable[ImprovementStep]) -> tuple[WorkPiece, ...]:
    """The pieces of work of steps, each once."""
    return tuple({p.key: p for s in steps for p in s.pieces}.values())
