"""score(instrument, scheme, facts) → ScoreSheet. The whole form in well under a millisecond. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.counters import MeasureCompiler
from scoring.engine.criteria import ZERO, CriterionScorer, compile_criterion
from scoring.engine.facts import ResponseFacts
from scoring.engine.levels import AggregateScore, aggregate_scores, find_level, round_score
from scoring.engine.sheet import PillarScore, ScoreSheet, SubPillarScore
from scoring.scheme.types import NO_TEXT, ScoringScheme, SubPillarScheme
from survey.instrument.schema import CompiledInstrument, LocalizedText

__all__ = ["ResponseFacts", "compute_score_sheet"]

UNPUBLISHED_ORIGINS = frozenset({"assumed", "estimated"})


@dataclass(frozen=True, slots=True)
class _CompiledSubPillar:
    """A sub-pillar or part with its criteria compiled."""

    scheme: SubPillarScheme
    name: LocalizedText
    scorers: tuple[CriterionScorer, ...]
    parts: tuple[_CompiledSubPillar, ...]
    shares: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class _CompiledScheme:
    """A scheme compiled for one instrument."""

    subs: tuple[_CompiledSubPillar, ...]
    names: Mapping[str, LocalizedText]
    soft: bool


def compute_score_sheet(instrument: CompiledInstrument, scheme: ScoringScheme, facts: ResponseFacts) -> ScoreSheet:
    """The score of a response as its facts stand. Every name in the scheme must exist (`scoring.scheme.check`)."""
    compiled = _get_compiled_scheme(instrument, scheme)
    subs = {sub.scheme.code: _score_sub_pillar(sub, scheme, facts) for sub in compiled.subs}
    scores = {code: sub.score for code, sub in subs.items() if sub.score is not None}
    unknown = tuple(code for code, sub in subs.items() if sub.score is None)
    now = aggregate_scores(scheme, scores)
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
        pillars=_build_pillar_scores(scheme, compiled, subs, now),
    )


def compute_sub_pillar_score(
    instrument: CompiledInstrument, scheme: ScoringScheme, facts: ResponseFacts, code: str
) -> SubPillarScore:
    """The score of one sub-pillar alone."""
    found = next(s for s in _get_compiled_scheme(instrument, scheme).subs if s.scheme.code == code)
    return _score_sub_pillar(found, scheme, facts)


def combine_points(sub: SubPillarScore, points: Mapping[str, Decimal]) -> Decimal:
    """The score of a sub-pillar or part whose criteria give `points`, as the engine joins them."""
    values = [points[c.id] for c in sub.criteria] + [combine_points(p, points) for p in sub.parts]
    value = _combine(sub.rule, sub.shares, values)
    return round_score(value) if sub.weight is not None else value


def _get_compiled_scheme(instrument: CompiledInstrument, scheme: ScoringScheme) -> _CompiledScheme:
    found: _CompiledScheme | None = scheme.compiled.get(instrument)
    if found is None:
        found = scheme.compiled[instrument] = _compile_scheme(instrument, scheme)
    return found


def _build_pillar_scores(
    scheme: ScoringScheme, compiled: _CompiledScheme, subs: Mapping[str, SubPillarScore], now: AggregateScore
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


def _score_sub_pillar(sub: _CompiledSubPillar, scheme: ScoringScheme, facts: ResponseFacts) -> SubPillarScore:
    criteria = tuple(run(facts) for run in sub.scorers)
    parts = tuple(_score_sub_pillar(part, scheme, facts) for part in sub.parts)
    points = [c.points for c in criteria] + [p.score for p in parts]
    known = [p for p in points if p is not None]
    value = _combine(sub.scheme.rule.value, sub.shares, known) if len(known) == len(points) else None
    if value is not None and sub.scheme.weight is not None:
        # Two places, as official tables have: a table of the sheet's own sub-pillars gives the same total.
        value = round_score(value)
    return SubPillarScore(
        code=sub.scheme.code,
        name=sub.name,
        score=value,
        level=find_level(scheme.levels, value) if scheme.levels and value is not None else None,
        weight=sub.scheme.weight,
        external=sub.scheme.is_external,
        rule=sub.scheme.rule.value,
        criteria=criteria,
        parts=parts,
        shares=sub.shares,
    )


def _combine(rule: str, shares: Sequence[Decimal], points: Sequence[Decimal]) -> Decimal:
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


def _compile_scheme(instrument: CompiledInstrument, scheme: ScoringScheme) -> _CompiledScheme:
    compiler = MeasureCompiler(instrument)
    names = {p.number: p.name for p in instrument.pillars}
    names |= {code: s.name for code, s in instrument.sub_pillars.items()}
    subs = [_compile_sub_pillar(compiler, s, names, s.weight.value) for s in scheme.sub_pillars.values() if s.weight]
    return _CompiledScheme(tuple(subs), names, _is_estimated(scheme))


def _is_estimated(scheme: ScoringScheme) -> bool:
    figures = [p.weight for p in scheme.pillars] + [s.weight for s in scheme.sub_pillars.values() if s.weight]
    for criterion in scheme.criteria:
        figures += [s.points for s in criterion.steps] + list(criterion.points.values())
    origins = {f.origin for f in figures} | {s.rule.origin for s in scheme.sub_pillars.values()}
    if scheme.levels:
        origins.add(scheme.levels.origin)
    return bool(origins & UNPUBLISHED_ORIGINS)


def _compile_sub_pillar(
    compiler: MeasureCompiler, sub: SubPillarScheme, names: Mapping[str, LocalizedText], worth: Decimal | None
) -> _CompiledSubPillar:
    joined = [c.share for c in sub.criteria] + [p.share for p in sub.parts]
    shares = tuple(s.value if s and sub.rule.value == "weighted" else Decimal(1) for s in joined)
    whole = sum(shares, ZERO)
    additive = worth is not None and sub.rule.value in ("mean", "weighted")
    worths = [worth * s / whole if worth is not None and additive else None for s in shares]
    split = len(sub.criteria)
    own = zip(sub.criteria, worths[:split], strict=True)
    below = zip(sub.parts, worths[split:], strict=True)
    return _CompiledSubPillar(
        scheme=sub,
        name=names.get(sub.code, NO_TEXT),
        scorers=tuple(compile_criterion(compiler, c, w, sub.code) for c, w in own),
        parts=tuple(_compile_sub_pillar(compiler, p, names, w) for p, w in below),
        shares=shares,
    )
