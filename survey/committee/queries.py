"""Reads of meetings: the meeting, the sub-pillars it decides on, and its resolutions."""

from __future__ import annotations

from django.db.models import FilteredRelation, Q, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.roles import Capability
from dgready.prepared_select import GREATEST_SMALL, PreparedSelect
from survey.assigning.queries import sub_pillar_keys
from survey.assigning.targets import assignable_sub_pillars
from survey.instrument.queries import compiled_instrument
from survey.models import Meeting, Resolution, Response, Round


def get_meeting(user: User, code: str, year: int, pk: int, cap: Capability, *, called_off: bool = False) -> Meeting:
    """A meeting of a round; Http404 unless the person holds `cap` in its province. `called_off`: such a one too."""
    return get_meeting_and_response(user, code, year, pk, cap, called_off=called_off)[0]


def get_meeting_and_response(
    user: User, code: str, year: int, pk: int, cap: Capability, *, called_off: bool = False
) -> tuple[Meeting, Response]:
    """As `get_meeting`, with the provincial response that the meeting is about. One query for both."""
    response = _MEETING_AND_RESPONSE.first(pk, code, year) if year <= GREATEST_SMALL else None
    meeting: Meeting | None = getattr(response, "meeting", None)
    if response is None or meeting is None or (meeting.cancelled_at is not None and not called_off):
        raise Http404
    if not user.has(cap, province_id=response.round.province_id):
        raise Http404
    meeting.round = response.round
    return meeting, response


def _with_meeting(pk: int, code: str, year: int) -> QuerySet[Response]:
    rows = Response.objects.filter(agency=None, round__province__code=code, round__year=year)
    rows = rows.annotate(meeting=FilteredRelation("round__meetings", condition=Q(round__meetings__pk=pk)))
    around = (f"meeting__{name}" for name in ("by", "concluded_by", "cancelled_by", "order"))
    rows = rows.select_related("round__province", "round__instrument", *around).filter(meeting__pk=pk).order_by()
    # What was open at submission takes 32 kB, and no page of meetings shows it.
    return rows.defer("open_points", "round__instrument__source", "round__province__sort_key")


_MEETING_AND_RESPONSE: PreparedSelect[Response] = PreparedSelect(_with_meeting)


def provincial_response(round_: Round) -> Response:
    """The provincial response of a round. One query."""
    response = _PROVINCIAL_RESPONSE.first(round_.pk)
    if response is None:
        raise Response.DoesNotExist
    response.round = round_
    return response


_PROVINCIAL_RESPONSE: PreparedSelect[Response] = PreparedSelect(
    lambda round_: Response.objects.filter(round=round_, agency=None)
)


def sub_pillars_to_decide(round_: Round) -> tuple[str, ...]:
    """The sub-pillars a committee decides on: those that the form asks about, in order."""
    return tuple(code for code in assignable_sub_pillars(compiled_instrument(round_.instrument)) if code)


def meeting_resolutions(meeting: Meeting) -> dict[str, Resolution]:
    """The resolutions of a meeting by code of the sub-pillar. One query."""
    rows = _RESOLUTIONS.all(meeting.pk)
    code_of = {pk: code for code, pk in sub_pillar_keys(meeting.round.instrument).items()}
    return {code_of[row.sub_pillar_id]: row for row in rows if row.sub_pillar_id in code_of}


_RESOLUTIONS: PreparedSelect[Resolution] = PreparedSelect(lambda meeting: Resolution.objects.filter(meeting=meeting))
