"""The strictest and the most lenient scheme that the readings of what is not published allow. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.scheme.measure_types import CombinedMeasure, Measure, OptionCount, TableRowCount
from scoring.scheme.sourced import SourcedNumber
from scoring.scheme.types import Criterion, PointStep, ScoringScheme, SubPillarScheme

ZERO = Decimal(0)


FULL_SCORE = Decimal(100)


UNPUBLISHED_ORIGINS = frozenset({"assumed", "estimated"})


def get_extreme_schemes(scheme: ScoringScheme) -> tuple[ScoringScheme, ScoringScheme]:
    extremes = scheme.compiled.get("extremes")
    if extremes is None:
        points_less = max((r.steps[0] for r in scheme.readings if r.steps), default=ZERO)
        points_more = max((r.steps[1] for r in scheme.readings if r.steps), default=ZERO)
        also_counted = _list_also_counted(scheme)
        extremes = (_shift_scheme(scheme, -points_less, {}), _shift_scheme(scheme, points_more, also_counted))
        scheme.compiled["extremes"] = extremes
    return extremes


def widen_answers(scheme: ScoringScheme) -> ScoringScheme:
    """The scheme with every answer counted that one of its readings would count; its points stay. Kept with it."""
    widened: ScoringScheme | None = scheme.compiled.get("widened")
    if widened is None:
        widened = scheme.compiled["widened"] = _shift_scheme(scheme, ZERO, _list_also_counted(scheme))
    return widened


def _list_also_counted(scheme: ScoringScheme) -> dict[str, tuple[str, ...]]:
    also_counted: dict[str, tuple[str, ...]] = {}
    for reading in scheme.readings:
        for ident, keys in reading.answers.items():
            also_counted[ident] = (*also_counted.get(ident, ()), *keys)
    return also_counted


def _shift_scheme(scheme: ScoringScheme, shift: Decimal, also_counted: Mapping[str, tuple[str, ...]]) -> ScoringScheme:
    pillars = tuple(
        replace(p, sub_pillars=tuple(_shift_sub_pillar(s, shift, also_counted) for s in p.sub_pillars))
        for p in scheme.pillars
    )
    return replace(scheme, pillars=pillars, readings=(), compiled={})


def _shift_sub_pillar(
    sub: SubPillarScheme, shift: Decimal, also_counted: Mapping[str, tuple[str, ...]]
) -> SubPillarScheme:
    return replace(
        sub,
        criteria=tuple(_shift_criterion(c, shift, also_counted.get(c.id, ())) for c in sub.criteria),
        parts=tuple(_shift_sub_pillar(p, shift, also_counted) for p in sub.parts),
    )


def _shift_criterion(criterion: Criterion, shift: Decimal, also_counted: tuple[str, ...]) -> Criterion:
    measure = criterion.measure
    if also_counted and measure is not None:
        measure = _widen_measure(measure, also_counted)
    steps = _shift_points([s.points for s in criterion.steps], shift)
    options = sorted(criterion.points, key=lambda k: criterion.points[k].value)
    points = dict(zip(options, _shift_points([criterion.points[k] for k in options], shift), strict=True))
    points |= {k: _best_points(points) for k in also_counted if criterion.choice and k in points}
    return replace(
        criterion,
        measure=measure,
        steps=tuple(PointStep(s.threshold, p) for s, p in zip(criterion.steps, steps, strict=True)),
        points={k: points[k] for k in criterion.points},
    )


def _best_points(points: Mapping[str, SourcedNumber]) -> SourcedNumber:
    """The figure of the best option."""
    return max(points.values(), key=lambda f: f.value)


def _shift_points(rising: Sequence[SourcedNumber], shift: Decimal) -> list[SourcedNumber]:
    """Assumed points moved by `shift`. Zero stays; a step below a published one stays clearly below it."""
    shifted: list[SourcedNumber] = []
    for position, figure in enumerate(rising):
        value = figure.value
        if figure.origin in UNPUBLISHED_ORIGINS and value:
            published = [f.value for f in rising[position + 1 :] if f.origin not in UNPUBLISHED_ORIGINS]
            ceiling = min([FULL_SCORE, *(max(p - abs(shift), value) for p in published)])
            value = max(min(value + shift, ceiling), ZERO)
        if shifted:
            value = max(value, shifted[-1].value)
        shifted.append(replace(figure, value=value))
    return shifted


def _widen_measure(measure: Measure, also_counted: tuple[str, ...]) -> Measure:
    """The measure with more answers that count."""
    if isinstance(measure, CombinedMeasure):
        return replace(measure, parts=tuple(_widen_measure(p, also_counted) for p in measure.parts))
    if isinstance(measure, TableRowCount):
        return replace(measure, answers=(*measure.answers, *(k for k in also_counted if k not in measure.answers)))
    if isinstance(measure, OptionCount) and measure.included:
        return replace(measure, included=(*measure.included, *(k for k in also_counted if k not in measure.included)))
    return measure
