"""Official sub-pillar scores beside the estimates of the same year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.levels import round_score
from scoring.engine.queries import ScoredResponse
from survey.instrument.schema import LocalizedText


@dataclass(frozen=True, slots=True)
class EstimateDeviation:
    """An official sub-pillar score beside the estimate; `inside`: within the range that was given."""

    code: str
    name: LocalizedText
    official: Decimal
    estimate: Decimal | None
    low: Decimal
    high: Decimal

    @property
    def difference(self) -> Decimal | None:
        """Estimate minus official."""
        return None if self.estimate is None else round_score(self.estimate) - self.official

    @property
    def is_within_range(self) -> bool:
        """Whether the official score lies within the range that was estimated."""
        return round_score(self.low) <= self.official <= round_score(self.high)


def list_estimate_deviations(scored: ScoredResponse, official: Mapping[str, Decimal]) -> list[EstimateDeviation]:
    """The deviation of every sub-pillar that has an official score in `official`, by code."""
    spans = scored.ranges.sub_pillars
    return [
        EstimateDeviation(s.code, s.name, official[s.code], s.score, spans[s.code].low, spans[s.code].high)
        for s in scored.sheet.sub_pillars
        if s.code in official
    ]
