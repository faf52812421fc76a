"""Who came to a meeting: the seats of its sheet, and the count beside the quorum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dgready.prepared_select import PreparedSelect
from survey.committee.register import meeting_members
from survey.committee.titles import head_title
from survey.models import Attendance, CommitteeMember, CommitteeOrder, Meeting

Presence = Attendance.Presence


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat at a meeting: the member by position, and whether they came; `presence` is empty until it is said."""

    position: str
    name: str = ""
    role: str = ""
    member: int | None = None
    presence: str = ""
    substitute_name: str = ""
    substitute_office: str = ""
    substitute_post: str = ""
    reason: str = ""

    @property
    def substitute(self) -> str:
        """Who came in the member's place, in one line."""
        return " ".join(filter(None, (self.substitute_name, self.substitute_post, self.substitute_office)))

    @property
    def is_plain(self) -> bool:
        """Whether it is a seat like most: neither of a chair nor of a secretary."""
        return self.role == str(CommitteeMember.Seat.MEMBER.label)

    @property
    def presence_label(self) -> str:
        """Whether the member came, in words."""
        return str(Presence(self.presence).label) if self.presence else _("ยังไม่ได้บันทึก")


@dataclass(frozen=True, slots=True)
class AttendanceCount:
    """How many came, sent somebody, stayed away or are not recorded yet; `quorum` as the register has it."""

    came: int
    represented: int
    absent: int
    blank: int
    guests: int
    quorum: int | None

    @property
    def present(self) -> int:
        """Who sat at the table: members and who came in their place."""
        return self.came + self.represented

    @property
    def has_quorum(self) -> bool:
        """Whether the quorum is reached; so it is where none is given."""
        return self.quorum is None or self.present >= self.quorum


@dataclass(frozen=True, slots=True)
class AttendanceSheet:
    """The seats of a meeting with their count, the members they come from and the rows that are stored.

    A concluded meeting has the seats that were recorded, whatever the register says today, and no `members`.
    """

    seats: list[Seat]
    count: AttendanceCount
    members: tuple[CommitteeMember, ...]
    rows: list[Attendance]

    @property
    def order(self) -> CommitteeOrder | None:
        """The order that appoints the members, on the day of a meeting that is not concluded."""
        return self.members[0].order if self.members else None


def member_position(member: CommitteeMember) -> str:
    """A member's position as minutes say it: the post, and the office where the post does not name it."""
    office = member.office
    named = not office or office in member.post or member.post == head_title(office)
    return (member.post if named else f"{member.post} {office}")[:200]


def seat_of_row(row: Attendance) -> Seat:
    """A seat as it is recorded."""
    return Seat(
        position=row.position,
        name=row.name,
        role=str(row.member.get_seat_display()) if row.member else "",
        member=row.member_id,
        presence=row.presence,
        substitute_name=row.substitute_name,
        substitute_office=row.substitute_office,
        substitute_post=row.substitute_post,
        reason=row.reason,
    )


def seat_of_member(member: CommitteeMember) -> Seat:
    """The seat of a member of whom nothing is recorded yet."""
    return Seat(member_position(member), member.name, str(member.get_seat_display()), member.pk)


def recorded_attendance(meeting: Meeting) -> list[Attendance]:
    """The recorded rows of a meeting. One query."""
    return _RECORDED.all(meeting.pk)


_RECORDED: PreparedSelect[Attendance] = PreparedSelect(
    lambda meeting: Attendance.objects.filter(meeting=meeting).select_related("member")
)


def _open_seats(rows: Iterable[Attendance], members: Iterable[CommitteeMember]) -> list[Seat]:
    """The members of the register, each as recorded or blank, then other positions recorded."""
    recorded = list(rows)
    by_member = {row.member_id: row for row in recorded if row.member_id}
    seats = [seat_of_row(by_member[m.pk]) if m.pk in by_member else seat_of_member(m) for m in members]
    return seats + [seat_of_row(row) for row in recorded if row.member_id is None]


def read_attendance(meeting: Meeting) -> AttendanceSheet:
    """The seats of a meeting and their count beside the quorum. Two queries, one when it is concluded."""
    return attendance_sheet(meeting, recorded_attendance(meeting), members_to_seat(meeting))


def members_to_seat(meeting: Meeting) -> tuple[CommitteeMember, ...]:
    """The members who have a seat though nothing is recorded of them: none once it is concluded. One query or none."""
    return () if meeting.concluded_at is not None else tuple(meeting_members(meeting))


def attendance_sheet(meeting: Meeting, rows: list[Attendance], members: tuple[CommitteeMember, ...]) -> AttendanceSheet:
    """The sheet of the rows recorded and of the members to seat; no query."""
    if meeting.concluded_at is not None:
        seats = [seat_of_row(row) for row in rows]
        return AttendanceSheet(seats, count_attendance(seats, len(meeting.guests), meeting.quorum), (), rows)
    seats = _open_seats(rows, members)
    quorum = members[0].order.quorum if members else None
    return AttendanceSheet(seats, count_attendance(seats, len(meeting.guests), quorum), members, rows)


def count_attendance(seats: Iterable[Seat], guests: int, quorum: int | None) -> AttendanceCount:
    """How many came, beside the quorum."""
    said = [seat.presence for seat in seats]
    return AttendanceCount(
        came=said.count(Presence.CAME),
        represented=said.count(Presence.REPRESENTED),
        absent=said.count(Presence.ABSENT),
        blank=said.count(""),
        guests=guests,
        quorum=quorum,
    )


def attendance_fault(seats: Sequence[Seat]) -> str:
    """Why a meeting cannot be concluded with this attendance; empty when it can."""
    if not any(seat.presence for seat in seats):
        return _("ยังไม่ได้บันทึกผู้เข้าประชุม")
    blank = [seat.position for seat in seats if not seat.presence]
    if blank:
        return _("ยังไม่ได้บันทึกการมาประชุมของ %(who)s") % {"who": _some_of(blank)}
    nameless = [seat.position for seat in seats if seat.presence == Presence.REPRESENTED and not seat.substitute]
    if nameless:
        return _("ระบุว่าใครมาประชุมแทน %(who)s") % {"who": _some_of(nameless)}
    if all(seat.presence == Presence.ABSENT for seat in seats):
        return _("ไม่มีกรรมการมาประชุม จึงสรุปมติไม่ได้")
    return ""


def _some_of(names: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(names[:most])
    return (
        _("%(shown)s และอีก %(count)d ตำแหน่ง") % {"shown": shown, "count": len(names) - most} if names[most:] else shown
    )
