"""From what on the steps of a count should count, where points alone do not explain the published scores. PURE.

First every observed number gets points of its own; the edges that cut these into steps best are a start. What is left
unexplained is tried one edge at a time, and edges that were moved in vain are put back.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

from scoring.engine.sheet import CriterionScore, SubPillarScore
from scoring.results.fitting.points import NO_ERROR, find_least_error, fit_points
from scoring.results.fitting.simplex import NoOptimum
from scoring.results.fitting.unknowns import Chain, Edges, Unknowns, edges_of, is_movable, list_equations
from scoring.scheme.types import Criterion, PointStep

Observed = Sequence[tuple[SubPillarScore, Decimal]]
MAX_TRIES: Final = 120  # programmes solved for one sub-pillar
MOVED: Final = 1.0  # what putting one observed number on another step costs, in points of misfit
ONE: Final = Decimal(1)


@dataclass
class EdgeSearch:
    """Edges of one sub-pillar tried against the same cases."""

    unknowns: Unknowns
    observed: Observed
    tries: int = 0

    def find(self) -> Edges:
        """The edges with the least error; those of the scheme where no others do better."""
        best = edges_of(self.unknowns)
        error = self.error(best)
        if error <= NO_ERROR or not any(self._movable_edges()):
            return best
        start = self._cut(best)
        if start is not None and (found := self.error(start)) < error - NO_ERROR:
            best, error = dict(start), found
        while error > NO_ERROR and self.tries < MAX_TRIES:
            step = self._best_step(best, error)
            if step is None:
                break
            best, error = step
        return self._put_back(best, error)

    def list_others(self, chosen: Edges) -> Iterator[Edges]:
        """Edges that leave no more error than the chosen ones and differ in one of them; only some of many."""
        error, self.tries = self.error(chosen), 0
        for name, index in self._movable_edges():
            for value in self._places(chosen[name], index, self._values(name)):
                tried = {**chosen, name: (*chosen[name][:index], value, *chosen[name][index + 1 :])}
                if self.tries < MAX_TRIES and self.error(tried) <= error + NO_ERROR:
                    yield tried

    def error(self, edges: Edges) -> float:
        """The least error with these edges."""
        self.tries += 1
        try:
            return find_least_error(self.unknowns, *list_equations(self.unknowns, self.observed, edges))
        except NoOptimum:
            return math.inf

    def _movable_edges(self) -> Iterator[tuple[str, int]]:
        for criterion in self.unknowns.criteria.values():
            for index, step in enumerate(criterion.steps):
                if criterion.measure is not None and is_movable(step.points):
                    yield criterion.id, index

    def _best_step(self, edges: Edges, error: float) -> tuple[dict[str, tuple[Decimal, ...]], float] | None:
        """The one edge whose move takes most of the error away."""
        best = None
        for name, index in self._movable_edges():
            for value in self._places(edges[name], index, self._values(name)):
                tried = {**edges, name: (*edges[name][:index], value, *edges[name][index + 1 :])}
                if self.tries < MAX_TRIES and (found := self.error(tried)) < error - NO_ERROR:
                    best, error = tried, found
        return (best, error) if best is not None else None

    def _places(self, edges: Sequence[Decimal], index: int, values: Sequence[Decimal]) -> Iterator[Decimal]:
        """Where an edge could be as well, one for each way to part the observed numbers."""
        low = edges[index - 1] if index else Decimal(-1)
        high = edges[index + 1] if index + 1 < len(edges) else None
        inside = [v for v in values if v > low and (high is None or v < high)]
        cuts = [*inside, inside[-1] + ONE] if inside else []
        for cut in cuts:
            if cut != edges[index] and (high is None or cut < high):
                yield cut

    def _put_back(self, edges: Edges, error: float) -> Edges:
        present = edges_of(self.unknowns)
        kept = dict(edges)
        for name, index in self._movable_edges():
            if kept[name][index] != present[name][index]:
                tried = {**kept, name: (*kept[name][:index], present[name][index], *kept[name][index + 1 :])}
                if all(a < b for a, b in pairwise(tried[name])) and self.error(tried) <= error + NO_ERROR:
                    kept = tried
        return kept

    def _values(self, name: str) -> list[Decimal]:
        found = (c.value for sub, _official in self.observed for c in _find(sub, name))
        return sorted({Decimal(value) for value in found if value is not None})

    def _cut(self, present: Mapping[str, tuple[Decimal, ...]]) -> Edges | None:
        """Edges that cut the numbers, each fitted with points of its own, into the scheme's steps."""
        points, free, criteria = dict(self.unknowns.points), set(self.unknowns.free), dict(self.unknowns.criteria)
        chains = [c for c in self.unknowns.chains if c.slots and criteria[c.slots[0][0]].measure is None]
        for name, criterion in self.unknowns.criteria.items():
            if criterion.measure is None:
                continue
            fine = self._fine(criterion)
            slots = tuple((name, str(index)) for index in range(len(fine)))
            points |= {slot: Fraction(one.points.value) for slot, (one, _free) in zip(slots, fine, strict=True)}
            free = {slot for slot in free if slot[0] != name}
            free |= {slot for slot, (_one, is_free) in zip(slots, fine, strict=True) if is_free}
            chains.append(Chain(slots))
            criteria[name] = replace(criterion, steps=tuple(one for one, _free in fine))
        unknowns = Unknowns(points, frozenset(free), tuple(chains), criteria)
        edges = edges_of(unknowns)
        try:
            fit = fit_points(unknowns, *list_equations(unknowns, self.observed, edges))
        except NoOptimum:
            return None
        cut = {}
        for name, present_edges in present.items():
            told = {v: float(fit.points[name, str(i)]) for i, v in enumerate(edges[name])}
            values = [v for v in self._values(name) if v in told]
            cut[name] = _cut_steps(self.unknowns.criteria[name], present_edges, [(v, told[v]) for v in values])
        return cut

    def _fine(self, criterion: Criterion) -> list[tuple[PointStep, bool]]:
        """A step for each observed number beside the published steps; whether it may move."""
        steps = {s.threshold: (s, False) for s in criterion.steps if not is_movable(s.points)}
        for value in self._values(criterion.id):
            index = _step_of([s.threshold for s in criterion.steps], value)
            above = criterion.steps[index + 1 : index + 2]
            nothing_yet = value > 0 and any(is_movable(s.points) for s in above)
            reached = criterion.steps[index].points
            if value not in steps or nothing_yet:
                is_free = is_movable(reached) or (reached.value == 0 and nothing_yet)
                steps[value] = PointStep(value, reached), is_free
        return [steps[value] for value in sorted(steps)]


