"""The scheme in the ways it may count: as it says, with more answers, with its other measures. PURE."""

from __future__ import annotations

from dataclasses import replace

from scoring.engine.extreme_schemes import widen_answers
from scoring.scheme.types import Criterion, ScoringScheme, SubPillarScheme
from scoring.uncertainty.spread import get_spread


def get_variant_schemes(scheme: ScoringScheme) -> tuple[ScoringScheme, ...]:
    """The scheme itself, with the answers its readings count as well, and with its other measures. Kept with it."""
    variants: tuple[ScoringScheme, ...] | None = scheme.compiled.get("variants")
    if variants is None:
        variants = scheme.compiled["variants"] = (scheme, widen_answers(scheme), _count_otherwise(scheme))
    return variants


def _count_otherwise(scheme: ScoringScheme) -> ScoringScheme:
    others = get_spread(scheme).counted
    if not others:
        return scheme

    def change(sub: SubPillarScheme) -> SubPillarScheme:
        criteria = tuple(change_criterion(c) for c in sub.criteria)
        return replace(sub, criteria=criteria, parts=tuple(change(p) for p in sub.parts))

    def change_criterion(criterion: Criterion) -> Criterion:
        other = others.get(criterion.id)
        return replace(criterion, measure=other.measure) if other else criterion

    pillars = tuple(replace(p, sub_pillars=tuple(change(s) for s in p.sub_pillars)) for p in scheme.pillars)
    return replace(scheme, pillars=pillars, readings=(), uncertainty=None, compiled={})
