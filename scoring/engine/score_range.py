"""The range of a score: lowest, best and highest by the readings of what is not published. PURE.

Every reading is monotone, so two more runs of the engine, all readings at their strictest and all at their most
lenient, bound whatever combination is the true one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.engine.levels import AggregateScore, aggregate_scores, find_level, round_score
from scoring.engine.score import Facts, compute_score_sheet
from scoring.engine.sheet import ScoreSheet, SubPillarScore
from scoring.scheme.types import (
    CombinedMeasure,
    Criterion,
    Measure,
    OptionCount,
    PointStep,
    ScoringScheme,
    SourcedNumber,
    SubPillarScheme,
    TableRowCount,
)
from survey.instrument.schema import CompiledInstrument

ZERO = Decimal(0)
FULL_SCORE = Decimal(100)
UNPUBLISHED_ORIGINS = frozenset({"assumed", "estimated"})


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """Lowest, best and highest score (0–100) and level. None: nothing is known."""

    low: Decimal
    best: Decimal | None
    high: Decimal
    level_low: int | None = None
    level: int | None = None
    level_high: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the score is not certain to two places."""
        return round_score(self.low) != round_score(self.high)

    @property
    def level_is_open(self) -> bool:
        """Whether the level is not certain."""
        return self.level_low != self.level_high


@dataclass(frozen=True, slots=True)
class SheetRanges:
    """The range of the total, of every pillar and sub-pillar (and part) by code, of every criterion by id."""

    total: ScoreRange
    pillars: Mapping[str, ScoreRange]
    subs: Mapping[str, ScoreRange]
    criteria: Mapping[str, ScoreRange]


def compute_sheet_ranges(
    instrument: CompiledInstrument, scheme: ScoringScheme, facts: Facts, sheet: ScoreSheet
) -> SheetRanges:
    """The range around `sheet`, which is the score of the same facts by the scheme itself."""
    strict, lenient = _get_extreme_schemes(scheme)
    below, above = (compute_score_sheet(instrument, s, facts) for s in (strict, lenient))
    low, high = _aggregate_by_level_rule(scheme, below, ZERO), _aggregate_by_level_rule(scheme, above, FULL_SCORE)
    pillars = {}
    for at, pillar in enumerate(sheet.pillars):
        lows, highs = [x.pillars[at] for x in low], [x.pillars[at] for x in high]
        levels = _known_levels([p.level for p in lows]), _known_levels([p.level for p in highs])
        pillars[pillar.number] = ScoreRange(
            lows[0].low,
            pillar.score,
            highs[0].high,
            min(levels[0], default=None),
            pillar.level,
            max(levels[1], default=None),
        )
    whole = _known_levels([x.level for x in low]), _known_levels([x.level for x in high])
    total = ScoreRange(
        low[0].low, sheet.total, high[0].high, min(whole[0], default=None), sheet.level, max(whole[1], default=None)
    )
    return SheetRanges(
        total, pillars, _sub_pillar_ranges(scheme, sheet, below, above), _criterion_ranges(sheet, below, above)
    )


def _known_levels(found: Sequence[int | None]) -> list[int]:
    return [x for x in found if x is not None]


def _aggregate_by_level_rule(scheme: ScoringScheme, sheet: ScoreSheet, unknown: Decimal) -> list[AggregateScore]:
    """The standing under each rule of levels, with unknown scores at `unknown`."""
    scores = {s.code: unknown if s.score is None else s.score for s in sheet.sub_pillars}
    return [aggregate_scores(rule, scores) for rule in _schemes_by_level_rule(scheme)]


def _schemes_by_level_rule(scheme: ScoringScheme) -> tuple[ScoringScheme, ...]:
    found = scheme.compiled.get("level rules")
    if found is None:
        others = [r.levels for r in scheme.readings if r.levels is not None]
        found = (scheme, *(replace(scheme, levels=rule, compiled={}) for rule in others))
        scheme.compiled["level rules"] = found
    return found


def _sub_pillar_ranges(
    scheme: ScoringScheme, sheet: ScoreSheet, below: ScoreSheet, above: ScoreSheet
) -> dict[str, ScoreRange]:
    rules = [s.levels for s in _schemes_by_level_rule(scheme) if s.levels is not None]
    out: dict[str, ScoreRange] = {}

    def note(best: SubPillarScore, low: SubPillarScore, high: SubPillarScore) -> None:
        lowest = ZERO if low.score is None else low.score
        highest = FULL_SCORE if high.score is None else high.score
        levels = [find_level(r, lowest) for r in rules], [find_level(r, highest) for r in rules]
        out[best.code] = ScoreRange(
            lowest, best.score, highest, min(levels[0], default=None), best.level, max(levels[1], default=None)
        )
        for parts in zip(best.parts, low.parts, high.parts, strict=True):
            note(*parts)

    for trio in zip(sheet.sub_pillars, below.sub_pillars, above.sub_pillars, strict=True):
        note(*trio)
    return out


