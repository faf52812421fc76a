"""Evidence windows: the days from which a question asks its evidence, where the paper prints any. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

WindowKind = Literal["none", "period", "years", "dates"]
Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class EvidenceWindow:
    """An evidence window as printed: none, the period of the round, so many years up to its end, or fixed days."""

    kind: WindowKind
    years: int = 0
    days: Period | None = None

    def span(self, period: Period) -> Period | None:
        """The first and the last day in a round with this period; None where any day will do."""
        if self.kind == "none":
            return None
        if self.kind == "years":
            return _years_before(period[1], self.years) + timedelta(days=1), period[1]
        return self.days or period


NO_WINDOW = EvidenceWindow("none")
PERIOD_WINDOW = EvidenceWindow("period")


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def is_outside(day: date | None, span: Period | None) -> bool:
    """Whether a document's day lies outside the days that are asked for. One without a date, or any day, does not."""
    return day is not None and span is not None and not span[0] <= day <= span[1]


def whole_years(day: date, today: date) -> int:
    """How many whole years ago a day was; 0 for one that lies ahead."""
    return max(0, today.year - day.year - ((today.month, today.day) < (day.month, day.day)))
