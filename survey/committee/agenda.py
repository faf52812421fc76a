"""The five parts of a Thai committee's agenda: to begin a new one with, and to read one that was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from survey.models import Meeting

AGENDA_TITLES: Final = (
    gettext_lazy("เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ"),
    gettext_lazy("เรื่องรับรองรายงานการประชุม"),
    gettext_lazy("เรื่องสืบเนื่อง"),
    gettext_lazy("เรื่องเสนอเพื่อพิจารณา"),
    gettext_lazy("เรื่องอื่น ๆ"),
)
MAX_PROCEEDINGS: Final = 4000  # characters of what was resolved on the parts other than the answers
HEADING_ROOM: Final = 40  # characters of the heading of a part
CHAIR, MINUTES, ARISING, BUSINESS, OTHER = 1, 2, 3, 4, 5
_THAI_DIGITS: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_HEADING: Final = re.compile(
    r"(?:(?:ระเบียบ)?วาระ(?:การประชุม)?(?:ที่)?|(?:agenda )?item)\s*(\d{1,2})\b[\s.:)–-]*(.*)", re.IGNORECASE
)
_OF_PART: Final = re.compile(r"(\d{1,2})\.\d")
_CONSIDERS: Final = re.compile(r"พิจารณา|consider", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AgendaPart:
    """A part of an agenda: its number, its title, and the lines that were written below it."""

    number: int
    title: str
    lines: tuple[str, ...] = ()


def usual_agenda() -> str:
    """The usual agenda, one part on each line, in the language of the reader."""
    return "\n".join(part_heading(number, str(title)) for number, title in enumerate(AGENDA_TITLES, start=1))


def part_heading(number: int, title: str = "") -> str:
    """The heading of a part of an agenda, as agendas and minutes begin it."""
    return (_("ระเบียบวาระที่ %(number)d %(title)s") % {"number": number, "title": title}).strip()


def agenda_parts(text: str) -> tuple[AgendaPart, ...]:
    """The parts of an agenda as it was written: the usual five, with its own titles and lines, and any beyond.

    What stands under no heading is business to consider, unless its number (such as 1.2) says to which part it belongs.
    """
    titles: dict[int, str] = {}
    below: dict[int, list[str]] = {}
    current = 0
    for line in filter(None, (line.strip() for line in text.splitlines())):
        digits = line.translate(_THAI_DIGITS)  # of the same length
        if heading := _HEADING.match(digits):
            current = int(heading[1])
            titles[current] = line[heading.start(2) :].strip()
        else:
            below.setdefault(current or _numbered_part(digits), []).append(line)
    numbers = sorted({*range(1, len(AGENDA_TITLES) + 1), *titles, *below})
    return tuple(AgendaPart(n, _read_title(n, titles.get(n, "")), tuple(below.get(n, ()))) for n in numbers)


def _read_title(number: int, written: str) -> str:
    """The title of a part as it was written; a usual one in the language of the reader."""
    for title in AGENDA_TITLES:
        with translation.override("th"):
            is_usual = written == str(title)
        if is_usual:
            return str(title)
    return written or _usual_title(number)


def business_part(parts: Iterable[AgendaPart]) -> int:
    """The number of the part in which the draft answers are considered."""
    return next((part.number for part in parts if _CONSIDERS.search(part.title)), BUSINESS)


def other_parts(meeting: Meeting) -> tuple[AgendaPart, ...]:
    """The parts of a meeting's agenda other than that in which the draft answers are considered."""
    parts = agenda_parts(meeting.agenda)
    return tuple(part for part in parts if part.number != business_part(parts))


def resolution_limit(parts: Sequence[AgendaPart]) -> int:
    """How many characters may be resolved on each of these parts, so that all fit with their headings."""
    return MAX_PROCEEDINGS // max(len(parts), 1) - HEADING_ROOM


def resolved_parts(meeting: Meeting) -> dict[int, tuple[str, ...]]:
    """What a meeting resolved or heard on the parts of its agenda, by number."""
    return {part.number: part.lines for part in agenda_parts(meeting.proceedings) if part.lines}


def written_agenda(parts: Iterable[AgendaPart]) -> str:
    """Parts with lines as one text, which `agenda_parts` reads again."""
    return "\n".join("\n".join((part_heading(part.number), *map(_below, part.lines))) for part in parts if part.lines)


def _below(line: str) -> str:
    """A line that does not read as a heading."""
    return f"– {line}" if _HEADING.match(line.translate(_THAI_DIGITS)) else line


def _numbered_part(line: str) -> int:
    """The part that a line before any heading belongs to."""
    numbered = _OF_PART.match(line)
    return int(numbered[1]) if numbered and 0 < int(numbered[1]) <= len(AGENDA_TITLES) else BUSINESS


def _usual_title(number: int) -> str:
    return str(AGENDA_TITLES[number - 1]) if number <= len(AGENDA_TITLES) else ""
