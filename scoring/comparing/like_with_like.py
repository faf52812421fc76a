"""A score beside an earlier result, like with like: only what was measured alike, by this year's weights. PURE.

What was split, joined or is new, what has no published figure and what is only estimated is left out on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.engine.as_json import format_decimal
from scoring.engine.levels import round_score
from scoring.engine.sheet import ScoreSheet, SubPillarScore
from scoring.scheme.marked import OFFICIAL, mark_score, origin_of


@dataclass(frozen=True, slots=True)
class LikeScores:
    """A score now and before, over the same sub-pillars by the same weights, on two places.

    `before` is marked where one of its figures is not official.
    """

    now: Decimal
    before: Decimal

    @property
    def change(self) -> Decimal:
        """How much it rose."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class LikeComparison:
    """A sheet beside the result of an earlier year. `left_out`: the sub-pillars that are compared on neither side."""

    year: int
    total: LikeScores
    pillars: Mapping[str, LikeScores]
    left_out: tuple[str, ...]

    def json(self) -> dict[str, Any]:
        """As JSON shows it."""

        def told(scores: LikeScores) -> dict[str, str | None]:
            return {name: format_decimal(getattr(scores, name)) for name in ("now", "before", "change")}

        pillars = {number: told(scores) for number, scores in self.pillars.items()}
        return {
            "year": self.year,
            "before_from": origin_of(self.total.before),
            "total": told(self.total),
            "pillars": pillars,
            "left_out": list(self.left_out),
        }


def compare_like(sheet: ScoreSheet, year: int, before: Mapping[str, Decimal]) -> LikeComparison | None:
    """The comparison with the scores `before` by this year's codes; None where nothing can be compared."""
    alike = [sub for sub in sheet.sub_pillars if _is_measured(sub) and sub.code in before]
    total = _weigh(alike, before)
    if total is None:
        return None
    left_out = tuple(sub.code for sub in sheet.sub_pillars if sub not in alike)
    return LikeComparison(year, total, dict(_pillar_scores(sheet, alike, before)), left_out)


def _is_measured(sub: SubPillarScore) -> bool:
    return sub.score is not None and sub.weight is not None and origin_of(sub.score) not in ("estimated", "assumed")


def _pillar_scores(
    sheet: ScoreSheet, alike: Iterable[SubPillarScore], before: Mapping[str, Decimal]
) -> Iterator[tuple[str, LikeScores]]:
    codes = {sub.code for sub in alike}
    for pillar in sheet.pillars:
        scores = _weigh([sub for sub in pillar.sub_pillars if sub.code in codes], before)
        if scores is not None:
            yield pillar.number, scores


def _weigh(subs: Iterable[SubPillarScore], before: Mapping[str, Decimal]) -> LikeScores | None:
    weight = now = earlier = Decimal(0)
    origin = OFFICIAL
    for sub in subs:
        if sub.weight is not None and sub.score is not None:
            weight += sub.weight.value
            now += sub.weight.value * sub.score
            earlier += sub.weight.value * before[sub.code]
            origin = origin if origin != OFFICIAL else origin_of(before[sub.code])
    if not weight:
        return None
    return LikeScores(round_score(now / weight), mark_score(round_score(earlier / weight), origin))
