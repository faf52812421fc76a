"""Types of score ranges: lowest, best and highest, of one score and of a whole sheet. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.levels import round_score


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """Lowest, best and highest score (0–100) and level. None: nothing is known."""

    low: Decimal
    best: Decimal | None
    high: Decimal
    level_low: int | None = None
    level: int | None = None
    level_high: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the score is not certain to two places."""
        return round_score(self.low) != round_score(self.high)

    @property
    def level_is_open(self) -> bool:
        """Whether the level is not certain."""
        return self.level_low != self.level_high


@dataclass(frozen=True, slots=True)
class SheetRanges:
    """The range of the total, of every pillar and sub-pillar (and part) by code, of every criterion by id."""

    total: ScoreRange
    pillars: Mapping[str, ScoreRange]
    sub_pillars: Mapping[str, ScoreRange]
    criteria: Mapping[str, ScoreRange]
