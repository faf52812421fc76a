"""A province of a year as the desk lists it: its round, what was counted of its answer, its published result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from nation.desk.attention import Concern
from nation.figures.provinces import ProvinceFacts
from survey.models import Response

NO_ROUND: Final = "none"  # as a state: no round of the year is open or was


class CountedAnswer(NamedTuple):
    """The kept figures of an answer. `is_outdated`: the answer has changed since they were counted."""

    asked: int
    answered: int
    places: int
    unproven: int
    open_points: int
    total: Decimal | None
    low: Decimal | None
    high: Decimal | None
    level: int | None
    counted_at: datetime
    is_outdated: bool

    @property
    def progress(self) -> int:
        """Share of answered fields, 0–100, rounded down so that 100 means all."""
        return self.answered * 100 // self.asked if self.asked else 0

    @property
    def proven(self) -> int:
        """Places that have evidence that counts."""
        return self.places - self.unproven


class RoundStanding(NamedTuple):
    """A province's round of the year and its answer. `since`: the day it came into its state."""

    round_id: int
    response: int | None
    state: str
    since: date
    opens_on: date
    closes_on: date
    is_closed: bool
    days_left: int
    days_in_state: int
    overdue: int
    counted: CountedAnswer | None

    @property
    def is_with_province(self) -> bool:
        """Whether the province still works on it: neither before the governor nor approved."""
        return self.state not in (Response.State.SUBMITTED, Response.State.APPROVED)


class OfficialTotal(NamedTuple):
    """A published total; the score knows its origin. `rank`: as published, else by the totals of the year.

    `is_level_derived`: the level is not printed but follows from the published sub-pillars.
    """

    score: Decimal
    level: int | None
    rank: int | None
    is_level_derived: bool = False


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A province on the desk."""

    province: ProvinceFacts
    round: RoundStanding | None
    official: OfficialTotal | None
    concerns: tuple[Concern, ...]

    @property
    def state(self) -> str:
        """The state of the answer, or that there is no round."""
        return self.round.state if self.round else NO_ROUND

    @property
    def counted(self) -> CountedAnswer | None:
        """The kept figures, where there are any."""
        return self.round.counted if self.round else None

    @property
    def band(self) -> int:
        """The level by which provinces are grouped: published, else estimated; 0 where neither is known."""
        if self.official is not None:
            return self.official.level or 0
        return (self.counted.level or 0) if self.counted else 0

    @property
    def is_estimate(self) -> bool:
        """Whether the band is an estimate."""
        return self.official is None and self.band > 0


def rank_totals(totals: Iterable[Decimal]) -> dict[Decimal, int]:
    """The rank of each total, the highest first; ties share one, and the next follows after all of them."""
    ranks: dict[Decimal, int] = {}
    for number, total in enumerate(sorted(totals, reverse=True), start=1):
        ranks.setdefault(total, number)
    return ranks
