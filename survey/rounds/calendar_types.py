"""Entries of a calendar and its edition, without the library that writes calendar files. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A calendar entry of a whole day, or from a moment to another. `uid` stays the same when the day moves."""

    uid: str
    at: date | datetime
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    alarm_days: int | None = None
    lasts: timedelta = timedelta(0)
    """Of one that begins at a moment."""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CalendarEdition:
    """The edition of the dates: number of changes and time of the last; a calendar replaces older editions."""

    sequence: int
    changed: datetime
