"""Between which values a mean over the provinces can lie under each reading, by what is published of answers. PURE.

A count's distribution is not published, only its mean, the share that has any, or the share at some levels. Over all
distributions with these figures the mean of the points is bounded; the bounds lie at the corners of that set, which
have as many counts as there are figures, so all of them are tried.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from scoring.scheme.types import Criterion, SubPillarScheme
from scoring.scheme.uncertainty_types import CriterionFacts
from scoring.uncertainty.draw_types import RULES, BlockDraws, CriterionDraws, Flags, Floats, Integers

IMPOSSIBLE = (1e3, -1e3)  # lowest above highest: no distribution has these figures
SLACK = 1e-9


def bound_criterion(
    criterion: Criterion, draws: CriterionDraws, facts: CriterionFacts | None, at_levels: tuple[Flags, float] | None
) -> tuple[Floats, Floats]:
    """Lowest and highest mean of a criterion's points. `at_levels`: which counts are at some levels, their share."""
    if facts is not None and facts.options:
        shares = np.array([facts.options.get(k, 0.0) for k in draws.keys])
        mean: Floats = draws.points @ shares
        return mean, mean
    if draws.edges is None or (facts is None and at_levels is None):
        return np.zeros(len(draws.points)), draws.points.max(axis=1)
    values = count_values(draws)
    rows = values if at_levels is None else np.concatenate([values, at_levels[0]], axis=1)
    first, inverse = find_distinct_rows(rows)
    unique = rows[first]
    size = values.shape[1]
    flags = None if at_levels is None else (unique[:, size:], at_levels[1])
    low, high = _bound_count(unique[:, :size], facts or CriterionFacts(), flags)
    return low[inverse], high[inverse]


def find_distinct_rows(rows: Floats) -> tuple[Integers, Integers]:
    """The places of rows that differ, and for each row which of them it is. By a hash: comparing rows takes longer."""
    marks = np.random.default_rng(0).integers(1, 2**62, size=rows.shape[1]) | 1
    with np.errstate(over="ignore"):
        hashes = (np.rint(rows * 100).astype(np.int64) * marks).sum(axis=1)
    _, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
    return first, inverse.ravel()


def count_values(draws: CriterionDraws) -> Floats:
    """Points of a count of 0, 1, 2 … up to its last step."""
    edges = draws.edges
    assert edges is not None
    most = int(edges.max())
    reached = np.stack([(edges <= n + SLACK).sum(axis=1) for n in range(most + 1)], axis=1)
    points = np.take_along_axis(draws.points, np.maximum(reached - 1, 0), axis=1)
    return np.where(reached > 0, points, 0.0)


def _bound_count(
    values: Floats, facts: CriterionFacts, at_levels: tuple[Floats, float] | None
) -> tuple[Floats, Floats]:
    count, size = values.shape
    numbers = np.arange(size, dtype=np.float64)
    rows, targets = [np.ones((count, size))], [1.0]
    costs = values
    if facts.mean is not None:
        rows.append(np.tile(numbers, (count, 1)))
        targets.append(facts.mean)
    if at_levels is not None:
        rows.append(at_levels[0])
        targets.append(at_levels[1])
    elif facts.some is not None:
        rows.append(np.tile((numbers >= 1).astype(np.float64), (count, 1)))
        targets.append(facts.some)
    matrix = np.stack(rows, axis=1)
    if facts.mean is not None and facts.mean_is_floor:
        surplus = np.zeros((count, len(rows), 1))
        surplus[:, 1] = -1.0
        matrix, costs = np.concatenate([matrix, surplus], axis=2), np.concatenate([costs, np.zeros((count, 1))], axis=1)
    return _search_corners(matrix, np.array(targets), costs)


def _search_corners(matrix: Floats, targets: Floats, costs: Floats) -> tuple[Floats, Floats]:
    """Lowest and highest cost over all corners of {x ≥ 0: matrix · x = targets}, for each row."""
    count, height, width = matrix.shape
    low, high = np.full(count, IMPOSSIBLE[0]), np.full(count, IMPOSSIBLE[1])
    for basis in combinations(range(width), height):
        square = matrix[:, :, basis]
        sound = np.abs(np.linalg.det(square)) > SLACK
        if not sound.any():
            continue
        corner = np.linalg.solve(square[sound], np.broadcast_to(targets[:, None], (int(sound.sum()), height, 1)))[
            ..., 0
        ]
        cost = (corner * costs[sound][:, basis]).sum(axis=1)
        inside = (corner >= -SLACK).all(axis=1)
        low[sound] = np.where(inside, np.minimum(low[sound], cost), low[sound])
        high[sound] = np.where(inside, np.maximum(high[sound], cost), high[sound])
    return low, high


def bound_node(block: BlockDraws, code: str, bounds: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Lowest and highest mean of a sub-pillar or part from those of its children."""
    node = block.nodes[code]
    lows, highs = (np.stack(side, axis=1) for side in zip(*bounds, strict=True))
    shares = node.shares / node.shares.sum(axis=1, keepdims=True)
    low, high = (lows * shares).sum(axis=1), (highs * shares).sum(axis=1)
    is_min, is_max = node.rule == RULES.index("min"), node.rule == RULES.index("max")
    low = np.where(is_min, np.maximum(lows.sum(axis=1) - 100.0 * (lows.shape[1] - 1), 0.0), low)
    high = np.where(is_min, highs.min(axis=1), high)
    low = np.where(is_max, lows.max(axis=1), low)
    high = np.where(is_max, np.minimum(highs.sum(axis=1), 100.0), high)
    return low, high


def bound_sub_pillar(
    sub: SubPillarScheme, block: BlockDraws, facts: dict[str, CriterionFacts], at_levels: tuple[Flags, float] | None
) -> tuple[Floats, Floats]:
    """Lowest and highest mean of a sub-pillar's score. `at_levels` only of one that has a single count."""
    bounds = [bound_criterion(c, block.criteria[c.id], facts.get(c.id), at_levels) for c in sub.criteria]
    bounds += [bound_sub_pillar(part, block, facts, None) for part in sub.parts]
    return bound_node(block, sub.code, bounds)
