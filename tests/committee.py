"""The committee's and the governor's part of the world: meetings, resolutions, delegations."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import Province, User
from accounts.roles import Role
from survey.committee import queries as committee
from survey.committee.actions import delegations, meetings, register
from survey.committee.actions.attendance import record_attendance
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.delegations import DelegationDocument
from survey.committee.actions.meetings import SubPillarDecision
from survey.committee.actions.papers import table_paper
from survey.committee.attendance import Seat, read_attendance
from survey.committee.titles import ProposedMember, propose_members
from survey.models import CommitteeMember, CommitteeOrder, Delegation, Meeting, Resolution, Response, Round, TabledPaper
from tests.flow import Flow
from tests.people import People

D = Resolution.Decision
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
PDF += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def today(days: int = 0) -> date:
    """A day from today."""
    return timezone.localdate() + timedelta(days=days)


def at(days: int = 0, hour: int = 9) -> datetime:
    """An hour of a day from today."""
    return timezone.make_aware(datetime.combine(today(days), datetime.min.time().replace(hour=hour)))


def make_meeting(by: User, round_: Round, *, days: int = 0, **fields: Any) -> Meeting:
    """A meeting on record."""
    given = {"number": "1", "place": "ศาลากลางจังหวัด", "agenda": "พิจารณาคำตอบ", "held_at": at(days, 0), **fields}
    return meetings.record_meeting(by=by, round_=round_, fields=given)


SEATS = ("ผู้ว่าราชการจังหวัด", "ปลัดจังหวัด", "สถิติจังหวัด")


def attend(by: User, meeting: Meeting, *, presence: str = "came") -> None:
    """Everybody of the register came, or where there is none the three of `SEATS`."""
    seats = read_attendance(meeting).seats or [Seat(position) for position in SEATS]
    record_attendance(by=by, meeting=meeting, seats=[replace(seat, presence=presence) for seat in seats])


def make_order(by: User, province: Province, *posts: str, days: int = -30, **fields: Any) -> CommitteeOrder:
    """An order in force for thirty days, with members of these posts (default: a chair, two members, a secretary)."""
    given = {"number": "1/2568", "signed_on": today(days), "starts_on": today(days), **fields}
    order = register.create_order(by=by, province=province, fields=given)
    usual = propose_members("ผู้ว่าราชการจังหวัดเอ", ["สำนักงานจังหวัดเอ", "สำนักงานคลังจังหวัดเอ", "เทศบาลเมืองเอ"])
    members = [ProposedMember("member", post) for post in posts] or list(usual)
    register.add_members(by=by, order=order, members=members)
    return order


def seat_of(by: User, order: CommitteeOrder, user: User, post: str = "") -> CommitteeMember:
    """Gives a member of an order (the first, or that of a post) the account of a person."""
    member = order.members.get(post=post) if post else order.members.first()
    assert member is not None
    return register.change_member(by=by, member=member, fields={"user_id": user.pk})


def decide(by: User, meeting: Meeting, **other: SubPillarDecision) -> None:
    """Endorses every sub-pillar but those given (with `_` for the dot: s1_2=Decided(…)); everybody came."""
    if not read_attendance(meeting).count.present:
        attend(by, meeting)
    named = {key[1:].replace("_", "."): one for key, one in other.items()}
    decided = {
        code: named.get(code, SubPillarDecision(D.ENDORSE)) for code in committee.sub_pillars_to_decide(meeting.round)
    }
    meetings.record_resolutions(by=by, meeting=meeting, decided=decided)


def endorsed(by: User, round_: Round, late_until: date | None = None) -> Meeting:
    """A meeting held today that has endorsed everything."""
    meeting = make_meeting(by, round_)
    decide(by, meeting)
    conclude_meeting(by=by, meeting=meeting, late_until=late_until)
    return meeting


def make_delegation(people: People, folder: Path, *, days: tuple[int, int] = (0, 5), **given: Any) -> Delegation:
    """The governor of province a gives the approval to its secretariat (or another) from and to a day from today."""
    path = folder / "order.pdf"
    path.write_bytes(PDF)
    values = {
        "by": people.who(Role.GOVERNOR),
        "province": people.a,
        "delegate": people.who(Role.COMMITTEE),
        "starts_on": today(days[0]),
        "ends_on": today(days[1]),
        "document": DelegationDocument("123/2568", path),
        **given,
    }
    return delegations.create_delegation(**values)


def table(flow: Flow, meeting: Meeting, folder: Path) -> TabledPaper:
    """A paper on the table of the meeting, as the answer is now."""
    path = folder / "paper.pdf"
    path.write_bytes(PDF)
    version = Response.objects.values_list("version", flat=True).get(pk=flow.response.pk)
    return table_paper(by=flow.secretariat, meeting=meeting, path=path, version=version, source=f"test:{uuid4()}")
