"""Drawing sub-pillar weights: whole numbers that add up to the pillar's weight, near those of the scheme. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np

from scoring.engine.compiled_scheme import UNPUBLISHED_ORIGINS
from scoring.scheme.types import PillarScheme
from scoring.scheme.uncertainty_types import WeightSpread
from scoring.uncertainty.draw_types import Floats


def list_weightings(pillar: PillarScheme, spread: WeightSpread) -> list[tuple[float, ...]]:
    """Every way to split the pillar's weight that the scheme allows, its own first."""
    base = [float(s.weight.value) if s.weight else 0.0 for s in pillar.sub_pillars]
    free = [bool(s.weight and s.weight.origin in UNPUBLISHED_ORIGINS) for s in pillar.sub_pillars]
    own = tuple(base)
    others = [w for w in _vary(base, free, spread.by) if abs(sum(w) - sum(base)) < 1e-9 and w != own]
    return [own, *others]


def _vary(base: Sequence[float], free: Sequence[bool], by: int) -> Iterator[tuple[float, ...]]:
    steps = range(-by, by + 1)
    for moves in product(*(steps if f else (0,) for f in free)):
        weights = tuple(b + m for b, m in zip(base, moves, strict=True))
        if all(w >= 1 or not m for w, m in zip(weights, moves, strict=True)):
            yield weights


def weigh_weightings(weightings: Sequence[tuple[float, ...]], spread: WeightSpread) -> Floats:
    """How likely each is by the scheme alone: `decay` for each point that is moved from one to another."""
    own = np.array(weightings[0])
    moved = np.abs(np.array(weightings) - own).sum(axis=1) / 2
    chances: Floats = spread.decay**moved
    chances /= chances.sum()
    return chances


def draw_weights(
    rng: np.random.Generator, pillar: PillarScheme, weightings: Sequence[tuple[float, ...]], chances: Floats, count: int
) -> Mapping[str, Floats]:
    """Weights by sub-pillar code, a row per draw."""
    table = np.array(weightings)
    rows = rng.choice(len(weightings), size=count, p=chances / chances.sum())
    return {s.code: table[rows, position] for position, s in enumerate(pillar.sub_pillars)}
