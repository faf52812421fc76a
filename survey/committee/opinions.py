"""Reads of members' opinions: one's own, and all of a meeting by sub-pillar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.assigning.queries import sub_pillar_keys
from survey.committee.attendance import member_position
from survey.models import CommitteeMember, Meeting, Opinion

WHOLE = ""  # stands for the whole answer where a sub-pillar is named otherwise


@dataclass(frozen=True, slots=True)
class MemberOpinion:
    """What a member thinks of a sub-pillar, in their own words."""

    member: str
    stance: str
    label: str
    remark: str
    at: datetime


def own_opinions(meeting: Meeting, member: CommitteeMember) -> dict[str, Opinion]:
    """A member's opinions by sub-pillar, `WHOLE` for the whole answer. One query."""
    return dict(_by_code(meeting, member))


def meeting_opinions(meeting: Meeting) -> dict[str, list[MemberOpinion]]:
    """Every member's opinions by sub-pillar, `WHOLE` for the whole answer. One query."""
    found: dict[str, list[MemberOpinion]] = {}
    for code, row in _by_code(meeting):
        said = MemberOpinion(_who(row.member), row.stance, str(Opinion.Stance(row.stance).label), row.remark, row.at)
        found.setdefault(code, []).append(said)
    return found


def _by_code(meeting: Meeting, member: CommitteeMember | None = None) -> list[tuple[str, Opinion]]:
    rows = Opinion.objects.filter(meeting=meeting).select_related("member").order_by("member__place", "pk")
    code_of: Mapping[int, str] = {pk: code for code, pk in sub_pillar_keys(meeting.round.instrument).items()}
    mine = rows.filter(member=member) if member else rows
    coded = ((code_of.get(row.sub_pillar_id) if row.sub_pillar_id else WHOLE, row) for row in mine)
    return [(code, row) for code, row in coded if code is not None]


def _who(member: CommitteeMember) -> str:
    position = member_position(member)
    return f"{member.name} ({position})" if member.name else position
