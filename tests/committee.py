"""The committee's and the governor's part of the world: meetings, resolutions, delegations."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from survey.committee import queries as committee
from survey.committee.actions import delegations, meetings
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.delegations import DelegationDocument
from survey.committee.actions.meetings import SubPillarDecision
from survey.models import Delegation, Meeting, Resolution, Round
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


def decide(by: User, meeting: Meeting, **other: SubPillarDecision) -> None:
    """Endorses every sub-pillar but those given (with `_` for the dot: s1_2=Decided(…))."""
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
