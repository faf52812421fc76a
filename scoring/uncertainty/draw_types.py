"""Types of drawn readings: one row per draw of everything that a scheme leaves uncertain. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scoring.scheme.types import LevelRule

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
VARIANTS = 3
RULES = ("mean", "min", "max", "weighted")  # by the numbers that draws use


@dataclass(frozen=True, slots=True)
class CriterionDraws:
    """A criterion's readings. Of a count, a column per step (`edges`, `points`); of a choice, one per option `keys`.

    `variant`: what is counted: as the file says (0), with the answers of its reading as well (1), or the other measure
    of its uncertainty (2).
    """

    points: Floats
    edges: Floats | None
    keys: tuple[str, ...]
    variant: Integers


@dataclass(frozen=True, slots=True)
class NodeDraws:
    """How a sub-pillar or part joins what lies in it: a rule of RULES, and a share per child."""

    rule: Integers
    shares: Floats


@dataclass(frozen=True, slots=True)
class BlockDraws:
    """The readings of one sub-pillar with its parts and criteria."""

    criteria: Mapping[str, CriterionDraws]
    nodes: Mapping[str, NodeDraws]

    def pick(self, rows: Integers) -> BlockDraws:
        """The readings of the given rows."""
        return BlockDraws(
            {
                ident: CriterionDraws(
                    c.points[rows], None if c.edges is None else c.edges[rows], c.keys, c.variant[rows]
                )
                for ident, c in self.criteria.items()
            },
            {code: NodeDraws(n.rule[rows], n.shares[rows]) for code, n in self.nodes.items()},
        )


@dataclass(frozen=True, slots=True)
class BlockReport:
    """How the draws of one sub-pillar were weighed: how many were tried, agree with everything, count in effect."""

    candidates: int
    accepted: int
    effective: float


@dataclass(frozen=True, slots=True)
class ReadingDraws:
    """Drawn readings of a scheme, one row each; `weights` sum to 1.

    `level_rules`: the rules of levels that `level_rule` numbers. `sub_weights`: by code. `externals`: by code, where
    between its bounds an estimated outside score lies (0 to 1).
    """

    seed: int
    weights: Floats
    level_rules: tuple[LevelRule, ...]
    level_rule: Integers
    sub_weights: Mapping[str, Floats]
    blocks: Mapping[str, BlockDraws]
    externals: Mapping[str, Floats]
    reports: Mapping[str, BlockReport] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many readings there are."""
        return len(self.weights)
