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

from scoring.engine.levels import cents
from scoring.engine.sheet import CriterionScore, ScoreSheet, SubScore
from scoring.scheme.types import Criterion, Figure, Scheme

SOFT = frozenset({"assumed", "estimated"})
GRID = Decimal(10)  # steps are moved in tens where that is enough
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Move:
    """A step (by its place in the list) or option of a criterion moved from `old` to `new` points."""

    sub_pillar: str
    criterion: str
    key: str
    old: Decimal
    new: Decimal


Way = tuple[Decimal, tuple[Move, ...]]  # how far the moves go together, and the moves
Outcomes = dict[Fraction, Way]


@dataclass(frozen=True, slots=True)
class Fit:
    """The moves, and the sub-pillars whose official score no move of assumed steps gives."""

    moves: tuple[Move, ...]
    unfitted: tuple[str, ...]


def fit(scheme: Scheme, sheet: ScoreSheet, official: Mapping[str, Decimal]) -> Fit:
    """The least moves of assumed steps that give the official sub-pillar scores."""
    criteria = {c.id: c for c in scheme.criteria}
    moves: list[Move] = []
    unfitted: list[str] = []
    for sub in sheet.sub_pillars:
        wanted = official.get(sub.code)
        if sub.external or sub.score is None or wanted is None or cents(sub.score) == cents(wanted):
            continue
        found = _fit_sub(sub, criteria, cents(wanted))
        if found is None:
            unfitted.append(sub.code)
        else:
            moves += found
    return Fit(tuple(moves), tuple(unfitted))


def _fit_sub(sub: SubScore, criteria: Mapping[str, Criterion], wanted: Decimal) -> tuple[Move, ...] | None:
    """The cheapest moves that give `wanted`: all in tens if that is possible, else one to any two places."""
    menus = {c.id: _menu(sub.code, criteria[c.id], c) for c in sub.walk()}
    in_tens = [way for value, way in _outcomes(sub, menus).items() if _cents(value) == wanted]
    found = in_tens or list(_with_one_free(sub, menus, criteria, wanted))
    return min(found, key=lambda way: way[0])[1] if found else None


def _menu(code: str, criterion: Criterion, now: CriterionScore) -> Outcomes:
    """What the criterion could give instead, in tens; first as it is, at no cost."""
    points = now.points or ZERO
    out: Outcomes = {Fraction(points): (ZERO, ())}
    key, figure, low, high = _reached(criterion, now)
    if figure is not None and _is_soft(figure):
        for new in (GRID * n for n in range(11)):
            if low <= new <= high and new != points:
                out[Fraction(new)] = (abs(new - points), (Move(code, criterion.id, key, points, new),))
    return out


def _outcomes(sub: SubScore, menus: Mapping[str, Outcomes]) -> Outcomes:
    """Every score the sub-pillar or part can have, with the least moves that give it."""
    nodes = [menus[c.id] for c in sub.criteria] + [_outcomes(p, menus) for p in sub.parts]
    if sub.rule in ("min", "max"):
        choose = min if sub.rule == "min" else max
        out = nodes[0]
        for node in nodes[1:]:
            out = _joined(out, node, choose)
        return out
    whole = sum(map(Fraction, sub.shares), Fraction(0))
    out = {Fraction(0): (ZERO, ())}
    for node, share in zip(nodes, sub.shares, strict=True):
        portion = Fraction(share) / whole
        out = _joined(out, {value * portion: way for value, way in node.items()}, add)
    return out


def _joined(one: Outcomes, other: Outcomes, join: Callable[[Fraction, Fraction], Fraction]) -> Outcomes:
    out: Outcomes = {}
    for (a, (cost_a, moves_a)), (b, (cost_b, moves_b)) in product(one.items(), other.items()):
        value, cost = join(a, b), cost_a + cost_b
        if value not in out or cost < out[value][0]:
            out[value] = cost, (*moves_a, *moves_b)
    return out


