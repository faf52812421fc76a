"""Whether evidence carried from an earlier year may be confirmed as it is. PURE."""

from __future__ import annotations

from datetime import date
from typing import Literal

from survey.instrument.windows import Period, is_outside

Hindrance = Literal["", "undated", "outside"]


def confirm_hindrance(day: date | None, window: Period | None) -> Hindrance:
    """What stands against confirming a document of this day where these days are asked for; "" for nothing.

    One without a date gets its date first; one from outside the days gets a reason, or a newer document in its place.
    """
    if window is None:
        return ""
    if day is None:
        return "undated"
    return "outside" if is_outside(day, window) else ""
