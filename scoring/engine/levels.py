"""Levels of scores: bands, the index of several levels, rounding to a whole level. Exact: no float. PURE."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from scoring.scheme.types import LevelRule

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


def round_score(value: Decimal) -> Decimal:
    """Rounded to two places, halves away from zero, as the official tables are."""
    return value.quantize(CENT, ROUND_HALF_UP)


def find_level(rule: LevelRule, score: Decimal) -> int:
    """The level of a sub-pillar's score, judged on the two places that are shown."""
    shown = round_score(score)
    for band in rule.bands:
        if band.edge is None or shown < band.edge or (band.inclusive and shown == band.edge):
            return band.level
    return rule.bands[-1].level


def compute_index(rule: LevelRule, levels: Sequence[int] | Sequence[Fraction]) -> Fraction:
    """The index of several levels or indexes (at least one)."""
    if rule.index.value == "min":
        return Fraction(min(levels))
    return Fraction(sum(levels), len(levels))


def round_to_level(rule: LevelRule, index: Fraction) -> int:
    """The whole level of an index, kept within the bands."""
    rounding = rule.rounding.value
    if rounding == "floor":
        level = math.floor(index)
    elif rounding == "ceiling":
        level = math.ceil(index)
    else:
        level = math.floor(index + Fraction(1, 2))
    return min(max(level, rule.bands[0].level), rule.bands[-1].level)
