"""Computing the range of a score: lowest, best and highest by the alternative readings. PURE.

Every reading is monotone, so two more runs of the engine, all readings at their strictest and all at their most
lenient, bound whatever combination is the true one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from scoring.engine.aggregates import AggregateScore, aggregate_scores
from scoring.engine.extreme_schemes import FULL_SCORE, ZERO, get_extreme_schemes
from scoring.engine.facts import ResponseFacts
from scoring.engine.levels import find_level
from scoring.engine.range_types import ScoreRange, SheetRanges
from scoring.engine.score import compute_score_sheet
from scoring.engine.sheet import ScoreSheet, SubPillarScore
from scoring.scheme.types import ScoringScheme
from survey.instrument.schema import CompiledInstrument


def compute_sheet_ranges(
    instrument: CompiledInstrument, scheme: ScoringScheme, facts: ResponseFacts, sheet: ScoreSheet
) -> SheetRanges:
    """The range around `sheet`, which is the score of the same facts by the scheme itself."""
    strict, lenient = get_extreme_schemes(scheme)
    lowest, highest = _with_estimates_at(facts, "low"), _with_estimates_at(facts, "high")
    below, above = compute_score_sheet(instrument, strict, lowest), compute_score_sheet(instrument, lenient, highest)
    low, high = _aggregate_by_level_rule(scheme, below, ZERO), _aggregate_by_level_rule(scheme, above, FULL_SCORE)
    pillars = {}
    for position, pillar in enumerate(sheet.pillars):
        lows, highs = [x.pillars[position] for x in low], [x.pillars[position] for x in high]
        levels = _known_levels([p.level for p in lows]), _known_levels([p.level for p in highs])
        pillars[pillar.number] = ScoreRange(
            lows[0].low,
            pillar.score,
            highs[0].high,
            min(levels[0], default=None),
            pillar.level,
            max(levels[1], default=None),
        )
    levels_of_total = _known_levels([x.level for x in low]), _known_levels([x.level for x in high])
    total = ScoreRange(
        low[0].low,
        sheet.total,
        high[0].high,
        min(levels_of_total[0], default=None),
        sheet.level,
        max(levels_of_total[1], default=None),
    )
    return SheetRanges(
        total, pillars, _sub_pillar_ranges(scheme, sheet, below, above), _criterion_ranges(sheet, below, above)
    )


def _with_estimates_at(facts: ResponseFacts, bound: Literal["low", "high"]) -> ResponseFacts:
    """The facts with the outside scores that are estimated at their lowest or highest."""
    externals: dict[str, Decimal] = {one.code: getattr(one, bound) for one in facts.open_estimates}
    return replace(facts, externals={**externals, **facts.externals})


def _known_levels(levels: Sequence[int | None]) -> list[int]:
    return [x for x in levels if x is not None]


def _aggregate_by_level_rule(scheme: ScoringScheme, sheet: ScoreSheet, unknown: Decimal) -> list[AggregateScore]:
    """The aggregate score under each rule of levels, with unknown scores at `unknown`."""
    scores = {s.code: unknown if s.score is None else s.score for s in sheet.sub_pillars}
    return [aggregate_scores(rule, scores) for rule in _schemes_by_level_rule(scheme)]


def _schemes_by_level_rule(scheme: ScoringScheme) -> tuple[ScoringScheme, ...]:
    schemes = scheme.compiled.get("level rules")
    if schemes is None:
        others = [r.levels for r in scheme.readings if r.levels is not None]
        schemes = (scheme, *(replace(scheme, levels=rule, compiled={}) for rule in others))
        scheme.compiled["level rules"] = schemes
    return schemes


def _sub_pillar_ranges(
    scheme: ScoringScheme, sheet: ScoreSheet, below: ScoreSheet, above: ScoreSheet
) -> dict[str, ScoreRange]:
    rules = [s.levels for s in _schemes_by_level_rule(scheme) if s.levels is not None]
    ranges: dict[str, ScoreRange] = {}

    def note(best: SubPillarScore, low: SubPillarScore, high: SubPillarScore) -> None:
        lowest = ZERO if low.score is None else low.score
        highest = FULL_SCORE if high.score is None else high.score
        levels = [find_level(r, lowest) for r in rules], [find_level(r, highest) for r in rules]
        ranges[best.code] = ScoreRange(
            lowest, best.score, highest, min(levels[0], default=None), best.level, max(levels[1], default=None)
        )
        for parts in zip(best.parts, low.parts, high.parts, strict=True):
            note(*parts)

    for trio in zip(sheet.sub_pillars, below.sub_pillars, above.sub_pillars, strict=True):
        note(*trio)
    return ranges


def _criterion_ranges(sheet: ScoreSheet, below: ScoreSheet, above: ScoreSheet) -> dict[str, ScoreRange]:
    return {
        best.id: ScoreRange(
            ZERO if low.points is None else low.points,
            best.points,
            FULL_SCORE if high.points is None else high.points,
        )
        for best, low, high in zip(sheet.criteria, below.criteria, above.criteria, strict=True)
    }