def _find(sub: SubPillarScore, name: str) -> Iterator[CriterionScore]:
    return (c for c in sub.walk() if c.id == name)


def _cut_steps(
    criterion: Criterion, present: Sequence[Decimal], told: Sequence[tuple[Decimal, float]]
) -> tuple[Decimal, ...]:
    """The edges that put numbers with the same points on the same step, moving as few numbers as will do."""
    count = len(criterion.steps)
    best: dict[int, tuple[float, tuple[int, ...]]] = {-1: (0.0, ())}  # by step reached so far, cost and steps
    placed = 0
    while placed < len(told):
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        value, _points = told[placed]
        for reached, (cost, steps) in best.items():
            for step in range(max(reached, 0), count):
                if not _may_stand(criterion, present, value, step):
                    continue
                more = cost + _misfit(criterion, told, steps, step) + MOVED * (step != _step_of(present, value))
                if step not in following or more < following[step][0]:
                    following[step] = more, (*steps, step)
        if not following:
            return tuple(present)
        best, placed = following, placed + 1
    steps = min(best.values())[1] if told else ()
    return _edges_from(criterion, present, [(v, s) for (v, _p), s in zip(told, steps, strict=True)])


def _misfit(criterion: Criterion, told: Sequence[tuple[Decimal, float]], steps: Sequence[int], step: int) -> float:
    """How far the next number is from those before it on the same step, or from a published step's points."""
    points = told[len(steps)][1]
    figure = criterion.steps[step].points
    if not is_movable(figure):
        return abs(points - float(figure.value)) * 10
    before = [told[i][1] for i, one in enumerate(steps) if one == step]
    far = abs(points - float(figure.value)) / 100
    return far + (abs(points - before[0]) * 10 if before else 0.0)


def _may_stand(criterion: Criterion, present: Sequence[Decimal], value: Decimal, step: int) -> bool:
    """Whether a number may be on a step: a published step's edge stays where it is."""
    for index, one in enumerate(criterion.steps):
        if not is_movable(one.points) and ((step >= index) != (value >= present[index])):
            return False
    return True


def _step_of(edges: Sequence[Decimal], value: Decimal) -> int:
    return max((i for i, edge in enumerate(edges) if edge <= value), default=0)


def _edges_from(
    criterion: Criterion, present: Sequence[Decimal], placed: Sequence[tuple[Decimal, int]]
) -> tuple[Decimal, ...]:
    """The edges nearest to the present ones by which each number is on its step; the present ones where none are."""
    edges = list(present)
    for index, step in enumerate(criterion.steps):
        if not is_movable(step.points):
            continue
        above = min((v for v, s in placed if s >= index), default=None)
        below = max((v for v, s in placed if s < index), default=None)
        if above is not None and edges[index] > above:
            edges[index] = above
        if below is not None and edges[index] <= below:
            edges[index] = min(below + ONE, above) if above is not None else below + ONE
    rising = all(a < b for a, b in pairwise(edges))
    return tuple(edges) if rising else tuple(present)
