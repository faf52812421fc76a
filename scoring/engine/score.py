"""score(instrument, scheme, facts) → ScoreSheet. The whole form in well under a millisecond. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.counters import Compiler
from scoring.engine.criteria import ZERO, Scorer, scorer
from scoring.engine.facts import Facts
from scoring.engine.levels import Standing, cents, level_of, stand
from scoring.engine.sheet import PillarScore, ScoreSheet, SubScore
from scoring.scheme.types import NO_TEXT, Scheme, SubScheme
from survey.instrument.schema import Instrument, Text

__all__ = ["Facts", "score"]

SOFT = frozenset({"assumed", "estimated"})


@dataclass(frozen=True, slots=True)
class _Sub:
    """A sub-pillar or part with its criteria compiled."""

    scheme: SubScheme
    name: Text
    scorers: tuple[Scorer, ...]
    parts: tuple[_Sub, ...]
    shares: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A scheme compiled for one instrument."""

    subs: tuple[_Sub, ...]
    names: Mapping[str, Text]
    soft: bool


def score(instrument: Instrument, scheme: Scheme, facts: Facts) -> ScoreSheet:
    """The score of a response as its facts stand. Every name in the scheme must exist (`scoring.scheme.check`)."""
    compiled = _compiled(instrument, scheme)
    subs = {sub.scheme.code: _score_sub(sub, scheme, facts) for sub in compiled.subs}
    scores = {code: sub.score for code, sub in subs.items() if sub.score is not None}
    unknown = tuple(code for code, sub in subs.items() if sub.score is None)
    now = stand(scheme, scores)
    return ScoreSheet(
        scheme=scheme.key,
        scheme_version=scheme.version,
        instrument=instrument.key,
        year=instrument.year,
        instrument_version=instrument.version,
        total=now.total,
        low=now.low,
        high=now.high,
        level=now.level,
        known_weight=now.known_weight,
        unknown=unknown,
        estimated=compiled.soft,
        levels_origin=scheme.levels.origin if scheme.levels else None,
        levels_source=scheme.levels.source if scheme.levels else NO_TEXT,
        pillars=_pillars(scheme, compiled, subs, now),
    )


def score_sub(instrument: Instrument, scheme: Scheme, facts: Facts, code: str) -> SubScore:
    """The score of one sub-pillar alone."""
    found = next(s for s in _compiled(instrument, scheme).subs if s.scheme.code == code)
    return _score_sub(found, scheme, facts)


def joined(sub: SubScore, points: Mapping[str, Decimal]) -> Decimal:
    """The score of a sub-pillar or part whose criteria give `points`, as the engine joins them."""
    values = [points[c.id] for c in sub.criteria] + [joined(p, points) for p in sub.parts]
    value = _join(sub.rule, sub.shares, values)
    return cents(value) if sub.weight is not None else value


def _compiled(instrument: Instrument, scheme: Scheme) -> _Compiled:
    found: _Compiled | None = scheme.compiled.get(instrument)
    if found is None:
        found = scheme.compiled[instrument] = _compile(instrument, scheme)
    return found


def _pillars(
    scheme: Scheme, compiled: _Compiled, subs: Mapping[str, SubScore], now: Standing
) -> tuple[PillarScore, ...]:
    return tuple(
        PillarScore(
            number=pillar.number,
            name=compiled.names.get(pillar.number, NO_TEXT),
            score=found.score,
            low=found.low,
            high=found.high,
            index=found.index,
            level=found.level,
            weight=pillar.weight,
            known_weight=found.known_weight,
            sub_pillars=tuple(subs[s.code] for s in pillar.sub_pillars),
        )
        for pillar, found in zip(scheme.pillars, now.pillars, strict=True)
    )


# -- sub-pillars ----------------------------------------------------------------------------------


def _score_sub(sub: _Sub, scheme: Scheme, facts: Facts) -> SubScore:
    criteria = tuple(run(facts) for run in sub.scorers)
    parts = tuple(_score_sub(part, scheme, facts) for part in sub.parts)
    points = [c.points for c in criteria] + [p.score for p in parts]
    known = [p for p in points if p is not None]
    value = _join(sub.scheme.rule.value, sub.shares, known) if len(known) == len(points) else None
    if value is not None and sub.scheme.weight is not None:
        # Two places, as official tables have: a table of the sheet's own sub-pillars gives the same total.
        value = cents(value)
    return SubScore(
        code=sub.scheme.code,
        name=sub.name,
        score=value,
        level=level_of(scheme.levels, value) if scheme.levels and value is not None else None,
        weight=sub.scheme.weight,
        external=sub.scheme.is_external,
        rule=sub.scheme.rule.value,
        criteria=criteria,
        parts=parts,
        shares=sub.shares,
    )


def _join(rule: str, shares: Sequence[Decimal], points: Sequence[Decimal]) -> Decimal:
    if rule == "min":
        return min(points)
    if rule == "max":
        return max(points)
    gained = whole = ZERO
    for point, share in zip(points, shares, strict=True):
        gained += point * share
        whole += share
    return gained / whole


# -- compiling ------------------------------------------------------------------------------------


def _compile(instrument: Instrument, scheme: Scheme) -> _Compiled:
    compiler = Compiler(instrument)
    names = {p.number: p.name for p in instrument.pillars}
    names |= {code: s.name for code, s in instrument.sub_pillars.items()}
    subs = [_compile_sub(compiler, s, names, s.weight.value) for s in scheme.sub_pillars.values() if s.weight]
    return _Compiled(tuple(subs), names, _is_soft(scheme))


def _is_soft(scheme: Scheme) -> bool:
    figures = [p.weight for p in scheme.pillars] + [s.weight for s in scheme.sub_pillars.values() if s.weight]
    for criterion in scheme.criteria:
        figures += [s.points for s in criterion.steps] + list(criterion.points.values())
    origins = {f.origin for f in figures} | {s.rule.origin for s in scheme.sub_pillars.values()}
    if scheme.levels:
        origins.add(scheme.levels.origin)
    return bool(origins & SOFT)


def _compile_sub(compiler: Compiler, sub: SubScheme, names: Mapping[str, Text], worth: Decimal | None) -> _Sub:
    joined = [c.share for c in sub.criteria] + [p.share for p in sub.parts]
    shares = tuple(s.value if s and sub.rule.value == "weighted" else Decimal(1) for s in joined)
    whole = sum(shares, ZERO)
    additive = worth is not None and sub.rule.value in ("mean", "weighted")
    worths = [worth * s / whole if worth is not None and additive else None for s in shares]
    split = len(sub.criteria)
    own = zip(sub.criteria, worths[:split], strict=True)
    below = zip(sub.parts, worths[split:], strict=True)
    return _Sub(
        scheme=sub,
        name=names.get(sub.code, NO_TEXT),
        scorers=tuple(scorer(compiler, c, w, sub.code) for c, w in own),
        parts=tuple(_compile_sub(compiler, p, names, w) for p, w in below),
        shares=shares,
    )
