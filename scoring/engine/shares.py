"""What each criterion keeps of the total and what it loses: the parts add up to the total exactly. PURE."""

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
    """Points of the total: kept, and lost. `decides`: false where a better or worse criterion stands for it."""

    kept: Decimal
    lost: Decimal
    decides: bool = True

    @property
    def worth(self) -> Decimal:
        """The most it could keep as things stand."""
        return self.kept + self.lost


def compute_score_shares(sheet: ScoreSheet) -> dict[str, ScoreShare]:
    """The share of every criterion whose sub-pillar has a score, by criterion id.

    Σ kept = sheet.low (the total with everything unknown at 0); Σ kept + Σ lost = sheet.known_weight.
    """
    out: dict[str, ScoreShare] = {}
    for sub in sheet.sub_pillars:
        if sub.score is None or sub.weight is None:
            continue
        kept = sub.score * sub.weight.value / HUNDRED
        out.update(_split_sub_pillar(sub, kept, sub.weight.value - kept, decides=True))
    return out


def sum_kept_points(found: Mapping[str, ScoreShare]) -> Decimal:
    """What all criteria keep together."""
    return sum((s.kept for s in found.values()), ZERO)


def _split_sub_pillar(
    sub: SubPillarScore, kept: Decimal, lost: Decimal, *, decides: bool
) -> Iterator[tuple[str, ScoreShare]]:
    nodes: list[CriterionScore | SubPillarScore] = [*sub.criteria, *sub.parts]
    points = [_known_points(n) for n in nodes]
    if sub.rule in ("min", "max"):
        chosen = points.index(min(points) if sub.rule == "min" else max(points))
        portions = [(kept, lost) if at == chosen else (ZERO, ZERO) for at in range(len(nodes))]
        deciding = [decides and at == chosen for at in range(len(nodes))]
    else:
        have = [p * s for p, s in zip(points, sub.shares, strict=True)]
        miss = [(HUNDRED - p) * s for p, s in zip(points, sub.shares, strict=True)]
        portions = list(zip(_split_amount(kept, have), _split_amount(lost, miss), strict=True))
        deciding = [decides] * len(nodes)
    for node, (own, gone), counts in zip(nodes, portions, deciding, strict=True):
        if isinstance(node, SubPillarScore):
            yield from _split_sub_pillar(node, own, gone, decides=counts)
        else:
            yield node.id, ScoreShare(own, gone, counts)


def _known_points(node: CriterionScore | SubPillarScore) -> Decimal:
    value = node.score if isinstance(node, SubPillarScore) else node.points
    return ZERO if value is None else value


def _split_amount(amount: Decimal, measures: Sequence[Decimal]) -> list[Decimal]:
    """`amount` in the proportion of `measures`, adding up to it exactly."""
    whole = sum(measures, ZERO)
    if not whole:
        # Nothing to go by: rounding alone can leave an amount here, and the first takes it.
        return [amount if at == 0 else ZERO for at in range(len(measures))]
    parts = [(amount * m / whole).quantize(SHARE_PRECISION) for m in measures]
    largest = max(range(len(measures)), key=lambda at: measures[at])
    parts[largest] += amount - sum(parts, ZERO)
    return parts
