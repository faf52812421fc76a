"""Fitting assumed steps to an official result: a new version of the scheme as a file for review. PURE.

Only points that are assumed or estimated and that the response reached are moved, as little as possible, between the
steps around them. What is published is never touched; where no move gives the official score, nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from operator import add
from typing import Any

import yaml

from scoring.engine.levels import round_score
from scoring.engine.sheet import CriterionScore, ScoreSheet, SubPillarScore
from scoring.scheme.types import Criterion, ScoringScheme, SourcedNumber

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
    """The moves, and the sub-pillars whose official score no move of assumed steps gives."""

    moves: tuple[StepAdjustment, ...]
    unfitted: tuple[str, ...]


def fit_scheme(scheme: ScoringScheme, sheet: ScoreSheet, official: Mapping[str, Decimal]) -> SchemeFit:
    """The least moves of assumed steps that give the official sub-pillar scores."""
    criteria = {c.id: c for c in scheme.criteria}
    moves: list[StepAdjustment] = []
    unfitted: list[str] = []
    for sub in sheet.sub_pillars:
        wanted = official.get(sub.code)
        if sub.external or sub.score is None or wanted is None or round_score(sub.score) == round_score(wanted):
            continue
        found = _fit_sub_pillar(sub, criteria, round_score(wanted))
        if found is None:
            unfitted.append(sub.code)
        else:
            moves += found
    return SchemeFit(tuple(moves), tuple(unfitted))


def _fit_sub_pillar(
    sub: SubPillarScore, criteria: Mapping[str, Criterion], wanted: Decimal
) -> tuple[StepAdjustment, ...] | None:
    """The cheapest moves that give `wanted`: all in tens if that is possible, else one to any two places."""
    menus = {c.id: _list_alternatives(sub.code, criteria[c.id], c) for c in sub.walk()}
    in_tens = [way for value, way in _list_outcomes(sub, menus).items() if _round_fraction(value) == wanted]
    found = in_tens or list(_list_free_adjustments(sub, menus, criteria, wanted))
    return min(found, key=lambda way: way[0])[1] if found else None


def _list_alternatives(code: str, criterion: Criterion, now: CriterionScore) -> Outcomes:
    """What the criterion could give instead, in tens; first as it is, at no cost."""
    points = now.points or ZERO
    out: Outcomes = {Fraction(points): (ZERO, ())}
    key, figure, low, high = _find_reached_step(criterion, now)
    if figure is not None and _is_adjustable(figure):
        for new in (ADJUSTMENT_GRID * n for n in range(11)):
            if low <= new <= high and new != points:
                out[Fraction(new)] = (abs(new - points), (StepAdjustment(code, criterion.id, key, points, new),))
    return out


def _list_outcomes(sub: SubPillarScore, menus: Mapping[str, Outcomes]) -> Outcomes:
    """Every score the sub-pillar or part can have, with the least moves that give it."""
    nodes = [menus[c.id] for c in sub.criteria] + [_list_outcomes(p, menus) for p in sub.parts]
    if sub.rule in ("min", "max"):
        choose = min if sub.rule == "min" else max
        out = nodes[0]
        for node in nodes[1:]:
            out = _combine_outcomes(out, node, choose)
        return out
    whole = sum(map(Fraction, sub.shares), Fraction(0))
    out = {Fraction(0): (ZERO, ())}
    for node, share in zip(nodes, sub.shares, strict=True):
        portion = Fraction(share) / whole
        out = _combine_outcomes(out, {value * portion: way for value, way in node.items()}, add)
    return out


def _combine_outcomes(one: Outcomes, other: Outcomes, join: Callable[[Fraction, Fraction], Fraction]) -> Outcomes:
    out: Outcomes = {}
    for (a, (cost_a, moves_a)), (b, (cost_b, moves_b)) in product(one.items(), other.items()):
        value, cost = join(a, b), cost_a + cost_b
        if value not in out or cost < out[value][0]:
            out[value] = cost, (*moves_a, *moves_b)
    return out


def _list_free_adjustments(
    sub: SubPillarScore, menus: Mapping[str, Outcomes], criteria: Mapping[str, Criterion], wanted: Decimal
) -> Iterator[CostedAdjustments]:
    """Ways in which one criterion takes whatever value is needed and the others move in tens."""
    for now, worth in _list_weights(sub, Fraction(1)):
        key, figure, low, high = _find_reached_step(criteria[now.id], now)
        if figure is None or not _is_adjustable(figure):
            continue
        points = now.points or ZERO
        nothing: Outcomes = {Fraction(0): (ZERO, ())}
        for rest, (cost, moves) in _list_outcomes(sub, {**menus, now.id: nothing}).items():
            needed = _round_fraction((Fraction(wanted) - rest) / worth)
            if low <= needed <= high and _round_fraction(rest + Fraction(needed) * worth) == wanted:
                yield cost + abs(needed - points), (*moves, StepAdjustment(sub.code, now.id, key, points, needed))


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


def _find_reached_step(criterion: Criterion, now: CriterionScore) -> tuple[str, SourcedNumber | None, Decimal, Decimal]:
    """The step or option that gave the points, and the points below and above it."""
    none = "", None, Decimal(0), Decimal(0)
    if criterion.measure is not None and now.value is not None:
        reached = [at for at, step in enumerate(criterion.steps) if step.at <= now.value]
        if not reached:
            return none
        at, steps = reached[-1], criterion.steps
        low = steps[at - 1].points.value if at else Decimal(0)
        return str(at), steps[at].points, low, _points_above(steps[at + 1].points if at + 1 < len(steps) else None)
    if criterion.choice is None or not now.counted:
        return none
    key = now.counted[0].thing.rsplit("=", 1)[-1]
    ranked = sorted(criterion.points.values(), key=lambda f: f.value)
    place = ranked.index(criterion.points[key])
    low = ranked[place - 1].value if place else Decimal(0)
    return key, criterion.points[key], low, _points_above(ranked[place + 1] if place + 1 < len(ranked) else None)


def _points_above(figure: SourcedNumber | None) -> Decimal:
    return figure.value if figure is not None else Decimal(100)


# -- the new version as a file --------------------------------------------------------------------


def write_fitted_scheme(text: str, found: SchemeFit, source_th: str, source_en: str) -> str:
    """The scheme's file with the moves, one version on; every moved number says that it is fitted and to what."""
    data = yaml.safe_load(text)
    moves = {(m.criterion, m.key): m for m in found.moves}
    for node in _walk_criteria(data["sub_pillars"].values()):
        for (ident, key), move in moves.items():
            if node["id"] != ident:
                continue
            new = [_format_points(move.new), "estimated", {"th": source_th, "en": source_en}]
            if "steps" in node:
                steps = list(node["steps"])  # an anchor may share them with other criteria
                steps[int(key)] = [steps[int(key)][0], *new]
                node["steps"] = steps
            else:
                node["points"] = {**node["points"], key: new}
    data["version"] = int(data["version"]) + 1
    head = f"# Version {data['version']}: assumed steps fitted to an official result, to be reviewed. {source_en}\n"
    return head + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)


def _format_points(value: Decimal) -> int | str:
    return int(value) if value == value.to_integral_value() else f"{value:f}"


def _walk_criteria(nodes: Sequence[Any] | Any) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield from node.get("criteria", ())
        yield from _walk_criteria(node.get("parts", {}).values())
