"""Fitting the assumed steps of a scheme to an official result by the least adjustments. PURE.

Only points that are assumed or estimated and that the response reached are moved, as little as possible, between the
steps around them. What is published is never touched; where no move gives the official score, nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from operator import add

from scoring.engine.levels import round_score
from scoring.engine.sheet import CriterionScore, ScoreSheet, SubPillarScore
from scoring.scheme.sourced import SourcedNumber
from scoring.scheme.types import Criterion, ScoringScheme

UNPUBLISHED_ORIGINS = frozenset({"assumed", "estimated"})
ADJUSTMENT_GRID = Decimal(10)  # steps are moved in tens where that is enough
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class StepAdjustment:
    """A step (by its place in the list) or option of a criterion moved from `old` to `new` points."""

    sub_pillar: str
    criterion: str
    key: str
    old: Decimal
    new: Decimal


CostedAdjustments = tuple[Decimal, tuple[StepAdjustment, ...]]  # how far the moves go together, and the moves
Outcomes = dict[Fraction, CostedAdjustments]


@dataclass(frozen=True, slots=True)
class SchemeFit:
    """The adjustments, and the sub-pillars whose official score no adjustment gives."""

    moves: tuple[StepAdjustment, ...]
    unfitted: tuple[str, ...]


def fit_scheme(scheme: ScoringScheme, sheet: ScoreSheet, official: Mapping[str, Decimal]) -> SchemeFit:
    """The least adjustments of assumed steps that give the official sub-pillar scores."""
    criteria = {c.id: c for c in scheme.criteria}
    all_adjustments: list[StepAdjustment] = []
    unfitted: list[str] = []
    for sub in sheet.sub_pillars:
        official_score = official.get(sub.code)
        if (
            sub.external
            or sub.score is None
            or official_score is None
            or round_score(sub.score) == round_score(official_score)
        ):
            continue
        adjustments = _fit_sub_pillar(sub, criteria, round_score(official_score))
        if adjustments is None:
            unfitted.append(sub.code)
        else:
            all_adjustments += adjustments
    return SchemeFit(tuple(all_adjustments), tuple(unfitted))


def _fit_sub_pillar(
    sub: SubPillarScore, criteria: Mapping[str, Criterion], official_score: Decimal
) -> tuple[StepAdjustment, ...] | None:
    """The least adjustments that give `official_score`: all in tens if that is possible, else one to any two places."""
    menus = {c.id: _list_alternatives(sub.code, criteria[c.id], c) for c in sub.walk()}
    in_tens = [
        candidate for value, candidate in _list_outcomes(sub, menus).items() if _round_fraction(value) == official_score
    ]
    candidates = in_tens or list(_list_free_adjustments(sub, menus, criteria, official_score))
    return min(candidates, key=lambda candidate: candidate[0])[1] if candidates else None


def _list_alternatives(code: str, criterion: Criterion, current: CriterionScore) -> Outcomes:
    """What the criterion could give instead, in tens; first as it is, at no cost."""
    points = current.points or ZERO
    outcomes: Outcomes = {Fraction(points): (ZERO, ())}
    key, figure, low, high = _find_reached_step(criterion, current)
    if figure is not None and _is_adjustable(figure):
        for new in (ADJUSTMENT_GRID * n for n in range(11)):
            if low <= new <= high and new != points:
                outcomes[Fraction(new)] = (abs(new - points), (StepAdjustment(code, criterion.id, key, points, new),))
    return outcomes


def _list_outcomes(sub: SubPillarScore, menus: Mapping[str, Outcomes]) -> Outcomes:
    """Every score the sub-pillar or part can have, with the least adjustments that give it."""
    nodes = [menus[c.id] for c in sub.criteria] + [_list_outcomes(p, menus) for p in sub.parts]
    if sub.rule in ("min", "max"):
        choose = min if sub.rule == "min" else max
        outcomes = nodes[0]
        for node in nodes[1:]:
            outcomes = _combine_outcomes(outcomes, node, choose)
        return outcomes
    total_share = sum(map(Fraction, sub.shares), Fraction(0))
    outcomes = {Fraction(0): (ZERO, ())}
    for node, share in zip(nodes, sub.shares, strict=True):
        portion = Fraction(share) / total_share
        outcomes = _combine_outcomes(
            outcomes, {value * portion: adjustments for value, adjustments in node.items()}, add
        )
    return outcomes


def _combine_outcomes(left: Outcomes, right: Outcomes, join: Callable[[Fraction, Fraction], Fraction]) -> Outcomes:
    combined: Outcomes = {}
    for (a, (cost_a, moves_a)), (b, (cost_b, moves_b)) in product(left.items(), right.items()):
        value, cost = join(a, b), cost_a + cost_b
        if value not in combined or cost < combined[value][0]:
            combined[value] = cost, (*moves_a, *moves_b)
    return combined


def _list_free_adjustments(
    sub: SubPillarScore, menus: Mapping[str, Outcomes], criteria: Mapping[str, Criterion], official_score: Decimal
) -> Iterator[CostedAdjustments]:
    """Adjustments in which one criterion takes whatever value is needed and the others move in tens."""
    for current, worth in _list_weights(sub, Fraction(1)):
        key, figure, low, high = _find_reached_step(criteria[current.id], current)
        if figure is None or not _is_adjustable(figure):
            continue
        points = current.points or ZERO
        no_change: Outcomes = {Fraction(0): (ZERO, ())}
        for rest_score, (cost, moves) in _list_outcomes(sub, {**menus, current.id: no_change}).items():
            needed = _round_fraction((Fraction(official_score) - rest_score) / worth)
            if low <= needed <= high and _round_fraction(rest_score + Fraction(needed) * worth) == official_score:
                yield cost + abs(needed - points), (*moves, StepAdjustment(sub.code, current.id, key, points, needed))


def _list_weights(sub: SubPillarScore, worth: Fraction) -> Iterator[tuple[CriterionScore, Fraction]]:
    """What each criterion weighs in a sub-pillar, where it is a mean all the way."""
    if sub.rule in ("min", "max"):
        return
    whole = sum(map(Fraction, sub.shares), Fraction(0))
    portions = [worth * Fraction(s) / whole for s in sub.shares]
    yield from ((c, w) for c, w in zip(sub.criteria, portions, strict=False) if w)
    for part, portion in zip(sub.parts, portions[len(sub.criteria) :], strict=True):
        if portion:
            yield from _list_weights(part, portion)


def _round_fraction(value: Fraction) -> Decimal:
    return round_score(Decimal(value.numerator) / Decimal(value.denominator))


def _is_adjustable(figure: SourcedNumber) -> bool:
    """Whether it may be moved: not published, and not the zero of having nothing."""
    return figure.origin in UNPUBLISHED_ORIGINS and figure.value > 0


def _find_reached_step(
    criterion: Criterion, current: CriterionScore
) -> tuple[str, SourcedNumber | None, Decimal, Decimal]:
    """The step or option that gave the points, and the points below and above it."""
    nothing_reached = "", None, Decimal(0), Decimal(0)
    if criterion.measure is not None and current.value is not None:
        reached = [index for index, step in enumerate(criterion.steps) if step.threshold <= current.value]
        if not reached:
            return nothing_reached
        index, steps = reached[-1], criterion.steps
        low = steps[index - 1].points.value if index else Decimal(0)
        return (
            str(index),
            steps[index].points,
            low,
            _points_above(steps[index + 1].points if index + 1 < len(steps) else None),
        )
    if criterion.choice is None or not current.counted:
        return nothing_reached
    key = current.counted[0].answer_address.rsplit("=", 1)[-1]
    ranked = sorted(criterion.points.values(), key=lambda f: f.value)
    rank = ranked.index(criterion.points[key])
    low = ranked[rank - 1].value if rank else Decimal(0)
    return key, criterion.points[key], low, _points_above(ranked[rank + 1] if rank + 1 < len(ranked) else None)


def _points_above(figure: SourcedNumber | None) -> Decimal:
    return figure.value if figure is not None else Decimal(100)
