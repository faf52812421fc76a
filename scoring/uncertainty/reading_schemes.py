"""One drawn reading as a scheme of its own, for the exact engine: the proof of this room's arithmetic. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.scheme.sourced import NO_TEXT, SourcedNumber, SourcedRule
from scoring.scheme.types import Criterion, PillarScheme, PointStep, ScoringScheme, SubPillarScheme
from scoring.uncertainty.draw_types import RULES, BlockDraws, CriterionDraws, ReadingDraws
from scoring.uncertainty.variants import get_variant_schemes

Variants = Sequence[Mapping[str, Criterion]]


def build_reading_scheme(scheme: ScoringScheme, draws: ReadingDraws, row: int) -> ScoringScheme:
    """The scheme as one draw reads it."""
    variants = [{c.id: c for c in one.criteria} for one in get_variant_schemes(scheme)]
    levels = draws.level_rules[draws.level_rule[row]] if draws.level_rules else None

    def read_pillar(pillar: PillarScheme) -> PillarScheme:
        return replace(pillar, sub_pillars=tuple(read_sub(s) for s in pillar.sub_pillars))

    def read_sub(sub: SubPillarScheme) -> SubPillarScheme:
        read = _read_node(sub, draws.blocks[sub.code], variants, row)
        weight = read.weight and replace(read.weight, value=_exact(draws.sub_weights[sub.code][row]))
        return replace(read, weight=weight)

    pillars = tuple(read_pillar(p) for p in scheme.pillars)
    return replace(scheme, pillars=pillars, levels=levels, readings=(), uncertainty=None, compiled={})


def _read_node(sub: SubPillarScheme, block: BlockDraws, variants: Variants, row: int) -> SubPillarScheme:
    node = block.nodes[sub.code]
    rule = RULES[node.rule[row]]
    shares = [_share(node.shares[row, k]) if rule == "weighted" else None for k in range(node.shares.shape[1])]
    criteria = tuple(
        replace(_read_criterion(c, block.criteria.get(c.id), variants, row), share=share)
        for c, share in zip(sub.criteria, shares, strict=False)
    )
    parts = tuple(
        replace(_read_node(p, block, variants, row), share=share)
        for p, share in zip(sub.parts, shares[len(sub.criteria) :], strict=True)
    )
    return replace(sub, rule=SourcedRule(rule, sub.rule.origin, sub.rule.source), criteria=criteria, parts=parts)


def _read_criterion(criterion: Criterion, draws: CriterionDraws | None, variants: Variants, row: int) -> Criterion:
    if draws is None:
        return criterion
    if draws.edges is None:
        points = dict(zip(draws.keys, map(_exact, draws.points[row]), strict=True))
        return replace(criterion, points={k: replace(f, value=points[k]) for k, f in criterion.points.items()})
    steps = tuple(
        PointStep(_exact(edge), replace(step.points, value=_exact(points)))
        for step, edge, points in zip(criterion.steps, draws.edges[row], draws.points[row], strict=True)
    )
    measure = variants[draws.variant[row]][criterion.id].measure
    return replace(criterion, steps=steps, measure=measure)


def _share(value: float) -> SourcedNumber:
    return SourcedNumber(_exact(value), "assumed", NO_TEXT)


def _exact(value: float) -> Decimal:
    return Decimal(repr(float(value)))
