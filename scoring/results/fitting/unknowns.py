"""The numbers of a sub-pillar that may move, and the scores of cases as sums of them. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from scoring.engine.sheet import CriterionScore, SubPillarScore
from scoring.results.fitting.types import UNPUBLISHED_ORIGINS
from scoring.scheme.sourced import SourcedNumber
from scoring.scheme.types import Criterion, SubPillarScheme

Slot = tuple[str, str]  # a criterion and its step (by place in the list) or option
Edges = Mapping[str, tuple[Decimal, ...]]  # by criterion, from what on each step counts
HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Form:
    """A score as a constant and multiples of the points of slots."""

    constant: Fraction = Fraction(0)
    parts: Mapping[Slot, Fraction] = field(default_factory=dict)

    def plus(self, other: Form, share: Fraction) -> Form:
        """This and `share` times the other."""
        parts = dict(self.parts)
        for slot, factor in other.parts.items():
            parts[slot] = parts.get(slot, Fraction(0)) + factor * share
        return Form(self.constant + other.constant * share, parts)

    def at(self, points: Mapping[Slot, Fraction]) -> Fraction:
        """Its value with these points."""
        return self.constant + sum((points[slot] * factor for slot, factor in self.parts.items()), Fraction(0))


@dataclass(frozen=True, slots=True)
class Chain:
    """The slots of a criterion from the fewest points to the most; more never gives fewer."""

    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Equation:
    """The score of cases that reach the same slots, and what is published for them, in how many provinces."""

    form: Form
    official: Decimal
    count: int = 1


@dataclass(frozen=True)
class Unknowns:
    """A sub-pillar's slots with their points now; `free`: those that may move."""

    points: Mapping[Slot, Fraction]
    free: frozenset[Slot]
    chains: tuple[Chain, ...]
    criteria: Mapping[str, Criterion]


def list_unknowns(sub: SubPillarScheme) -> Unknowns:
    """Every step and option of a sub-pillar."""
    points: dict[Slot, Fraction] = {}
    free: set[Slot] = set()
    chains = []
    criteria = {c.id: c for c in sub.walk()}
    for criterion in criteria.values():
        figures = _list_figures(criterion)
        for key, figure in figures:
            points[criterion.id, key] = Fraction(figure.value)
            if is_movable(figure):
                free.add((criterion.id, key))
        chains.append(Chain(tuple((criterion.id, key) for key, _figure in figures)))
    return Unknowns(points, frozenset(free), tuple(chains), criteria)


def is_movable(figure: SourcedNumber) -> bool:
    """Whether it may be moved: not published, and not the zero of having nothing."""
    return figure.origin in UNPUBLISHED_ORIGINS and figure.value > 0


def edges_of(unknowns: Unknowns) -> dict[str, tuple[Decimal, ...]]:
    """From what on each step counts now, by criterion."""
    return {c.id: tuple(s.threshold for s in c.steps) for c in unknowns.criteria.values() if c.measure}


def list_equations(
    unknowns: Unknowns, observed: Iterable[tuple[SubPillarScore, Decimal]], edges: Edges
) -> tuple[list[Equation], list[tuple[Form, Form]]]:
    """What the cases say, each kind once; and the sides (not more than) that a lowest or highest one needs."""
    found: dict[tuple[object, Decimal], Equation] = {}
    sides: dict[object, tuple[Form, Form]] = {}
    for sub, official in observed:
        form = _score_form(unknowns, sub, edges, sides)
        key = (form.constant, frozenset(form.parts.items())), official
        known = found.get(key)
        found[key] = replace(known, count=known.count + 1) if known else Equation(form, official)
    return list(found.values()), list(sides.values())


def reached_slot(criterion: Criterion, current: CriterionScore, edges: Edges) -> Slot | None:
    """The step or option that gives the points, by these edges; None where nothing counted."""
    if criterion.measure is not None:
        if current.value is None:
            return None
        reached = [str(index) for index, edge in enumerate(edges[criterion.id]) if edge <= current.value]
        return (criterion.id, reached[-1]) if reached else None
    if criterion.choice is None or not current.counted:
        return None
    return criterion.id, current.counted[0].answer_address.rsplit("=", 1)[-1]


def _list_figures(criterion: Criterion) -> Sequence[tuple[str, SourcedNumber]]:
    if criterion.measure is not None:
        return [(str(index), step.points) for index, step in enumerate(criterion.steps)]
    return sorted(criterion.points.items(), key=lambda pair: pair[1].value)


def _score_form(unknowns: Unknowns, sub: SubPillarScore, edges: Edges, sides: dict[object, tuple[Form, Form]]) -> Form:
    forms = [_criterion_form(unknowns, c, edges) for c in sub.criteria]
    forms += [_score_form(unknowns, part, edges, sides) for part in sub.parts]
    if sub.rule in ("min", "max"):
        choose = max if sub.rule == "max" else min
        best = choose(forms, key=lambda form: form.at(unknowns.points))
        for form in forms:
            if form is not best:
                low, high = (form, best) if sub.rule == "max" else (best, form)
                sides[_key_of(low), _key_of(high)] = low, high
        return best
    whole = sum(map(Fraction, sub.shares), Fraction(0))
    total = Form()
    for form, share in zip(forms, sub.shares, strict=True):
        total = total.plus(form, Fraction(share) / whole)
    return total


def _criterion_form(unknowns: Unknowns, current: CriterionScore, edges: Edges) -> Form:
    criterion = unknowns.criteria[current.id]
    slot = reached_slot(criterion, current, edges)
    if slot is None or slot not in unknowns.points:
        return Form(Fraction(current.points or 0) if criterion.measure is None else Fraction(0))
    return Form(parts={slot: Fraction(1)}) if slot in unknowns.free else Form(unknowns.points[slot])


def _key_of(form: Form) -> object:
    return form.constant, frozenset(form.parts.items())


def walk_pairs(chain: Chain) -> Iterator[tuple[Slot, Slot]]:
    """Neighbours of a chain, the one with fewer points first."""
    yield from zip(chain.slots, chain.slots[1:], strict=False)
