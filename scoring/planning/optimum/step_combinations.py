"""The ways to leave a sub-pillar: every useful combination of its criteria's steps, with effort and true score. PURE.

PURE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod

from scoring.engine.facts import ResponseFacts
from scoring.engine.score import combine_points, compute_sub_pillar_score
from scoring.engine.sheet import SubPillarScore
from scoring.planning.optimum.least_effort import WorkPiece, find_shared_pieces, list_subsets, sum_effort
from scoring.planning.optimum.steps import ImprovementStep, StepFinder
from scoring.planning.what_if.changes import apply_changes, merge_changes
from scoring.scheme.types import ScoringScheme, list_measured_addresses
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
    """Finds the ways of the sub-pillars of one response; each step is proven with the engine."""

    def __init__(
        self,
        instrument: CompiledInstrument,
        scheme: ScoringScheme,
        values: Mapping[str, AnswerValue],
        facts: ResponseFacts,
        stepper: StepFinder,
    ) -> None:
        self.instrument = instrument
        self.scheme = scheme
        self.values = values
        self.facts = facts
        self.stepper = stepper
        self.criteria = {c.id: c for c in scheme.criteria}

    def ways(self, sub: SubPillarScore) -> list[tuple[StepCombination, Decimal]]:
        """The ways that no other beats, least effort first, each with the score of the sub-pillar."""
        return _keep_pareto_front(self._ways(sub, sub.code), sub)

    def _ways(self, sub: SubPillarScore, code: str) -> list[StepCombination]:
        own = self._own(sub, code) if sub.criteria else [StepCombination(0, {})]
        fronts = [[way for way, _score in _keep_pareto_front(self._ways(part, code), part)] for part in sub.parts]
        return [_join_combinations(ways) for ways in product(own, *fronts)]

    def _own(self, sub: SubPillarScore, code: str) -> list[StepCombination]:
        """Combinations of the steps of the criteria that stand directly in a sub-pillar or part."""
        units = [self.stepper.units(self.criteria[c.id], c) for c in sub.criteria]
        hangs = self._hangs_together(sub)
        ways: dict[tuple[tuple[str, frozenset[str]], ...], StepCombination] = {}
        # What serves several criteria is done once, so that each may lean on it.
        for free in list_subsets(sorted(find_shared_pieces(units))):
            for way in self._combined(sub, code, frozenset(free), hangs):
                ways.setdefault(tuple((s.criterion, frozenset(p.key for p in s.pieces)) for s in way.steps), way)
        return list(ways.values())

    def _combined(self, sub: SubPillarScore, code: str, free: frozenset[str], hangs: bool) -> list[StepCombination]:
        """The combinations when some pieces of work are done anyway."""
        now = {c.id: c.points or Decimal(0) for c in sub.criteria}
        menus: list[list[ImprovementStep]] = []
        entangled = hangs
        for criterion in sub.criteria:
            proven: list[ImprovementStep] = []
            for step in self.stepper.steps(self.criteria[criterion.id], criterion, free):
                found = self._points([step], code)
                entangled |= any(found[ident] != points for ident, points in now.items() if ident != criterion.id)
                if found[criterion.id] > now[criterion.id]:
                    proven.append(ImprovementStep(step.criterion, found[criterion.id], step.pieces, step.changes))
            menus.append(proven)
        entangled |= _touch_same_answers(menus)
        whole = prod(len(menu) + 1 for menu in menus)
        out = []
        for picked in product(*([None, *menu] for menu in menus)):
            steps = tuple(s for s in picked if s is not None)
            effort = sum_effort(p for s in steps for p in s.pieces)
            if entangled and steps and whole <= MAX_COMBINATIONS:
                points = {i: p for i, p in self._points(steps, code).items() if i in now}
            else:
                points = now | {s.criterion: s.points for s in steps}
            out.append(StepCombination(effort, points, steps))
        return out

    def _hangs_together(self, sub: SubPillarScore) -> bool:
        """Whether one criterion reads an answer that opens or closes what another one reads."""
        read = [self._fields(c.id) for c in sub.criteria]
        openers = [self._openers(fields) for fields in read]
        return any(a & b for at, a in enumerate(openers) for to, b in enumerate(read) if at != to)

    def _fields(self, ident: str) -> frozenset[str]:
        criterion = self.criteria[ident]
        found = list_measured_addresses(criterion.measure) if criterion.measure else [criterion.choice or ""]
        return frozenset(item_id_of(address) for address in found if address)

    def _openers(self, fields: Iterable[str]) -> frozenset[str]:
        """The items whose answers decide whether these are on the path, and those that decide about them."""
        out: set[str] = set()
        todo = list(fields)
        while todo:
            item = self.instrument.items[todo.pop()]
            sources = [s.source for s in self.instrument.skips.get(item.id, ())]
            sources += [item_id_of(a) for a in (item.when.addresses() if item.when else ())]
            if item.parent and item.parent in self.instrument.items:
                sources.append(item.parent)
            todo += [s for s in sources if s not in out]
            out.update(sources)
        return frozenset(out)

    def _points(self, steps: Iterable[ImprovementStep], code: str) -> dict[str, Decimal]:
        """What the criteria of a sub-pillar give after some steps, by the engine."""
        changes = merge_changes(s.changes for s in steps)
        facts = apply_changes(self.instrument, self.values, self.facts, changes)
        found = compute_sub_pillar_score(self.instrument, self.scheme, facts, code)
        return {c.id: c.points or Decimal(0) for c in found.walk()}


def _touch_same_answers(menus: Sequence[Sequence[ImprovementStep]]) -> bool:
    """Whether steps of two criteria touch the same answers or the same pieces of work."""
    seen: set[str] = set()
    for menu in menus:
        mine = {key for step in menu for key in (*step.changes.values, *(p.key for p in step.pieces))}
        if mine & seen:
            return True
        seen |= mine
    return False


def _join_combinations(ways: Sequence[StepCombination]) -> StepCombination:
    points: dict[str, Decimal] = {}
    for way in ways:
        points |= way.points
    steps = tuple(s for way in ways for s in way.steps)
    return StepCombination(sum(way.effort for way in ways), points, steps)


def _keep_pareto_front(ways: Iterable[StepCombination], sub: SubPillarScore) -> list[tuple[StepCombination, Decimal]]:
    """Ways by effort, without those that give no more than a way of less effort."""
    rated = sorted(
        ((way, combine_points(sub, way.points)) for way in ways), key=lambda pair: (pair[0].effort, -pair[1])
    )
    out: list[tuple[StepCombination, Decimal]] = []
    for way, score in rated:
        if not out or score > out[-1][1]:
            out.append((way, score))
    return out


def list_pieces(steps: Iterable[ImprovementStep]) -> tuple[WorkPiece, ...]:
    """The pieces of work of steps, each once."""
    return tuple({p.key: p for s in steps for p in s.pieces}.values())
