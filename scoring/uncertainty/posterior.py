"""Weighing drawn readings by what is published, and drawing again from those that agree. PURE.

Sub-pillars are independent but for the rule of levels. So each one's candidates are weighed under every rule, the
rules by how well all sub-pillars and the published standings agree with them, and each draw takes a candidate of every
sub-pillar in proportion to its weight under the draw's rule. The rows that come out weigh the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.scheme.uncertainty_types import Evidence
from scoring.uncertainty.constraints import Constraint
from scoring.uncertainty.draw_types import BlockDraws, BlockReport, Floats, Integers


@dataclass(frozen=True, slots=True)
class WeighedBlock:
    """Candidates of a sub-pillar with their constraints; `weights` by rule of levels (rows) and candidate."""

    candidates: BlockDraws
    constraints: Sequence[Constraint]
    weights: Floats

    def report(self, rule: int) -> BlockReport:
        """How many candidates there are, agree with everything, and count in effect."""
        weights = self.weights[rule]
        agrees = np.ones(len(weights), dtype=np.bool_)
        for one in self.constraints:
            agrees &= pick_rule(one.distance, rule) <= max(
                one.tolerance, 2 * one.tolerance if one.kind != "score" else 0
            )
        effective = weights.sum() ** 2 / (weights**2).sum() if weights.any() else 0.0
        return BlockReport(len(weights), int(agrees.sum()), float(effective))


def pick_rule(values: Floats, rule: int) -> Floats:
    """The row of a rule of levels; the only row where levels do not matter."""
    row: Floats = values[min(rule, len(values) - 1)]
    return row


def weigh_block(
    candidates: BlockDraws, constraints: Sequence[Constraint], evidence: Evidence | None, rules: int, count: int
) -> WeighedBlock:
    """The weights of candidates under each rule of levels."""
    weights = np.ones((max(rules, 1), count))
    for one in constraints if evidence is not None else ():
        likelihood = one.likelihood(evidence.kept if evidence else 0.0)
        weights = weights * (likelihood if len(likelihood) == len(weights) else likelihood[:1])
    return WeighedBlock(candidates, constraints, weights)


def find_rule_chances(prior: Floats, standings: Floats, blocks: Mapping[str, WeighedBlock]) -> Floats:
    """How probable each rule of levels is, given the published standings and all sub-pillars."""
    chances = prior * standings
    for block in blocks.values():
        means = block.weights.mean(axis=1)
        chances = chances * means / means.max()
    total = chances.sum()
    result: Floats = chances / total if total > 0 else prior
    return result


def draw_again(rng: np.random.Generator, block: WeighedBlock, level_rule: Integers) -> Integers:
    """For each draw a candidate, in proportion to its weight under the draw's rule of levels."""
    rows = np.zeros(len(level_rule), dtype=np.int64)
    for rule in range(len(block.weights)):
        places = np.flatnonzero(level_rule == rule)
        if not len(places):
            continue
        passed = np.cumsum(block.weights[rule])
        marks = (np.arange(len(places)) + rng.random()) / len(places) * passed[-1]
        picked = np.minimum(np.searchsorted(passed, marks), len(passed) - 1)
        rows[places] = rng.permutation(picked)
    return rows
