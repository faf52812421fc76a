"""Computing the ScoreSheet of a response by a scheme. The whole form in well under a millisecond. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from scoring.engine.aggregates import AggregateScore, aggregate_scores
from scoring.engine.compiled_scheme import CompiledScheme, CompiledSubPillar, get_compiled_scheme
from scoring.engine.criteria import ZERO
from scoring.engine.facts import ResponseFacts
from scoring.engine.levels import find_level, round_score
from scoring.engine.sheet import PillarScore, ScoreSheet, SubPillarScore
from scoring.scheme.marked import mark_score, origin_of
from scoring.scheme.sourced import NO_TEXT
from scoring.scheme.types import ScoringScheme
from survey.instrument.schema import CompiledInstrument


def compute_score_sheet(instrument: CompiledInstrument, scheme: ScoringScheme, facts: ResponseFacts) -> ScoreSheet:
    """The score sheet of a response from its facts. Every name in the scheme must exist (`scoring.scheme.check`)."""
    compiled = get_compiled_scheme(instrument, scheme)
    subs = {sub.scheme.code: _score_sub_pillar(sub, scheme, facts) for sub in compiled.sub_pillars}
    scores = {code: sub.score for code, sub in subs.items() if sub.score is not None}
    estimates = tuple(one for one in facts.open_estimates if one.code in subs)
    guessed = {one.code for one in estimates}
    unknown = tuple(code for code, sub in subs.items() if sub.score is None or code in guessed)
    aggregate = aggregate_scores(scheme, scores)
    return ScoreSheet(
        scheme=scheme.key,
        scheme_version=scheme.version,
        instrument=instrument.key,
        year=instrument.year,
        instrument_version=instrument.version,
        total=aggregate.total,
        low=aggregate.low,
        high=aggregate.high,
        level=aggregate.level,
        known_weight=aggregate.known_weight,
        unknown=unknown,
        estimated=compiled.is_estimated,
        levels_origin=scheme.levels.origin if scheme.levels else None,
        levels_source=scheme.levels.source if scheme.levels else NO_TEXT,
        pillars=_build_pillar_scores(scheme, compiled, subs, aggregate),
        estimated_outside=estimates,
    )


def compute_sub_pillar_score(
    instrument: CompiledInstrument, scheme: ScoringScheme, facts: ResponseFacts, code: str
) -> SubPillarScore:
    """The score of one sub-pillar alone."""
    compiled = next(s for s in get_compiled_scheme(instrument, scheme).sub_pillars if s.scheme.code == code)
    return _score_sub_pillar(compiled, scheme, facts)


def combine_points(sub: SubPillarScore, points: Mapping[str, Decimal]) -> Decimal:
    """The score of a sub-pillar or part whose criteria give `points`, as the engine joins them."""
    values = [points[c.id] for c in sub.criteria] + [combine_points(p, points) for p in sub.parts]
    value = _combine(sub.rule, sub.shares, values)
    return round_score(value) if sub.weight is not None else value


def _build_pillar_scores(
    scheme: ScoringScheme, compiled: CompiledScheme, subs: Mapping[str, SubPillarScore], aggregate: AggregateScore
) -> tuple[PillarScore, ...]:
    return tuple(
        PillarScore(
            number=pillar.number,
            name=compiled.names.get(pillar.number, NO_TEXT),
            score=pillar_aggregate.score,
            low=pillar_aggregate.low,
            high=pillar_aggregate.high,
            index=pillar_aggregate.index,
            level=pillar_aggregate.level,
            weight=pillar.weight,
            known_weight=pillar_aggregate.known_weight,
            sub_pillars=tuple(subs[s.code] for s in pillar.sub_pillars),
        )
        for pillar, pillar_aggregate in zip(scheme.pillars, aggregate.pillars, strict=True)
    )


def _score_sub_pillar(sub: CompiledSubPillar, scheme: ScoringScheme, facts: ResponseFacts) -> SubPillarScore:
    criteria = tuple(run(facts) for run in sub.scorers)
    parts = tuple(_score_sub_pillar(part, scheme, facts) for part in sub.parts)
    points = [c.points for c in criteria] + [p.score for p in parts]
    known = [p for p in points if p is not None]
    value = _combine(sub.scheme.rule.value, sub.shares, known) if len(known) == len(points) else None
    if value is not None and sub.scheme.weight is not None:
        # Two places, as official tables have: a table of the sheet's own sub-pillars gives the same total.
        value = round_score(value)
    if value is not None and sub.scheme.is_external:
        value = mark_score(value, origin_of(facts.external(sub.scheme.code)))
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
    gained = total_share = ZERO
    for point, share in zip(points, shares, strict=True):
        gained += point * share
        total_share += share
    return gained / total_share
