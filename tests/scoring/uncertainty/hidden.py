"""Hidden true schemes: other shapes of distribution than the sampler's, kept where the exact engine agrees.

Nothing here uses the sampler: a truth is a ScoringScheme, and what is published is checked on it by whole made-up
nations and by the exact sums of shares and points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product
from random import Random

from scoring.engine.levels import round_score
from scoring.scheme.sourced import NO_TEXT, SourcedNumber, SourcedRule
from scoring.scheme.types import Criterion, PointStep, ScoringScheme, SubPillarScheme

UNPUBLISHED = ("assumed", "estimated")
# Of 2567, by this year's code: provinces' scores as published (fixtures/results/2567.csv).
PUBLISHED = {
    "1.2": ("90.00",),
    "2.4": ("40.00", "100.00"),
    "3.1": ("65.00", "80.00"),
    "4.1": ("95.71", "62.86"),
    "4.4": ("46.67", "55.56"),
    "5.2": ("80.00", "95.00"),
    "6.1": ("80.00", "100.00"),
}
SHARES = {"4.1": ((3, 2, 2), (2, 3, 2), (2, 2, 3), (3, 1, 3), (3, 3, 1)), "4.4": ((4, 3, 2), (3, 4, 2), (2, 3, 4))}
DOING_SHARE, DONE_SHARE, AVERAGE_1_3 = Decimal("0.25"), Decimal("0.6184"), Decimal("61.84")


def make_truth(scheme: ScoringScheme, chance: Random, *, kept: float) -> ScoringScheme:
    """A true scheme: each sub-pillar by itself drawn until it agrees with what is published of it.

    With chance 1 - `kept` a sub-pillar need not agree: 2568 may be scored otherwise than 2567.
    """
    rules = [scheme.levels, *(r.levels for r in scheme.readings if r.levels is not None)]
    pillars = []
    for pillar in scheme.pillars:
        subs = [_draw_agreeing(s, scheme, chance, bound=chance.random() < kept) for s in pillar.sub_pillars]
        pillars.append(replace(pillar, sub_pillars=tuple(_move_weights(subs, chance))))
    levels = chance.choices(rules, [6, 2, 2])[0] if len(rules) == 3 else rules[0]
    return replace(scheme, pillars=tuple(pillars), levels=levels, readings=(), uncertainty=None, compiled={})


def _draw_agreeing(sub: SubPillarScheme, scheme: ScoringScheme, chance: Random, *, bound: bool) -> SubPillarScheme:
    widened = {ident: keys for r in scheme.readings for ident, keys in r.answers.items()}
    for _ in range(400):
        found = _draw_sub(sub, widened, chance)
        if not bound or _agrees(found):
            return found
    return sub


def _draw_sub(sub: SubPillarScheme, widened: Mapping[str, tuple[str, ...]], chance: Random) -> SubPillarScheme:
    criteria = [_draw_criterion(c, widened, chance) for c in sub.criteria]
    parts = [_draw_sub(p, widened, chance) for p in sub.parts]
    rule = sub.rule
    if sub.code in SHARES and chance.random() < 0.6:
        shares = chance.choice(SHARES[sub.code])
        parts = [replace(p, share=_figure(Decimal(s))) for p, s in zip(parts, shares, strict=True)]
    elif sub.code == "3.2" and chance.random() < 0.1:
        rule = SourcedRule("min", "assumed", NO_TEXT)
    return replace(sub, criteria=tuple(criteria), parts=tuple(parts), rule=rule)


def _draw_criterion(criterion: Criterion, widened: Mapping[str, tuple[str, ...]], chance: Random) -> Criterion:
    """Points of each step by itself, sorted so that they rise; now and then an edge moves and exempt rows count."""
    if criterion.choice:
        keys = sorted(criterion.points, key=lambda k: criterion.points[k].value)
        values = _draw_points([criterion.points[k] for k in keys], chance)
        if criterion.id == "internal-rule":
            values[keys.index("doing")] = Decimal(chance.choice([0, 0, 0, 20, 40, 60]))
        points = {k: replace(criterion.points[k], value=v) for k, v in zip(keys, values, strict=True)}
        return replace(criterion, points={k: points[k] for k in criterion.points})
    if criterion.measure is None:
        return criterion
    values = _draw_points([s.points for s in criterion.steps], chance)
    edges = [s.threshold for s in criterion.steps]
    if chance.random() < 0.5 and len(edges) > 2:
        place = chance.randrange(1, len(edges) - 1)
        if criterion.steps[place].points.origin in UNPUBLISHED and edges[place + 1] - edges[place] > 1:
            edges[place] += 1
    steps = tuple(
        PointStep(e, replace(s.points, value=v)) for e, s, v in zip(edges, criterion.steps, values, strict=True)
    )
    measure = criterion.measure
    if criterion.id in widened and chance.random() < 0.4 and hasattr(measure, "answers"):
        measure = replace(measure, answers=(*measure.answers, *widened[criterion.id]))
    return replace(criterion, steps=steps, measure=measure)


def _draw_points(rising: list[SourcedNumber], chance: Random) -> list[Decimal]:
    """A normal shift of the whole criterion and a small one of each step, in tens, below a published one."""
    common = chance.gauss(0, 10)
    values: list[Decimal] = []
    for place, figure in enumerate(rising):
        value = figure.value
        if figure.origin in UNPUBLISHED and value:
            ceiling = min(
                [Decimal(100), *(max(f.value - 10, value) for f in rising[place + 1 :] if f.origin not in UNPUBLISHED)]
            )
            moved = max(min(common + chance.gauss(0, 6), 20), -20)
            value = max(min(value + round(Decimal(moved) / 10) * 10, ceiling), Decimal(10))
        values.append(max([value, *values]))
    return values


def _move_weights(subs: list[SubPillarScheme], chance: Random) -> list[SubPillarScheme]:
    """One point of weight from one sub-pillar to another, more often where the pillar changed."""
    if len(subs) < 2 or chance.random() > (0.7 if subs[0].code[0] in "12" else 0.25):
        return subs
    less, more = chance.sample(range(len(subs)), 2)
    weights = [s.weight for s in subs]
    if weights[less].value < 2:
        return subs
    weights[less] = replace(weights[less], value=weights[less].value - 1)
    weights[more] = replace(weights[more], value=weights[more].value + 1)
    return [replace(s, weight=w) for s, w in zip(subs, weights, strict=True)]


def _agrees(sub: SubPillarScheme) -> bool:
    if sub.code == "1.3":
        doing = sub.criteria[0].points["doing"].value
        return abs(DONE_SHARE * 100 + DOING_SHARE * doing - AVERAGE_1_3) <= Decimal("0.01")
    wanted = [Decimal(score) for score in PUBLISHED.get(sub.code, ())]
    if not wanted:
        return True
    possible = {round_score(value) for value in _list_scores(sub)}
    return all(score in possible for score in wanted)


def _list_scores(sub: SubPillarScheme) -> set[Decimal]:
    """Every score the sub-pillar can have, by the engine's own ways of joining."""
    children = [
        {Decimal(0), *(s.points.value for s in c.steps), *(f.value for f in c.points.values())} for c in sub.criteria
    ]
    children += [_list_scores(p) for p in sub.parts]
    if sub.rule.value in ("max", "min"):
        return set().union(*children)
    figures = [c.share for c in sub.criteria] + [p.share for p in sub.parts]
    shares = [f.value if f is not None and sub.rule.value == "weighted" else Decimal(1) for f in figures]
    sums = {sum(v * s for v, s in zip(values, shares, strict=True)) for values in product(*children)}
    return {value / sum(shares) for value in sums}


def _figure(value: Decimal) -> SourcedNumber:
    return SourcedNumber(value, "assumed", NO_TEXT)
