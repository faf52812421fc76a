"""What a corrected sub-pillar makes of its pillar, the total and the ranks of a published result. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from scoring.engine.aggregates import aggregate_scores
from scoring.engine.levels import HUNDRED, round_score
from scoring.engine.score_tables import list_table_codes
from scoring.results.consistency import KNOWN_ORIGINS, TOLERANCE
from scoring.scheme.types import PillarScheme, ScoringScheme

Scores = Mapping[tuple[str, str], Decimal]  # of one province, by kind and code
TOTAL: Final = ("total", "total")


@dataclass(frozen=True, slots=True)
class CorrectedResult:
    """The figures that follow from one corrected sub-pillar, rounded as published; None: not published before.

    `is_exact`: every weight that was used is published or recovered. `level_moves`: the level by the scheme's rule is
    another one, or cannot be told.
    """

    pillar: str
    pillar_score: Decimal | None
    total: Decimal | None
    is_exact: bool
    level_moves: bool


def correct_result(scheme: ScoringScheme, scores: Scores, code: str, score: Decimal) -> CorrectedResult | None:
    """The pillar and total with sub-pillar `code` at `score`; None where the scheme does not weigh it."""
    pillar = next((p for p in scheme.pillars if any(s.code == code for s in p.sub_pillars)), None)
    old = scores.get(("sub_pillar", code))
    weight = next((s.weight for s in pillar.sub_pillars if s.code == code), None) if pillar else None
    if pillar is None or weight is None or old is None:
        return None
    old_pillar, old_total = scores.get(("pillar", pillar.number)), scores.get(TOTAL)
    changed = {**scores, ("sub_pillar", code): score}
    step = (score - old) * weight.value / pillar.weight.value
    new_pillar = _corrected(old_pillar, _pillar_mean(pillar, scores), _pillar_mean(pillar, changed), step)
    if new_pillar is not None:
        changed["pillar", pillar.number] = new_pillar
    new_total = _corrected(
        old_total, _total(scheme, scores), _total(scheme, changed), (score - old) * weight.value / 100
    )
    used = [s.weight for s in pillar.sub_pillars if s.weight] + [p.weight for p in scheme.pillars]
    exact = all(one.origin in KNOWN_ORIGINS for one in used)
    return CorrectedResult(pillar.number, new_pillar, new_total, exact, _level_moves(scheme, scores, changed))


def _corrected(
    published: Decimal | None, computed: Decimal | None, recomputed: Decimal | None, step: Decimal
) -> Decimal | None:
    """The figure computed anew where the published one follows from its parts, else moved by what the part moved.

    So a weight that is only assumed never changes more of a published figure than the correction itself.
    """
    if published is None:
        return None
    follows = computed is not None and abs(published - computed) <= TOLERANCE
    found = recomputed if follows and recomputed is not None else published + step
    return min(max(round_score(found), Decimal(0)), HUNDRED)


def _pillar_mean(pillar: PillarScheme, scores: Scores) -> Decimal | None:
    parts = [(scores.get(("sub_pillar", s.code)), s.weight) for s in pillar.sub_pillars]
    known = [(score * weight.value) for score, weight in parts if score is not None and weight is not None]
    return sum(known, Decimal(0)) / pillar.weight.value if len(known) == len(parts) else None


def _total(scheme: ScoringScheme, scores: Scores) -> Decimal | None:
    parts = [(scores.get(("pillar", p.number)), p.weight.value) for p in scheme.pillars]
    known = [score * weight for score, weight in parts if score is not None]
    return sum(known, Decimal(0)) / HUNDRED if len(known) == len(parts) else None


def _level_moves(scheme: ScoringScheme, before: Scores, after: Scores) -> bool:
    old, new = _level(scheme, before), _level(scheme, after)
    return old is None or old != new


def _level(scheme: ScoringScheme, scores: Scores) -> int | None:
    subs = {code: score for (kind, code), score in scores.items() if kind == "sub_pillar"}
    return aggregate_scores(scheme, subs).level if set(list_table_codes(scheme)) <= set(subs) else None


def rank_totals(totals: Mapping[int, Decimal]) -> dict[int, int]:
    """The rank of every province by its total; equal totals share one."""
    return {province: 1 + sum(other > total for other in totals.values()) for province, total in totals.items()}
