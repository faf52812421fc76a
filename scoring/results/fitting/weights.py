"""The weights of sub-pillars out of their pillar's, from published pillar and sub-pillar scores. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.results.fitting.types import UNPUBLISHED_ORIGINS, Adjustment, OpenNumber
from scoring.scheme.types import PillarScheme

TOLERANCE: Final = Decimal("0.01")  # all of these are published at two places
MAX_COMBINATIONS: Final = 200_000
MAX_SOLUTIONS: Final = 5_000


@dataclass(frozen=True, slots=True)
class WeightFit:
    """What the weights of a pillar become, which of them stay open, and the largest error that is left."""

    weights: Mapping[str, Decimal]
    moves: tuple[Adjustment, ...]
    open: tuple[OpenNumber, ...]
    error: Decimal

    @property
    def is_exact(self) -> bool:
        """Whether every published pillar score comes out."""
        return self.error <= TOLERANCE


Whole = NDArray[np.int64]
Column = Mapping[tuple[str, str], Decimal]  # published scores of one subject, by kind and code


def fit_weights(pillar: PillarScheme, columns: Sequence[Column]) -> WeightFit | None:
    """Whole weights that give the published pillar scores of every column, next to the present ones.

    None where nothing can be learned: one sub-pillar, no column with all its scores, or weights that are published.
    """
    subs = [s for s in pillar.sub_pillars if s.weight is not None]
    codes = [s.code for s in subs]
    present = [s.weight.value for s in subs if s.weight is not None]
    known = [s.weight.origin not in UNPUBLISHED_ORIGINS for s in subs if s.weight is not None]
    whole = [c for c in columns if ("pillar", pillar.number) in c and all(("sub_pillar", code) in c for code in codes)]
    total = pillar.weight.value
    if len(codes) < 2 or not whole or all(known) or total != int(total):
        return None
    scores = np.array([[int(c["sub_pillar", code] * 100) for code in codes] for c in whole], dtype=np.int64)
    wanted = np.array([int(c["pillar", pillar.number] * 100) for c in whole], dtype=np.int64) * int(total)
    fixed = {i: int(value) for i, (value, is_known) in enumerate(zip(present, known, strict=True)) if is_known}
    options = _list_weights(int(total), len(codes), fixed)
    if options is None:
        return None
    errors = np.abs(options @ scores.T - wanted).max(axis=1)
    best = max(int(errors.min()), int(TOLERANCE * 100) * int(total))
    fitting = options[errors <= best]
    changes = np.abs(fitting - np.array([float(value) for value in present])).sum(axis=1)
    nearest = fitting[np.isclose(changes, changes.min())]
    chosen = nearest[0]
    error = np.abs(chosen @ scores.T - wanted).max() / int(total) / 100
    return WeightFit(
        weights={code: Decimal(int(value)) for code, value in zip(codes, chosen, strict=True)},
        moves=tuple(_list_moves(codes, present, chosen)),
        open=tuple(_list_open(codes, chosen, fitting)),
        error=Decimal(f"{error:.4f}"),
    )


def _list_weights(total: int, count: int, fixed: Mapping[int, int]) -> Whole | None:
    """Every way to share `total` out in whole numbers of at least one; None where these are too many."""
    rows: list[tuple[int, ...]] = []
    for row in _share_out(total, count, fixed, ()):
        rows.append(row)
        if len(rows) > MAX_COMBINATIONS:
            return None
    return np.array(rows, dtype=np.int64) if rows else None


def _share_out(left: int, count: int, fixed: Mapping[int, int], start: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    place = len(start)
    if place == count - 1:
        if left >= 1 and fixed.get(place, left) == left:
            yield (*start, left)
        return
    values = [fixed[place]] if place in fixed else range(1, left - (count - place - 1) + 1)
    for value in values:
        yield from _share_out(left - value, count, fixed, (*start, value))


def _list_moves(codes: Sequence[str], present: Sequence[Decimal], chosen: Sequence[int]) -> Iterator[Adjustment]:
    for code, old, new in zip(codes, present, map(int, chosen), strict=True):
        if old != new:
            yield Adjustment(code, "", "", old, Decimal(new), "weight")


def _list_open(codes: Sequence[str], chosen: Sequence[int], fitting: Whole) -> Iterator[OpenNumber]:
    lows, highs = fitting.min(axis=0), fitting.max(axis=0)
    for code, value, low, high in zip(codes, map(int, chosen), map(int, lows), map(int, highs), strict=True):
        if low != high:
            yield OpenNumber(code, "", "", Decimal(value), Decimal(low), Decimal(high), "weight")
