"""Levels and scores of made-up provinces that have the published shares of levels. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final

from demo.national.expressions import Expression, span_of
from scoring.engine.aggregates import aggregate_scores
from scoring.engine.levels import round_score
from scoring.scheme.types import LevelRule, ScoringScheme

# How provinces lie over the levels where nothing is published; of pillars all levels alike, since what is published of
# them is their most frequent level.
USUAL: Final[Mapping[int, int]] = {1: 1, 2: 9, 3: 8, 4: 2, 5: 1}
NOISE: Final = 0.6  # how far a province may stand from its usual place


@dataclass(frozen=True, slots=True)
class Standing:
    """A province's published result: scores and levels by (kind, code)."""

    scores: Mapping[tuple[str, str], Decimal]
    levels: Mapping[tuple[str, str], int]


class ImpossibleShares(ValueError):
    """No distribution over the levels has the shares that are published of a code."""


def make_standings(
    scheme: ScoringScheme,
    expressions: Iterable[Expression],
    provinces: int,
    rng: Random,
    known: Mapping[int, Mapping[str, int]] | None = None,
) -> list[Standing | None]:
    """The results of a number of provinces. Raises ImpossibleShares.

    `known`: levels by code of provinces whose results are published; they keep them, and have no made-up standing.
    """
    known = known or {}
    wanted: dict[str, list[tuple[int, int, int]]] = {}
    for one in expressions:
        if one.kind == "level":
            count = one.figure.count_of(provinces)
            if count is None:
                raise ImpossibleShares(one.address)
            wanted.setdefault(one.address, []).append((*span_of(one.value), count))
    others = [n for n in range(provinces) if n not in known]
    places = [rng.random() for _ in others]
    subs = [sub.code for pillar in scheme.pillars for sub in pillar.sub_pillars]
    pillars = [pillar.number for pillar in scheme.pillars]
    levels = {}
    for code in (*subs, *pillars):
        counts = spread(wanted.get(code, []), provinces, even=code in pillars)
        for published in known.values():
            counts[published[code]] -= 1
        if min(counts.values()) < 0:
            raise ImpossibleShares(f"{code}: more provinces than its shares allow have a published level")
        levels[code] = _deal(counts, places, rng)
    made = {n: {code: levels[code][at] for code in levels} for at, n in enumerate(others)}
    return [_standing(scheme, made[n], subs, rng) if n in made else None for n in range(provinces)]


def spread(wanted: Sequence[tuple[int, int, int]], provinces: int, *, even: bool = False) -> dict[int, int]:
    """How many stand at each level, so that so many stand from one level to another. Raises ImpossibleShares."""
    fixed: dict[int, int] = {}
    for low, high, count in sorted(wanted, key=lambda one: one[1] - one[0]):
        span = range(low, high + 1)
        free = [level for level in span if level not in fixed]
        fixed |= _portion(count - sum(fixed.get(level, 0) for level in span), free, even)
    rest = provinces - sum(fixed.values())
    fixed |= _portion(rest, [level for level in USUAL if level not in fixed], even)
    return dict(sorted(fixed.items()))


def _portion(count: int, levels: Sequence[int], even: bool) -> dict[int, int]:
    if count < 0 or (count and not levels):
        raise ImpossibleShares(f"{count} over {levels}")
    weights = {level: 1 if even else USUAL[level] for level in levels}
    all_ = sum(weights.values())
    found = {level: count * weight // all_ for level, weight in weights.items()}
    for level in sorted(weights, key=lambda level: -weights[level])[: count - sum(found.values())]:
        found[level] += 1
    return found


def _deal(counts: Mapping[int, int], places: Sequence[float], rng: Random) -> list[int]:
    """A level for each province: those that usually stand low get the low ones."""
    order = sorted(range(len(places)), key=lambda n: places[n] + rng.uniform(0, NOISE))
    dealt = [level for level, count in counts.items() for _ in range(count)]
    levels = [0] * len(places)
    for n, level in zip(order, dealt, strict=True):
        levels[n] = level
    return levels


def _standing(scheme: ScoringScheme, levels: Mapping[str, int], subs: Sequence[str], rng: Random) -> Standing:
    scores = {code: _score(scheme.levels, levels[code], rng) for code in subs}
    whole = aggregate_scores(scheme, scores)
    pillars = {p.number: p.score for p in whole.pillars if p.score is not None}
    found = {("sub_pillar", code): score for code, score in scores.items()}
    found |= {("pillar", number): round_score(score) for number, score in pillars.items()}
    found["total", "total"] = round_score(whole.total or Decimal(0))
    told = {("sub_pillar" if code in scores else "pillar", code): level for code, level in levels.items()}
    told["total", "total"] = sum(levels[number] for number in pillars) // len(pillars)
    return Standing(found, told)


def _score(rule: LevelRule | None, level: int, rng: Random) -> Decimal:
    """A score in the middle of the level's band."""
    edges = [Decimal(0), *(band.edge for band in (rule.bands if rule else ()) if band.edge is not None), Decimal(100)]
    low, high = edges[level - 1], edges[min(level, len(edges) - 1)]
    return round_score(low + (high - low) * Decimal(rng.randint(25, 75)) / 100)
