"""Fitting a scheme to the published results of all provinces together, by the least change. PURE.

A sub-pillar's score depends on its own numbers only, a pillar's on its sub-pillars' weights: each is fitted by itself.
What is published is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from scoring.engine.levels import round_score
from scoring.engine.sheet import SubPillarScore
from scoring.results.fitting.edges import EdgeSearch, Observed
from scoring.results.fitting.points import (
    DETERMINED,
    PointFit,
    Range,
    Sides,
    fit_points,
    measure_errors,
    round_fraction,
)
from scoring.results.fitting.simplex import NoOptimum
from scoring.results.fitting.types import Adjustment, FitCase, OpenNumber, SchemeFit
from scoring.results.fitting.unknowns import Edges, Slot, Unknowns, edges_of, list_equations, list_unknowns
from scoring.results.fitting.weights import Column, fit_weights
from scoring.scheme.sourced import SourcedNumber
from scoring.scheme.types import Criterion, ScoringScheme, SubPillarScheme

ZERO: Final = Decimal(0)
CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class SubPillarFit:
    """One sub-pillar's numbers after fitting; `other_edges`: some that would do as well."""

    code: str
    unknowns: Unknowns
    edges: Edges
    points: PointFit
    observed: Observed
    error_before: Decimal
    other_edges: tuple[Edges, ...] = ()

    @property
    def error(self) -> Decimal:
        """The largest error that is left."""
        return max(self.points.errors, default=ZERO)

    @property
    def is_changed(self) -> bool:
        """Whether any number is another now."""
        return self.points.points != self.unknowns.points or self.edges != edges_of(self.unknowns)


def fit_scheme(scheme: ScoringScheme, cases: Sequence[FitCase], columns: Sequence[Column] = ()) -> SchemeFit:
    """The least changes that give the published scores of all cases, and the weights that give those of `columns`."""
    moves: list[Adjustment] = []
    unfitted: list[str] = []
    open_numbers: list[OpenNumber] = []
    tolerance: dict[str, Decimal] = {}
    for code, sub in scheme.sub_pillars.items():
        fit = fit_sub_pillar(sub, list_observed(code, cases))
        if fit is None:
            continue
        moves += list_moves(fit)
        open_numbers += _list_open(fit)
        if fit.error:
            unfitted.append(code)
            tolerance[code] = fit.error
    for pillar in scheme.pillars:
        weights = fit_weights(pillar, columns)
        if weights is None:
            continue
        if not weights.is_exact:
            tolerance[pillar.number] = weights.error
            unfitted.append(pillar.number)
            continue
        moves += weights.moves
        open_numbers += weights.open
    return SchemeFit(tuple(moves), tuple(unfitted), tuple(open_numbers), tolerance)


def list_observed(code: str, cases: Sequence[FitCase]) -> Observed:
    """What is published of a sub-pillar, beside how each province's answers are counted."""
    found = []
    for case in cases:
        official = case.official.get(code)
        sub = next((s for s in case.sheet.sub_pillars if s.code == code), None)
        if official is not None and sub is not None and not sub.external and sub.score is not None:
            found.append((sub, round_score(official)))
    return found


def fit_sub_pillar(sub: SubPillarScheme, observed: Observed, *, thorough: bool = True) -> SubPillarFit | None:
    """The least changes in one sub-pillar; None where nothing is published of it.

    `thorough`: with how far each number could go, and other edges that would do.
    """
    if not observed or sub.is_external:
        return None
    unknowns = list_unknowns(sub)
    present = edges_of(unknowns)
    equations, sides = list_equations(unknowns, observed, present)
    before = measure_errors(equations, unknowns.points)
    unchanged = SubPillarFit(sub.code, unknowns, present, PointFit(unknowns.points, before), observed, max(before))
    if not unknowns.free:
        return unchanged
    search = EdgeSearch(unknowns, observed)
    try:
        edges = search.find() if any(before) else present
        equations, sides = list_equations(unknowns, observed, edges)
        points = fit_points(unknowns, equations, sides, thorough=thorough)
        others = list(search.list_others(edges)) if thorough and any(before) else []
        more = [fit_points(unknowns, *list_equations(unknowns, observed, other)) for other in others]
    except NoOptimum:
        return unchanged
    if not any(before):
        ranges = {**points.ranges, **_list_rivals(sub, sides, points.ranges)}
        return replace(unchanged, points=replace(points, points=unknowns.points, errors=before, ranges=ranges))
    missed = sum((e * q.count for e, q in zip(points.errors, equations, strict=True)), ZERO)
    was_missed = sum((_miss(s, o) for s, o in observed), ZERO)
    if missed >= was_missed:
        return unchanged
    ranges = {slot: _span([points.ranges[slot], *(other.ranges[slot] for other in more)]) for slot in points.ranges}
    ranges |= _list_rivals(sub, sides, ranges)
    return SubPillarFit(sub.code, unknowns, edges, replace(points, ranges=ranges), observed, max(before), tuple(others))


