"""The range of a score: lowest, best and highest by the readings of what is not published. PURE.

Every reading is monotone, so two more runs of the engine, all readings at their strictest and all at their most
lenient, bound whatever combination is the true one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.engine.levels import Standing, cents, level_of, stand
from scoring.engine.score import Facts, score
from scoring.engine.sheet import ScoreSheet, SubScore
from scoring.scheme.types import Criterion, Figure, Joined, Measure, Options, Rows, Scheme, Step, SubScheme
from survey.instrument.schema import Instrument

ZERO = Decimal(0)
FULL = Decimal(100)
OPEN = frozenset({"assumed", "estimated"})


@dataclass(frozen=True, slots=True)
class Span:
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
        return cents(self.low) != cents(self.high)

    @property
    def level_is_open(self) -> bool:
        """Whether the level is not certain."""
        return self.level_low != self.level_high


@dataclass(frozen=True, slots=True)
class Spread:
    """The range of the total, of every pillar and sub-pillar (and part) by code, of every criterion by id."""

    total: Span
    pillars: Mapping[str, Span]
    subs: Mapping[str, Span]
    criteria: Mapping[str, Span]


def spread(instrument: Instrument, scheme: Scheme, facts: Facts, sheet: ScoreSheet) -> Spread:
    """The range around `sheet`, which is the score of the same facts by the scheme itself."""
    strict, lenient = _extremes(scheme)
    below, above = (score(instrument, s, facts) for s in (strict, lenient))
    low, high = _standings(scheme, below, ZERO), _standings(scheme, above, FULL)
    pillars = {}
    for at, pillar in enumerate(sheet.pillars):
        lows, highs = [x.pillars[at] for x in low], [x.pillars[at] for x in high]
        levels = _levels([p.level for p in lows]), _levels([p.level for p in highs])
        pillars[pillar.number] = Span(
            lows[0].low,
            pillar.score,
            highs[0].high,
            min(levels[0], default=None),
            pillar.level,
            max(levels[1], default=None),
        )
    whole = _levels([x.level for x in low]), _levels([x.level for x in high])
    total = Span(
        low[0].low, sheet.total, high[0].high, min(whole[0], default=None), sheet.level, max(whole[1], default=None)
    )
    return Spread(total, pillars, _subs(scheme, sheet, below, above), _criteria(sheet, below, above))


def _levels(found: Sequence[int | None]) -> list[int]:
    return [x for x in found if x is not None]


def _standings(scheme: Scheme, sheet: ScoreSheet, unknown: Decimal) -> list[Standing]:
    """The standing under each rule of levels, with unknown scores at `unknown`."""
    scores = {s.code: unknown if s.score is None else s.score for s in sheet.sub_pillars}
    return [stand(rule, scores) for rule in _rules(scheme)]


def _rules(scheme: Scheme) -> tuple[Scheme, ...]:
    found = scheme.compiled.get("level rules")
    if found is None:
        others = [r.levels for r in scheme.readings if r.levels is not None]
        found = (scheme, *(replace(scheme, levels=rule, compiled={}) for rule in others))
        scheme.compiled["level rules"] = found
    return found


def _subs(scheme: Scheme, sheet: ScoreSheet, below: ScoreSheet, above: ScoreSheet) -> dict[str, Span]:
    rules = [s.levels for s in _rules(scheme) if s.levels is not None]
    out: dict[str, Span] = {}

    def note(best: SubScore, low: SubScore, high: SubScore) -> None:
        lowest = ZERO if low.score is None else low.score
        highest = FULL if high.score is None else high.score
        levels = [level_of(r, lowest) for r in rules], [level_of(r, highest) for r in rules]
        out[best.code] = Span(
            lowest, best.score, highest, min(levels[0], default=None), best.level, max(levels[1], default=None)
        )
        for parts in zip(best.parts, low.parts, high.parts, strict=True):
            note(*parts)

    for trio in zip(sheet.sub_pillars, below.sub_pillars, above.sub_pillars, strict=True):
        note(*trio)
    return out


def _criteria(sheet: ScoreSheet, below: ScoreSheet, above: ScoreSheet) -> dict[str, Span]:
    return {
        best.id: Span(
            ZERO if low.points is None else low.points,
            best.points,
            FULL if high.points is None else high.points,
        )
        for best, low, high in zip(sheet.criteria, below.criteria, above.criteria, strict=True)
    }


# -- the strictest and the most lenient scheme ----------------------------------------------------


def _extremes(scheme: Scheme) -> tuple[Scheme, Scheme]:
    found = scheme.compiled.get("extremes")
    if found is None:
        less = max((r.steps[0] for r in scheme.readings if r.steps), default=ZERO)
        more = max((r.steps[1] for r in scheme.readings if r.steps), default=ZERO)
        also: dict[str, tuple[str, ...]] = {}
        for reading in scheme.readings:
            for ident, keys in reading.answers.items():
                also[ident] = (*also.get(ident, ()), *keys)
        found = (_scheme(scheme, -less, {}), _scheme(scheme, more, also))
        scheme.compiled["extremes"] = found
    return found


def _scheme(scheme: Scheme, shift: Decimal, also: Mapping[str, tuple[str, ...]]) -> Scheme:
    pillars = tuple(replace(p, sub_pillars=tuple(_sub(s, shift, also) for s in p.sub_pillars)) for p in scheme.pillars)
    return replace(scheme, pillars=pillars, readings=(), compiled={})


def _sub(sub: SubScheme, shift: Decimal, also: Mapping[str, tuple[str, ...]]) -> SubScheme:
    return replace(
        sub,
        criteria=tuple(_criterion(c, shift, also.get(c.id, ())) for c in sub.criteria),
        parts=tuple(_sub(p, shift, also) for p in sub.parts),
    )


def _criterion(criterion: Criterion, shift: Decimal, also: tuple[str, ...]) -> Criterion:
    measure = criterion.measure
    if also and measure is not None:
        measure = _widened(measure, also)
    steps = _shifted([s.points for s in criterion.steps], shift)
    options = sorted(criterion.points, key=lambda k: criterion.points[k].value)
    points = dict(zip(options, _shifted([criterion.points[k] for k in options], shift), strict=True))
    points |= {k: _best(points) for k in also if criterion.choice and k in points}
    return replace(
        criterion,
        measure=measure,
        steps=tuple(Step(s.at, p) for s, p in zip(criterion.steps, steps, strict=True)),
        points={k: points[k] for k in criterion.points},
    )


def _best(points: Mapping[str, Figure]) -> Figure:
    """The figure of the best option."""
    return max(points.values(), key=lambda f: f.value)


def _shifted(rising: Sequence[Figure], shift: Decimal) -> list[Figure]:
    """Assumed points moved by `shift`. Zero stays; a step below a published one stays clearly below it."""
    out: list[Figure] = []
    for at, figure in enumerate(rising):
        value = figure.value
        if figure.origin in OPEN and value:
            published = [f.value for f in rising[at + 1 :] if f.origin not in OPEN]
            ceiling = min([FULL, *(max(p - abs(shift), value) for p in published)])
            value = max(min(value + shift, ceiling), ZERO)
        if out:
            value = max(value, out[-1].value)
        out.append(replace(figure, value=value))
    return out


def _widened(measure: Measure, also: tuple[str, ...]) -> Measure:
    """The measure with more answers that count."""
    if isinstance(measure, Joined):
        return replace(measure, parts=tuple(_widened(p, also) for p in measure.parts))
    if isinstance(measure, Rows):
        return replace(measure, answers=(*measure.answers, *(k for k in also if k not in measure.answers)))
    if isinstance(measure, Options) and measure.only:
        return replace(measure, only=(*measure.only, *(k for k in also if k not in measure.only)))
    return measure