def _with_one_free(
    sub: SubScore, menus: Mapping[str, Outcomes], criteria: Mapping[str, Criterion], wanted: Decimal
) -> Iterator[Way]:
    """Ways in which one criterion takes whatever value is needed and the others move in tens."""
    for now, worth in _worths(sub, Fraction(1)):
        key, figure, low, high = _reached(criteria[now.id], now)
        if figure is None or not _is_soft(figure):
            continue
        points = now.points or ZERO
        nothing: Outcomes = {Fraction(0): (ZERO, ())}
        for rest, (cost, moves) in _outcomes(sub, {**menus, now.id: nothing}).items():
            needed = _cents((Fraction(wanted) - rest) / worth)
            if low <= needed <= high and _cents(rest + Fraction(needed) * worth) == wanted:
                yield cost + abs(needed - points), (*moves, Move(sub.code, now.id, key, points, needed))


def _worths(sub: SubScore, worth: Fraction) -> Iterator[tuple[CriterionScore, Fraction]]:
    """What each criterion weighs in a sub-pillar, where it is a mean all the way."""
    if sub.rule in ("min", "max"):
        return
    whole = sum(map(Fraction, sub.shares), Fraction(0))
    portions = [worth * Fraction(s) / whole for s in sub.shares]
    yield from ((c, w) for c, w in zip(sub.criteria, portions, strict=False) if w)
    for part, portion in zip(sub.parts, portions[len(sub.criteria) :], strict=True):
        if portion:
            yield from _worths(part, portion)


def _cents(value: Fraction) -> Decimal:
    return cents(Decimal(value.numerator) / Decimal(value.denominator))


def _is_soft(figure: Figure) -> bool:
    """Whether it may be moved: not published, and not the zero of having nothing."""
    return figure.origin in SOFT and figure.value > 0


def _reached(criterion: Criterion, now: CriterionScore) -> tuple[str, Figure | None, Decimal, Decimal]:
    """The step or option that gave the points, and the points below and above it."""
    none = "", None, Decimal(0), Decimal(0)
    if criterion.measure is not None and now.value is not None:
        reached = [at for at, step in enumerate(criterion.steps) if step.at <= now.value]
        if not reached:
            return none
        at, steps = reached[-1], criterion.steps
        low = steps[at - 1].points.value if at else Decimal(0)
        return str(at), steps[at].points, low, _above(steps[at + 1].points if at + 1 < len(steps) else None)
    if criterion.choice is None or not now.counted:
        return none
    key = now.counted[0].thing.rsplit("=", 1)[-1]
    ranked = sorted(criterion.points.values(), key=lambda f: f.value)
    place = ranked.index(criterion.points[key])
    low = ranked[place - 1].value if place else Decimal(0)
    return key, criterion.points[key], low, _above(ranked[place + 1] if place + 1 < len(ranked) else None)


def _above(figure: Figure | None) -> Decimal:
    return figure.value if figure is not None else Decimal(100)


# -- the new version as a file --------------------------------------------------------------------


def fitted_text(text: str, found: Fit, source_th: str, source_en: str) -> str:
    """The scheme's file with the moves, one version on; every moved number says that it is fitted and to what."""
    data = yaml.safe_load(text)
    moves = {(m.criterion, m.key): m for m in found.moves}
    for node in _criteria(data["sub_pillars"].values()):
        for (ident, key), move in moves.items():
            if node["id"] != ident:
                continue
            new = [_plain(move.new), "estimated", {"th": source_th, "en": source_en}]
            if "steps" in node:
                steps = list(node["steps"])  # an anchor may share them with other criteria
                steps[int(key)] = [steps[int(key)][0], *new]
                node["steps"] = steps
            else:
                node["points"] = {**node["points"], key: new}
    data["version"] = int(data["version"]) + 1
    head = f"# Version {data['version']}: assumed steps fitted to an official result, to be reviewed. {source_en}\n"
    return head + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)


def _plain(value: Decimal) -> int | str:
    return int(value) if value == value.to_integral_value() else f"{value:f}"


def _criteria(nodes: Sequence[Any] | Any) -> Iterator[dict[str, Any]]:
    for node in nodes:
        yield from node.get("criteria", ())
        yield from _criteria(node.get("parts", {}).values())