def _list_rivals(sub: SubPillarScheme, sides: Sides, ranges: Mapping[Slot, Range]) -> dict[Slot, Range]:
    """Wider ranges where the highest or lowest of several free criteria counts: another of them may be the one.

    The fit keeps the one that counts by the present numbers.
    """
    rules = {part.rule.value for part in _walk_parts(sub)}
    found: dict[Slot, Range] = {}
    for low, high in sides:
        if low.parts and high.parts:
            if "max" in rules:
                found |= {slot: (0.0, ranges[slot][1]) for slot in high.parts if slot in ranges}
            if "min" in rules:
                found |= {slot: (ranges[slot][0], 100.0) for slot in low.parts if slot in ranges}
    return found


def _walk_parts(sub: SubPillarScheme) -> Iterator[SubPillarScheme]:
    yield sub
    for part in sub.parts:
        yield from _walk_parts(part)


def _span(ranges: Sequence[Range]) -> Range:
    return min(low for low, _high in ranges), max(high for _low, high in ranges)


def _miss(sub: SubPillarScore, official: Decimal) -> Decimal:
    return abs(round_score(sub.score or ZERO) - official)


def list_moves(fit: SubPillarFit) -> Iterator[Adjustment]:
    """The numbers that a fit changes, in the order of the scheme."""
    present = edges_of(fit.unknowns)
    for name, criterion in fit.unknowns.criteria.items():
        for index, edge in enumerate(fit.edges.get(name, ())):
            if edge != present[name][index]:
                yield Adjustment(fit.code, name, str(index), present[name][index], edge, "edge")
        figures = _figures_of(criterion)
        for key, figure in figures.items():
            new = round_fraction(fit.points.points[name, key])
            if new != figure.value:
                yield Adjustment(fit.code, name, key, figure.value, _plain(new))


def _list_open(fit: SubPillarFit) -> Iterator[OpenNumber]:
    equations, _sides = list_equations(fit.unknowns, fit.observed, fit.edges)
    reached = {slot for equation in equations for slot in equation.form.parts}
    for slot, (low, high) in sorted(fit.points.ranges.items()):
        if high - low > DETERMINED:
            least, most = fit.points.ties[slot]
            chosen = _plain(round_fraction(fit.points.points[slot]))
            ends = min(_plain_end(low), chosen), max(_plain_end(high), chosen)
            is_tied = most - least > DETERMINED
            yield OpenNumber(
                fit.code, slot[0], slot[1], chosen, *ends, is_seen=slot in reached, is_tied=is_tied and slot in reached
            )
    if fit.edges != edges_of(fit.unknowns):
        for name in fit.edges:
            for index in range(len(fit.edges[name])):
                yield from _open_edge(fit, name, index)


def _open_edge(fit: SubPillarFit, name: str, index: int) -> Iterator[OpenNumber]:
    """How far an edge can go: without another province passing it, and where other edges would do as well."""
    edge, present = fit.edges[name][index], edges_of(fit.unknowns)[name][index]
    places = {edge, *(other[name][index] for other in fit.other_edges)}
    if places == {present}:
        return
    seen = [Decimal(c.value) for sub, _o in fit.observed for c in sub.walk() if c.id == name and c.value is not None]
    start = fit.edges[name][index - 1] if index else ZERO
    least = min(places)
    below = max((v for v in [*seen, start] if v < least), default=start)
    above = min((v for v in seen if v >= max(places)), default=max(places))
    low = min(below + 1 if below == below.to_integral_value() else below + CENT, least)
    if low < above:
        yield OpenNumber(fit.code, name, str(index), edge, low, above, "edge", is_tied=True)


def _plain_end(value: float) -> Decimal:
    return _plain(round_score(Decimal(str(round(value, 1)))))


def _figures_of(criterion: Criterion) -> Mapping[str, SourcedNumber]:
    if criterion.measure is not None:
        return {str(index): step.points for index, step in enumerate(criterion.steps)}
    return criterion.points


def _plain(value: Decimal) -> Decimal:
    """Without needless places."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
