"""Recording who came to a meeting: each member, who came in whose place, and guests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from dgready.typed.characters import clean_name
from survey.committee.actions.locking import lock_open_meeting, record_meeting_event
from survey.committee.attendance import Presence, Seat, member_position
from survey.committee.register import meeting_members
from survey.models import Attendance, CommitteeMember, Meeting

MAX_POSITIONS = 200
MAX_GUESTS = 50
MAX_LENGTH = 200
MAX_REASON = 300
SUBSTITUTE_FIELDS = ("substitute_name", "substitute_office", "substitute_post")


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who took part without being a member."""

    name: str
    office: str = ""


def record_attendance(*, by: User, meeting: Meeting, seats: Iterable[Seat], guests: Iterable[Guest] = ()) -> int:
    """Records who came, in the order given; a seat without a presence stays blank. Returns how many seats.

    Of members of the register the position and name are the register's. Raises NotAllowed, TransitionRefused.
    """
    given = list(seats)[:MAX_POSITIONS]
    with transaction.atomic():
        locked, stored = lock_open_meeting(by, meeting)
        members = {member.pk: member for member in meeting_members(stored)}
        rows = list(_rows(stored, given, members))
        stored.attendance.all().delete()
        Attendance.objects.bulk_create(rows)
        stored.guests = clean_guests(guests)
        stored.save(update_fields=["guests"])
        record_meeting_event(
            by,
            locked,
            "meeting.attendance",
            stored,
            count=len(rows),
            present=sum(row.present is True for row in rows),
            seats=[seat_values(row) for row in rows if row.presence],
            guests=stored.guests,
        )
    meeting.guests = stored.guests
    return len(rows)


def clean_guests(guests: Iterable[Guest]) -> list[list[str]]:
    """Guests as they are stored, without empty rows."""
    cleaned = ((clean_name(g.name)[:MAX_LENGTH], clean_name(g.office)[:MAX_LENGTH]) for g in guests)
    return [[name, office] for name, office in cleaned if name or office][:MAX_GUESTS]


def seat_values(row: Attendance) -> dict[str, str]:
    """A recorded seat as the journal has it; without what is empty."""
    fields = ("position", "name", "presence", *SUBSTITUTE_FIELDS, "reason")
    return {field: value for field in fields if (value := str(getattr(row, field)))}


def clean_seat(seat: Seat) -> dict[str, Any]:
    """What is stored of a seat besides who sits on it: only what belongs to its presence."""
    presence = Presence(seat.presence) if seat.presence else None
    values: dict[str, Any] = {
        "present": None if presence is None else presence == Presence.CAME,
        "represented": presence == Presence.REPRESENTED,
    }
    substitute = presence == Presence.REPRESENTED
    values |= {f: clean_name(getattr(seat, f))[:MAX_LENGTH] if substitute else "" for f in SUBSTITUTE_FIELDS}
    values["reason"] = clean_name(seat.reason)[:MAX_REASON] if presence == Presence.ABSENT else ""
    return values


def _rows(meeting: Meeting, seats: Iterable[Seat], members: Mapping[int, CommitteeMember]) -> Iterable[Attendance]:
    """The rows to store, each member and each other position once; of two the later one."""
    rows: dict[int | str, Attendance] = {}
    for seat in seats:
        member = members.get(seat.member or 0)
        if seat.member is not None and member is None:
            continue  # no longer of the committee on that day
        position = member_position(member) if member else clean_name(seat.position)[:MAX_LENGTH]
        name = member.name if member else clean_name(seat.name)[:MAX_LENGTH]
        if position:
            rows[member.pk if member else position] = Attendance(
                meeting=meeting, member=member, position=position, name=name, **clean_seat(seat)
            )
    return rows.values()
