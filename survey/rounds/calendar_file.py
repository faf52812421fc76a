"""Calendar files (RFC 5545): whole days and moments, escaped and folded. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

MAX_LINE_OCTETS: Final = 75  # octets of a line, its break not counted
PRODUCT_ID: Final = "-//dgready//dates//TH"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A calendar entry of a whole day or a moment. `uid` stays the same when the day moves."""

    uid: str
    at: date | datetime
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    alarm_days: int | None = None


@dataclass(frozen=True, slots=True)
class CalendarEdition:
    """The edition of the dates: number of changes and time of the last; a calendar replaces older editions."""

    sequence: int
    changed: datetime


def write_calendar(entries: Iterable[CalendarEntry], *, name: str, stamp: datetime, edition: CalendarEdition) -> bytes:
    """The file, lines ending in CRLF. `stamp`: when it was made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT_ID}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{escape_text(name)}")
    for entry in entries:
        lines += _entry_lines(entry, stamp, edition)
    lines.append("END:VCALENDAR")
    return b"".join(fold_line(line) for line in lines)


def _entry_lines(entry: CalendarEntry, stamp: datetime, edition: CalendarEdition) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape_text(entry.uid)}"
    yield f"DTSTAMP:{_utc_text(stamp)}"
    yield f"LAST-MODIFIED:{_utc_text(edition.changed)}"
    yield f"SEQUENCE:{edition.sequence}"
    if isinstance(entry.at, datetime):
        yield f"DTSTART:{_utc_text(entry.at)}"
        yield f"DTEND:{_utc_text(entry.at)}"
    else:
        yield f"DTSTART;VALUE=DATE:{entry.at:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.at + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escape_text(entry.summary)}"
    for key, text in (("DESCRIPTION", entry.description), ("LOCATION", entry.location)):
        if text:
            yield f"{key}:{escape_text(text)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield "TRANSP:TRANSPARENT"
    if entry.alarm_days is not None:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{escape_text(entry.summary)}"
        yield f"TRIGGER:-P{entry.alarm_days}D"
        yield "END:VALARM"
    yield "END:VEVENT"


def _utc_text(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escape_text(text: str) -> str:
    """A text value: backslash, comma, semicolon and line breaks written out, other control characters left out."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(c for c in text if c >= " " and c != "\x7f")


def fold_line(line: str) -> bytes:
    """A content line of at most 75 octets, continued on lines that begin with a space; no character is cut."""
    folded, room, line_bytes = bytearray(), MAX_LINE_OCTETS, bytearray()
    for character in line:
        encoded = character.encode()
        if len(line_bytes) + len(encoded) > room:
            folded += line_bytes + b"\r\n "
            line_bytes, room = bytearray(), MAX_LINE_OCTETS - 1
        line_bytes += encoded
    return bytes(folded + line_bytes + b"\r\n")
