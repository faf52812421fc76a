"""The ways to leave a sub-pillar: every useful combination of its criteria's steps, with effort and true score. PURE.

PURE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod

from scoring.engine.facts import Facts
from scoring.engine.score import joined, score_sub
from scoring.engine.sheet import SubScore
from scoring.planning.optimum.least_effort import Piece, effort_of, shared_by, subsets
from scoring.planning.optimum.steps import Step, Stepper
from scoring.planning.what_if.changes import applied, together
from scoring.scheme.types import Scheme, items_read
from survey.instrument.address import item_id
from survey.instrument.schema import Instrument, Value

MOST = 600  # combinations of entangled criteria that are tried with the engine


@dataclass(frozen=True, slots=True)
class Way:
    """Steps of a sub-pillar or part, their effort, and the points its criteria then have."""

    effort: int
    points: Mapping[str, Decimal]
    steps: tuple[Step, ...] = ()


class WayFinder:
    """Finds the ways of the sub-pillars of one response; each step is proven with the engine."""

    def __init__(
        self, instrument: Instrument, scheme: Scheme, values: Mapping[str, Value], facts: Facts, stepper: Stepper
    ) -> None:
        self.instrument = instrument
        self.scheme = scheme
        self.values = values
        self.facts = facts
        self.stepper = stepper
        self.criteria = {c.id: c for c in scheme.criteria}

    def ways(self, sub: SubScore) -> list[tuple[Way, Decimal]]:
        """The ways that no other beats, least effort first, each with the score of the sub-pillar."""
        return _front(self._ways(sub, sub.code), sub)

    def _ways(self, sub: SubScore, code: str) -> list[Way]:
        own = self._own(sub, code) if sub.criteria else [Way(0, {})]
        fronts = [[way for way, _score in _front(self._ways(part, code), part)] for part in sub.parts]
        return [_both(ways) for ways in product(own, *fronts)]

    def _own(self, sub: SubScore, code: str) -> list[Way]:
        """Combinations of the steps of the criteria that stand directly in a sub-pillar or part."""
        units = [self.stepper.units(self.criteria[c.id], c) for c in sub.criteria]
        hangs = self._hangs_together(sub)
        ways: dict[tuple[tuple[str, frozenset[str]], ...], Way] = {}
        # What serves several criteria is done once, so that each may lean on it.
        for free in subsets(sorted(shared_by(units))):
            for way in self._combined(sub, code, frozenset(free), hangs):
                ways.setdefault(tuple((s.criterion, frozenset(p.key for p in s.pieces)) for s in way.steps), way)
        return list(ways.values())

    def _combined(self, sub: SubScore, code: str, free: frozenset[str], hangs: bool) -> list[Way]:
        """The combinations when some pieces of work are done anyway."""
        now = {c.id: c.points or Decimal(0) for c in sub.criteria}
        menus: list[list[Step]] = []
        entangled = hangs
        for criterion in sub.criteria:
            proven: list[Step] = []
            for step in self.stepper.steps(self.criteria[criterion.id], criterion, free):
                found = self._points([step], code)
                entangled |= any(found[ident] != points for ident, points in now.items() if ident != criterion.id)
                if found[criterion.id] > now[criterion.id]:
                    proven.append(Step(step.criterion, found[criterion.id], step.pieces, step.changes))
            menus.append(proven)
        entangled |= _share(menus)
        whole = prod(len(menu) + 1 for menu in menus)
        out = []
        for picked in product(*([None, *menu] for menu in menus)):
            steps = tuple(s for s in picked if s is not None)
            effort = effort_of(p for s in steps for p in s.pieces)
            if entangled and steps and whole <= MOST:
                points = {i: p for i, p in self._points(steps, code).items() if i in now}
            else:
                points = now | {s.criterion: s.points for s in steps}
            out.append(Way(effort, points, steps))
        return out

    def _hangs_together(self, sub: SubScore) -> bool:
        """Whether one criterion reads an answer that opens or closes what another one reads."""
        read = [self._fields(c.id) for c in sub.criteria]
        openers = [self._openers(fields) for fields in read]
        return any(a & b for at, a in enumerate(openers) for to, b in enumerate(read) if at != to)

    def _fields(self, ident: str) -> frozenset[str]:
        criterion = self.criteria[ident]
        found = items_read(criterion.measure) if criterion.measure else [criterion.choice or ""]
        return frozenset(item_id(address) for address in found if address)

    def _openers(self, fields: Iterable[str]) -> frozenset[str]:
        """The items whose answers decide whether these are on the path, and those that decide about them."""
        out: set[str] = set()
        todo = list(fields)
        while todo:
            item = self.instrument.items[todo.pop()]
            sources = [s.source for s in self.instrument.skips.get(item.id, ())]
            sources += [item_id(a) for a in (item.when.addresses() if item.when else ())]
            if item.parent and item.parent in self.instrument.items:
                sources.append(item.parent)
            todo += [s for s in sources if s not in out]
            out.update(sources)
        return frozenset(out)

    def _points(self, steps: Iterable[Step], code: str) -> dict[str, Decimal]:
        """What the criteria of a sub-pillar give after some steps, by the engine."""
        changes = together(s.changes for s in steps)
        facts = applied(self.instrument, self.values, self.facts, changes)
        found = score_sub(self.instrument, self.scheme, facts, code)
        return {c.id: c.points or Decimal(0) for c in found.walk()}


def _share(menus: Sequence[Sequence[Step]]) -> bool:
    """Whether steps of two criteria touch the same answers or the same pieces of work."""
    seen: set[str] = set()
    for menu in menus:
        mine = {key for step in menu for key in (*step.changes.values, *(p.key for p in step.pieces))}
        if mine & seen:
            return True
        seen |= mine
    return False


def _both(ways: Sequence[Way]) -> Way:
    points: dict[str, Decimal] = {}
    for way in ways:
        points |= way.points
    steps = tuple(s for way in ways for s in way.steps)
    return Way(sum(way.effort for way in ways), points, steps)


def _front(ways: Iterable[Way], sub: SubScore) -> list[tuple[Way, Decimal]]:
    """Ways by effort, without those that give no more than a way of less effort."""
    rated = sorted(((way, joined(sub, way.points)) for way in ways), key=lambda pair: (pair[0].effort, -pair[1]))
    out: list[tuple[Way, Decimal]] = []
    for way, score in rated:
        if not out or score > out[-1][1]:
            out.append((way, score))
    return out


def pieces_of(steps: Iterable[Step]) -> tuple[Piece, ...]:
    """The pieces of work of steps, each once."""
    return tuple({p.key: p for s in steps for p in s.pieces}.values())
