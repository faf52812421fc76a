"""Splitting the total among the criteria: points kept and points lost, adding up to it exactly. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.sheet import CriterionScore, ScoreSheet, SubPillarScore

ZERO = Decimal(0)
HUNDRED = Decimal(100)
SHARE_PRECISION = Decimal("0.00000001")  # parts of thirds are cut here; what is left over goes to the largest part


@dataclass(frozen=True, slots=True)
class ScoreShare:
    """Points of the total: kept, and lost. `decides`: false where another criterion decides (rules max and min)."""

    kept: Decimal
    lost: Decimal
    decides: bool = True

    @property
    def worth(self) -> Decimal:
        """Points kept and lost together: the most it can give."""
        return self.kept + self.lost


def compute_score_shares(sheet: ScoreSheet) -> dict[str, ScoreShare]:
    """The share of every criterion whose sub-pillar has a score, by criterion id.

    Σ kept = sheet.low (the total with everything unknown at 0); Σ kept + Σ lost = sheet.known_weight.
    """
    shares: dict[str, ScoreShare] = {}
    for sub in sheet.sub_pillars:
        if sub.score is None or sub.weight is None:
            continue
        kept = sub.score * sub.weight.value / HUNDRED
        shares.update(_split_sub_pillar(sub, kept, sub.weight.value - kept, decides=True))
    return shares


def sum_kept_points(shares: Mapping[str, ScoreShare]) -> Decimal:
    """The sum of the kept points."""
    return sum((s.kept for s in shares.values()), ZERO)


def _split_sub_pillar(
    sub: SubPillarScore, kept: Decimal, lost: Decimal, *, decides: bool
) -> Iterator[tuple[str, ScoreShare]]:
    nodes: list[CriterionScore | SubPillarScore] = [*sub.criteria, *sub.parts]
    points = [_known_points(n) for n in nodes]
    if sub.rule in ("min", "max"):
        chosen = points.index(min(points) if sub.rule == "min" else max(points))
        portions = [(kept, lost) if position == chosen else (ZERO, ZERO) for position in range(len(nodes))]
        deciding = [decides and position == chosen for position in range(len(nodes))]
    else:
        kept_measures = [p * s for p, s in zip(points, sub.shares, strict=True)]
        lost_measures = [(HUNDRED - p) * s for p, s in zip(points, sub.shares, strict=True)]
        portions = list(zip(_split_amount(kept, kept_measures), _split_amount(lost, lost_measures), strict=True))
        deciding = [decides] * len(nodes)
    for node, (kept_part, lost_part), is_deciding in zip(nodes, portions, deciding, strict=True):
        if isinstance(node, SubPillarScore):
            yield from _split_sub_pillar(node, kept_part, lost_part, decides=is_deciding)
        else:
            yield node.id, ScoreShare(kept_part, lost_part, is_deciding)


def _known_points(node: CriterionScore | SubPillarScore) -> Decimal:
    value = node.score if isinstance(node, SubPillarScore) else node.points
    return ZERO if value is None else value


def _split_amount(amount: Decimal, measures: Sequence[Decimal]) -> list[Decimal]:
    """`amount` in the proportion of `measures`, adding up to it exactly."""
    total = sum(measures, ZERO)
    if not total:
        # Nothing to go by: rounding alone can leave an amount here, and the first takes it.
        return [amount if position == 0 else ZERO for position in range(len(measures))]
    parts = [(amount * m / total).quantize(SHARE_PRECISION) for m in measures]
    largest = max(range(len(measures)), key=lambda position: measures[position])
    parts[largest] += amount - sum(parts, ZERO)
    return parts
