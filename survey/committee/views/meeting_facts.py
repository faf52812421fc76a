"""What a meeting's page is made of, as it was read, and what it shows of it: made only where the page is not kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Model

from accounts.models import User
from dgready.language import reader_language
from dgready.templatetags.keep import digest_of
from survey.committee.amending import AmendmentEntry, amendable_subjects, amendment_entries, meeting_amendments
from survey.committee.attendance import AttendanceSheet, attendance_sheet, members_to_seat, recorded_attendance
from survey.committee.endorsement import (
    LateAddition,
    endorsing_step,
    read_additions,
    response_steps,
    touched_questions,
)
from survey.committee.papers import tabled_papers
from survey.committee.queries import meeting_resolutions
from survey.models import Amendment, Attendance, CommitteeMember, Event, Meeting, Resolution, Response, TabledPaper


@dataclass(frozen=True)
class MeetingFacts:
    """A meeting with all that is on record about it. `endorsing`: the step that endorsed the answer, if that holds."""

    meeting: Meeting
    response: Response
    decided: dict[str, Resolution]
    rows: list[Attendance]
    members: tuple[CommitteeMember, ...]
    amendments: list[Amendment]
    papers: list[TabledPaper]
    endorsing: Event | None
    additions: tuple[LateAddition, ...]

    @property
    def is_standing(self) -> bool:
        """Whether the answer's endorsement is that of this meeting."""
        return self.endorsing is not None and self.endorsing.data.get("meeting") == self.meeting.pk

    @cached_property
    def digest(self) -> bytes:
        """Of all that the page shows of it, whoever reads."""
        meeting, round_ = self.meeting, self.meeting.round
        names = [str(by) if by else "" for by in (meeting.concluded_by, meeting.cancelled_by)]
        around = [meeting.order, *(member.order for member in self.members[:1]), *(row.member for row in self.rows)]
        rows = [*self.decided.values(), *self.rows, *self.members, *self.amendments, *self.papers]
        return digest_of(
            (
                (round_.year, round_.instrument.pk, round_.instrument.checksum, round_.province.code),
                (round_.province.kind, round_.province.name_th, round_.province.name_en, self.response.pk),
                (self.response.state, self.is_standing, self.endorsing.seq if self.endorsing else 0, names),
                [_stored(row) for row in (meeting, *around, *rows)],
                [str(amendment.by) for amendment in self.amendments],
                self.additions,
            )
        )

    def seat_of(self, user: User) -> CommitteeMember | None:
        """The person's own seat, of a meeting that is not concluded."""
        return next((member for member in self.members if member.user_id == user.pk), None)

    def shown(self) -> dict[str, Any]:
        """What the page shows of it in the reader's language, besides the meeting itself; no query."""
        round_, first = self.meeting.round, self.papers[0].version if self.papers else None
        since = self.endorsing.seq if self.endorsing else 0
        late = [one for one in self.additions if one.seq > since] if self.is_standing else []
        changed = [one for one in self.additions if first is not None and one.seq > first]
        sheet = attendance_sheet(self.meeting, self.rows, self.members)
        return {
            "endorsement": self.endorsing if self.is_standing else None,
            "touched": touched_questions(round_, late, reader_language()),
            "papers": self.papers,
            "changed": touched_questions(round_, changed, reader_language()),
            "sheet": sheet,
            "count": sheet.count,
            "amendments": self._amendment_entries(sheet),
        }

    def _amendment_entries(self, sheet: AttendanceSheet) -> list[AmendmentEntry]:
        if not self.amendments:
            return []
        subjects = amendable_subjects(self.meeting, self.amendments, sheet.rows, self.decided)
        return amendment_entries(self.amendments, subjects, reader_language())


def read_meeting_facts(meeting: Meeting, response: Response) -> MeetingFacts:
    """All that is on record about a meeting. Six queries at most."""
    papers, endorsing = tabled_papers(meeting), endorsing_step(response_steps(response))
    since = [*(paper.version for paper in papers[:1]), *([endorsing.seq] if endorsing else [])]
    return MeetingFacts(
        meeting=meeting,
        response=response,
        decided=meeting_resolutions(meeting),
        rows=recorded_attendance(meeting),
        members=members_to_seat(meeting),
        amendments=meeting_amendments(meeting) if meeting.concluded_at is not None else [],
        papers=papers,
        endorsing=endorsing,
        additions=read_additions(response, min(since)) if since else (),
    )


def _stored(row: Model | None) -> list[Any]:
    """The values of a row as they are stored, whatever else its object holds."""
    return [] if row is None else [value for name, value in vars(row).items() if name != "_state"]
