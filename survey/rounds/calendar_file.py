"""Calendar files (RFC 5545) by the icalendar library: whole days, moments with an end, what was called off. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event

from dgready.typed.characters import clean_lines
from survey.rounds.calendar_types import CalendarEdition, CalendarEntry

PRODUCT_ID: Final = "-//dgready//dates//TH"
FETCHED_EVERY: Final = timedelta(hours=6)  # what a calendar that follows an address is asked to do


def write_calendar(entries: Iterable[CalendarEntry], *, name: str, stamp: datetime, edition: CalendarEdition) -> bytes:
    """The file. `stamp`: when it was made; times are in UTC, which every calendar shows as its own."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT_ID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", clean_lines(name))
    calendar.add("refresh-interval", FETCHED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", FETCHED_EVERY)
    for entry in entries:
        calendar.add_component(_event(entry, stamp, edition))
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry, stamp: datetime, edition: CalendarEdition) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("last-modified", edition.changed.astimezone(UTC))
    event.add("sequence", edition.sequence)
    if isinstance(entry.at, datetime):
        event.add("dtstart", entry.at.astimezone(UTC))
        event.add("dtend", (entry.at + entry.lasts).astimezone(UTC))
    else:
        event.add("dtstart", entry.at)
        event.add("dtend", entry.at + timedelta(days=1))
    event.add("summary", clean_lines(entry.summary))
    for key, text in (("description", entry.description), ("location", entry.location)):
        if text:
            event.add(key, clean_lines(text))
    if entry.url:
        event.add("url", entry.url)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if entry.alarm_days is not None and not entry.cancelled:
        event.add_component(_alarm(entry.summary, entry.alarm_days))
    return event


def _alarm(summary: str, days: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", clean_lines(summary))
    alarm.add("trigger", timedelta(days=-days))
    return alarm
