"""Reads of meetings: the meeting, the sub-pillars it decides on, and its resolutions."""

from __future__ import annotations

from django.http import Http404

from accounts.models import User
from accounts.roles import Capability
from survey import access
from survey.assigning.queries import sub_pillar_keys
from survey.assigning.targets import assignable_sub_pillars
from survey.instrument.queries import compiled_instrument
from survey.models import Meeting, Resolution, Response, Round


def get_meeting(user: User, code: str, year: int, pk: int, cap: Capability, *, called_off: bool = False) -> Meeting:
    """A meeting of a round; Http404 unless the person holds `cap` in its province. `called_off`: such a one too."""
    round_ = access.get_round(user, code, year, cap)
    rows = Meeting.every if called_off else Meeting.objects
    meeting = rows.select_related("by", "concluded_by", "cancelled_by", "order").filter(round=round_, pk=pk).first()
    if meeting is None:
        raise Http404
    meeting.round = round_
    return meeting


def provincial_response(round_: Round) -> Response:
    """The provincial response of a round. One query."""
    response = Response.objects.get(round=round_, agency=None)
    response.round = round_
    return response


def sub_pillars_to_decide(round_: Round) -> tuple[str, ...]:
    """The sub-pillars a committee decides on: those that the form asks about, in order."""
    return tuple(code for code in assignable_sub_pillars(compiled_instrument(round_.instrument)) if code)


def meeting_resolutions(meeting: Meeting) -> dict[str, Resolution]:
    """The resolutions of a meeting by code of the sub-pillar. One query."""
    rows = Resolution.objects.filter(meeting=meeting)
    code_of = {pk: code for code, pk in sub_pillar_keys(meeting.round.instrument).items()}
    return {code_of[row.sub_pillar_id]: row for row in rows}
