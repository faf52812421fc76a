"""How far the evidence behind a score is reviewed, and the score as claimed beside the score as reviewed. PURE."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evidence.attaching.proving import REJECTING
from scoring.engine.as_json import format_decimal
from scoring.engine.levels import round_score
from scoring.engine.sheet import ScoreSheet


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """The evidence at open places that counts unless rejected, by what reviewers say, and both scores.

    `claimed` is the sheet as if nothing were rejected; where nothing is, it is `reviewed` itself.
    """

    accepted: int
    rejected: int
    unreviewed: int
    claimed: ScoreSheet
    reviewed: ScoreSheet

    @property
    def total(self) -> int:
        """All of that evidence."""
        return self.accepted + self.rejected + self.unreviewed

    @property
    def done(self) -> int:
        """What has a verdict."""
        return self.accepted + self.rejected

    @property
    def lost(self) -> Decimal:
        """The points of the total that rejected evidence costs."""
        return round_score(self.claimed.total or Decimal(0)) - round_score(self.reviewed.total or Decimal(0))


def count_verdicts(verdicts: Iterable[str]) -> tuple[int, int, int]:
    """How many of some verdicts accept, reject, and say nothing yet."""
    counts = Counter("rejected" if one in REJECTING else "accepted" if one else "" for one in verdicts)
    return counts["accepted"], counts["rejected"], counts[""]


def serialize_review_standing(standing: ReviewStanding) -> dict[str, Any]:
    """The standing as JSON: counts, and both totals with their levels."""
    return {
        "accepted": standing.accepted,
        "rejected": standing.rejected,
        "unreviewed": standing.unreviewed,
        "claimed_total": format_decimal(standing.claimed.total),
        "claimed_level": standing.claimed.level,
        "reviewed_total": format_decimal(standing.reviewed.total),
        "reviewed_level": standing.reviewed.level,
    }
