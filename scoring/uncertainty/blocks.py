"""Drawing what one sub-pillar leaves open: points and edges of its steps, what counts, how it is joined. PURE."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoring.engine.compiled_scheme import UNPUBLISHED_ORIGINS
from scoring.scheme.sourced import SourcedNumber
from scoring.scheme.types import Criterion, SubPillarScheme
from scoring.scheme.uncertainty_types import SchemeUncertainty, StepSpread
from scoring.uncertainty.draw_types import RULES, BlockDraws, CriterionDraws, Floats, NodeDraws

FULL = 100.0


def draw_block(rng: np.random.Generator, sub: SubPillarScheme, spread: SchemeUncertainty, count: int) -> BlockDraws:
    """Draws `count` readings of a sub-pillar by the scheme's distributions alone."""
    criteria: dict[str, CriterionDraws] = {}
    nodes: dict[str, NodeDraws] = {}

    def walk(node: SubPillarScheme) -> None:
        for criterion in node.criteria:
            if not criterion.external:
                criteria[criterion.id] = _draw_criterion(rng, criterion, spread, count)
        for part in node.parts:
            walk(part)
        nodes[node.code] = _draw_node(rng, node, spread, count)

    walk(sub)
    return BlockDraws(criteria, nodes)


def _draw_criterion(
    rng: np.random.Generator, criterion: Criterion, spread: SchemeUncertainty, count: int
) -> CriterionDraws:
    variant = (rng.random(count) < spread.answers.get(criterion.id, 0.0)).astype(np.int64)
    if other := spread.counted.get(criterion.id):
        variant[rng.random(count) < other.chance] = 2
    if criterion.measure is not None:
        points = _draw_points(rng, [s.points for s in criterion.steps], spread.steps, count)
        return CriterionDraws(points, _draw_edges(rng, criterion, spread.steps, count), (), variant)
    keys = sorted(criterion.points, key=lambda k: criterion.points[k].value)
    points = _draw_points(rng, [criterion.points[k] for k in keys], spread.steps, count)
    if other_points := spread.points.get(criterion.id):
        chances = [chance for _, chance in other_points.values]
        column = keys.index(other_points.option)
        picked = rng.choice(len(chances) + 1, size=count, p=[*chances, max(1.0 - sum(chances), 0.0)])
        values = np.array([*(value for value, _ in other_points.values), 0.0])
        points[:, column] = np.where(picked < len(chances), values[picked], points[:, column])
        points = np.maximum.accumulate(points, axis=1)
    return CriterionDraws(points, None, tuple(keys), variant)


def _draw_points(rng: np.random.Generator, rising: Sequence[SourcedNumber], spread: StepSpread, count: int) -> Floats:
    """Points of steps: those not published move together and a little by themselves, and never fall."""
    base = np.array([float(f.value) for f in rising])
    free = np.array([f.origin in UNPUBLISHED_ORIGINS and f.value > 0 for f in rising])
    if not free.any():
        return np.tile(base, (count, 1))
    common = _draw_jumps(rng, spread, (count, 1))
    own = rng.choice([-spread.grid, 0.0, spread.grid], size=(count, len(base)), p=[0.25, 0.5, 0.25])
    moved = np.clip(common + own, -spread.less, spread.more)
    moved[rng.random(count) < spread.kept] = 0.0
    points = np.where(free, np.minimum(base + moved, _find_ceilings(rising, spread)), base)
    points = np.maximum(points, np.where(free, min(spread.grid, FULL), 0.0))
    return np.maximum.accumulate(points, axis=1)


def _draw_jumps(rng: np.random.Generator, spread: StepSpread, shape: tuple[int, int]) -> Floats:
    """Jumps of the grid between `less` and `more`, the further the rarer."""
    jumps = np.arange(-np.floor(spread.less / spread.grid), np.floor(spread.more / spread.grid) + 1)
    reach = np.where(jumps < 0, max(spread.less, spread.grid), max(spread.more, spread.grid)) / spread.grid
    chances = 1.0 - np.abs(jumps) / (reach + 1.0)
    return rng.choice(jumps * spread.grid, size=shape, p=chances / chances.sum())


def _find_ceilings(rising: Sequence[SourcedNumber], spread: StepSpread) -> Floats:
    """The most that each step may give: less than a published step above it."""
    ceilings = []
    for position, figure in enumerate(rising):
        published = [float(f.value) for f in rising[position + 1 :] if f.origin not in UNPUBLISHED_ORIGINS]
        ceilings.append(min([FULL, *(max(p - spread.grid, float(figure.value)) for p in published)]))
    return np.array(ceilings)


def _draw_edges(rng: np.random.Generator, criterion: Criterion, spread: StepSpread, count: int) -> Floats:
    """Thresholds of the steps: those of unpublished points may lie one unit lower or higher; they keep rising."""
    base = np.array([float(s.threshold) for s in criterion.steps])
    edges = np.tile(base, (count, 1))
    if len(base) < 2 or not spread.edges:
        return edges
    unit = 1.0 if base[-1] <= 20 else 5.0  # counts move by one, shares of a hundred by five
    for position in range(1, len(base)):
        if criterion.steps[position].points.origin not in UNPUBLISHED_ORIGINS:
            continue
        jump = rng.choice([-unit, 0.0, unit], size=count, p=[spread.edges / 2, 1 - spread.edges, spread.edges / 2])
        upper = base[position + 1] - unit if position + 1 < len(base) else base[position]
        edges[:, position] = np.clip(
            base[position] + jump, edges[:, position - 1] + unit * 0.5, max(upper, base[position])
        )
    return edges


def _draw_node(rng: np.random.Generator, node: SubPillarScheme, spread: SchemeUncertainty, count: int) -> NodeDraws:
    children = [c.share for c in node.criteria] + [p.share for p in node.parts]
    weighted = node.rule.value == "weighted"
    base = [float(s.value) if s is not None and weighted else 1.0 for s in children]
    rule = np.full(count, RULES.index(node.rule.value), dtype=np.int64)
    shares = np.tile(np.array(base), (count, 1))
    other = spread.combine.get(node.code)
    if other is None:
        return NodeDraws(rule, shares)
    chances = [c.chance for c in other.choices]
    picked = rng.choice(len(chances) + 1, size=count, p=[*chances, max(1.0 - sum(chances), 0.0)])
    for number, choice in enumerate(other.choices):
        rule[picked == number] = RULES.index(choice.rule)
        shares[picked == number] = choice.shares or 1.0
    return NodeDraws(rule, shares)