def _criterion_ranges(sheet: ScoreSheet, below: ScoreSheet, above: ScoreSheet) -> dict[str, ScoreRange]:
    return {
        best.id: ScoreRange(
            ZERO if low.points is None else low.points,
            best.points,
            FULL_SCORE if high.points is None else high.points,
        )
        for best, low, high in zip(sheet.criteria, below.criteria, above.criteria, strict=True)
    }


# -- the strictest and the most lenient scheme ----------------------------------------------------


def _get_extreme_schemes(scheme: ScoringScheme) -> tuple[ScoringScheme, ScoringScheme]:
    found = scheme.compiled.get("extremes")
    if found is None:
        less = max((r.steps[0] for r in scheme.readings if r.steps), default=ZERO)
        more = max((r.steps[1] for r in scheme.readings if r.steps), default=ZERO)
        also: dict[str, tuple[str, ...]] = {}
        for reading in scheme.readings:
            for ident, keys in reading.answers.items():
                also[ident] = (*also.get(ident, ()), *keys)
        found = (_shift_scheme(scheme, -less, {}), _shift_scheme(scheme, more, also))
        scheme.compiled["extremes"] = found
    return found


def _shift_scheme(scheme: ScoringScheme, shift: Decimal, also: Mapping[str, tuple[str, ...]]) -> ScoringScheme:
    pillars = tuple(
        replace(p, sub_pillars=tuple(_shift_sub_pillar(s, shift, also) for s in p.sub_pillars)) for p in scheme.pillars
    )
    return replace(scheme, pillars=pillars, readings=(), compiled={})


def _shift_sub_pillar(sub: SubPillarScheme, shift: Decimal, also: Mapping[str, tuple[str, ...]]) -> SubPillarScheme:
    return replace(
        sub,
        criteria=tuple(_shift_criterion(c, shift, also.get(c.id, ())) for c in sub.criteria),
        parts=tuple(_shift_sub_pillar(p, shift, also) for p in sub.parts),
    )


def _shift_criterion(criterion: Criterion, shift: Decimal, also: tuple[str, ...]) -> Criterion:
    measure = criterion.measure
    if also and measure is not None:
        measure = _widen_measure(measure, also)
    steps = _shift_points([s.points for s in criterion.steps], shift)
    options = sorted(criterion.points, key=lambda k: criterion.points[k].value)
    points = dict(zip(options, _shift_points([criterion.points[k] for k in options], shift), strict=True))
    points |= {k: _best_points(points) for k in also if criterion.choice and k in points}
    return replace(
        criterion,
        measure=measure,
        steps=tuple(PointStep(s.at, p) for s, p in zip(criterion.steps, steps, strict=True)),
        points={k: points[k] for k in criterion.points},
    )


def _best_points(points: Mapping[str, SourcedNumber]) -> SourcedNumber:
    """The figure of the best option."""
    return max(points.values(), key=lambda f: f.value)


def _shift_points(rising: Sequence[SourcedNumber], shift: Decimal) -> list[SourcedNumber]:
    """Assumed points moved by `shift`. Zero stays; a step below a published one stays clearly below it."""
    out: list[SourcedNumber] = []
    for at, figure in enumerate(rising):
        value = figure.value
        if figure.origin in UNPUBLISHED_ORIGINS and value:
            published = [f.value for f in rising[at + 1 :] if f.origin not in UNPUBLISHED_ORIGINS]
            ceiling = min([FULL_SCORE, *(max(p - abs(shift), value) for p in published)])
            value = max(min(value + shift, ceiling), ZERO)
        if out:
            value = max(value, out[-1].value)
        out.append(replace(figure, value=value))
    return out


def _widen_measure(measure: Measure, also: tuple[str, ...]) -> Measure:
    """The measure with more answers that count."""
    if isinstance(measure, CombinedMeasure):
        return replace(measure, parts=tuple(_widen_measure(p, also) for p in measure.parts))
    if isinstance(measure, TableRowCount):
        return replace(measure, answers=(*measure.answers, *(k for k in also if k not in measure.answers)))
    if isinstance(measure, OptionCount) and measure.only:
        return replace(measure, only=(*measure.only, *(k for k in also if k not in measure.only)))
    return measure
