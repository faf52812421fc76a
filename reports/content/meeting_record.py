"""The record of a meeting as its papers show it: register, attendance, opinions, amendments, papers on the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from survey.committee.amending import AmendmentEntry, amendable_subjects, amendment_entries, meeting_amendments
from survey.committee.attendance import AttendanceCount, Presence, Seat, read_attendance
from survey.committee.opinions import WHOLE, MemberOpinion, meeting_opinions
from survey.committee.papers import tabled_papers
from survey.committee.queries import meeting_resolutions
from survey.models import CommitteeMember, CommitteeOrder, Meeting

CHAIRS = (CommitteeMember.Seat.CHAIR.label, CommitteeMember.Seat.VICE_CHAIR.label)
SECRETARIES = (CommitteeMember.Seat.SECRETARY.label, CommitteeMember.Seat.CO_SECRETARY.label)


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """What is on record of a meeting besides its resolutions. `opinions`: by sub-pillar, in members' own words."""

    order_number: str
    order_date: date | None
    seats: tuple[Seat, ...]
    count: AttendanceCount
    guests: tuple[tuple[str, str], ...]
    whole: tuple[MemberOpinion, ...]
    opinions: Mapping[str, tuple[MemberOpinion, ...]]
    amendments: tuple[AmendmentEntry, ...]
    papers: tuple[tuple[datetime, str], ...]
    outcome: str = ""
    concluded_at: datetime | None = None
    recorder: str = ""
    checker: str = ""

    @property
    def present(self) -> tuple[Seat, ...]:
        """Who came, in person or by somebody in their place."""
        return tuple(seat for seat in self.seats if seat.presence in (Presence.CAME, Presence.REPRESENTED))

    @property
    def absent(self) -> tuple[Seat, ...]:
        """Who did not come."""
        return tuple(seat for seat in self.seats if seat.presence == Presence.ABSENT)

    @property
    def chair(self) -> Seat | None:
        """Who presided: the chair, else the first vice chair, who came or sent somebody."""
        found = [seat for label in CHAIRS for seat in self.present if seat.role == str(label)]
        return found[0] if found else None


def read_meeting_record(meeting: Meeting, language: str) -> MeetingRecord:
    """The record of a meeting. At most seven queries.

    Before the conclusion members' opinions are the secretariat's to read, and a paper is for all who may read papers.
    """
    sheet = read_attendance(meeting)
    said_of = meeting_opinions(meeting) if meeting.concluded_at is not None else {}
    order: CommitteeOrder | None = meeting.order or sheet.order
    amendments = meeting_amendments(meeting)
    subjects = amendable_subjects(meeting, amendments, sheet.rows, meeting_resolutions(meeting)) if amendments else {}
    return MeetingRecord(
        order_number=order.number if order else "",
        order_date=order.signed_on if order else None,
        seats=tuple(sheet.seats),
        count=sheet.count,
        guests=tuple((name, office) for name, office in meeting.guests),
        whole=tuple(said_of.get(WHOLE, ())),
        opinions={code: tuple(said) for code, said in said_of.items() if code != WHOLE},
        amendments=tuple(amendment_entries(amendments, subjects, language)),
        papers=tuple((timezone.localtime(paper.at), paper.sha256) for paper in tabled_papers(meeting)),
        outcome=str(meeting.get_outcome_display()) if meeting.outcome else "",
        concluded_at=timezone.localtime(meeting.concluded_at) if meeting.concluded_at else None,
        recorder=meeting.concluded_by.get_full_name() if meeting.concluded_by else meeting.by.get_full_name(),
        checker=_checker(sheet.seats),
    )


def _checker(seats: list[Seat]) -> str:
    """Who checks the minutes: the secretary of the committee, by name and position."""
    found = [seat for label in SECRETARIES for seat in seats if seat.role == str(label)]
    return " ".join(filter(None, (found[0].name, found[0].position))) if found else ""
