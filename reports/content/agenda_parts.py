"""The parts of a meeting's agenda as papers print them, and what the meeting before left to follow up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from survey.committee.agenda import ARISING, CHAIR, MINUTES, agenda_parts, business_part, resolved_parts
from survey.models import Meeting, Resolution


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A part of an agenda: what was written for it, and what the meeting resolved on it.

    `is_business`: the draft answers are considered in it.
    """

    number: int
    title: str
    lines: tuple[str, ...]
    resolved: tuple[str, ...]
    is_business: bool

    @property
    def is_of_chair(self) -> bool:
        """Whether the chair opens with it: the dates and last year's result belong there."""
        return self.number == CHAIR and not self.is_business

    @property
    def is_of_minutes(self) -> bool:
        """Whether the minutes of the meeting before are adopted in it."""
        return self.number == MINUTES and not self.is_business

    @property
    def is_arising(self) -> bool:
        """Whether it follows up what the meeting before asked for."""
        return self.number == ARISING and not self.is_business


@dataclass(frozen=True, slots=True)
class AskedChange:
    """What the meeting before asked to change in a sub-pillar."""

    code: str
    name: str
    decision: str
    note: str


@dataclass(frozen=True, slots=True)
class EarlierMeeting:
    """The concluded meeting before this one, with what it asked for."""

    number: str
    held_at: datetime
    year: int
    asked: tuple[AskedChange, ...]


def printed_parts(meeting: Meeting) -> Iterator[PrintedPart]:
    """The parts of a meeting's agenda in their order. No query."""
    parts, said = agenda_parts(meeting.agenda), resolved_parts(meeting)
    business = business_part(parts)
    for part in parts:
        resolved = said.get(part.number, ())
        yield PrintedPart(part.number, part.title, part.lines, resolved, part.number == business)


def earlier_meeting(meeting: Meeting, language: str) -> EarlierMeeting | None:
    """The newest concluded meeting of the province before this one. At most two queries."""
    rows = Meeting.objects.filter(round__province=meeting.round.province_id, held_at__lt=meeting.held_at)
    rows = rows.exclude(pk=meeting.pk).exclude(concluded_at=None).select_related("round")
    found = rows.order_by("-held_at").first()
    if found is None:
        return None
    resolutions = Resolution.objects.filter(meeting=found).exclude(decision=Resolution.Decision.ENDORSE)
    asked = tuple(
        AskedChange(
            row.sub_pillar.code,
            (row.sub_pillar.name_en if language == "en" else "") or row.sub_pillar.name_th,
            str(row.get_decision_display()),
            row.note,
        )
        for row in resolutions.select_related("sub_pillar__pillar")
    )
    return EarlierMeeting(found.number, timezone.localtime(found.held_at), found.round.year, asked)
