"""Which scores a sub-pillar can have at all under each drawn reading, whatever is answered. PURE."""

from __future__ import annotations

import numpy as np

from scoring.scheme.types import SubPillarScheme
from scoring.uncertainty.draw_types import RULES, BlockDraws, CriterionDraws, Floats
from scoring.uncertainty.outcomes import join_children, round_cents

EITHER = tuple(RULES.index(rule) for rule in ("min", "max"))


def list_attainable(sub: SubPillarScheme, block: BlockDraws) -> Floats:
    """Attainable scores: a row per reading, in no order and perhaps more than once, on two places."""
    return round_cents(_list_node(sub, block))


def _list_node(sub: SubPillarScheme, block: BlockDraws) -> Floats:
    children = [_list_points(block.criteria[c.id]) for c in sub.criteria]
    children += [_list_node(part, block) for part in sub.parts]
    node = block.nodes[sub.code]
    if len(children) == 1 or np.isin(node.rule, EITHER).all():
        # The least or the most of several can be the value of any of them.
        return np.concatenate(children, axis=1)
    columns = np.meshgrid(*(np.arange(c.shape[1]) for c in children), indexing="ij")
    combined = np.stack([c[:, rows.ravel()] for c, rows in zip(children, columns, strict=True)], axis=1)
    return join_children(node, combined)


def _list_points(draws: CriterionDraws) -> Floats:
    """Points of a criterion: of each step or option, and 0 where nothing is answered."""
    if draws.points[:, 0].any():
        return np.concatenate([np.zeros((len(draws.points), 1)), draws.points], axis=1)
    return draws.points
