"""What the pages of meetings share: the context of every page, the way back, and a meeting's own page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import SignedInRequest
from accounts.roles import Capability
from dgready.language import reader_language
from survey.committee.endorsement import read_endorsement, touched_questions
from survey.committee.forms import LateAdditionsForm
from survey.committee.queries import meeting_resolutions, provincial_response, sub_pillars_to_decide
from survey.instrument.queries import compiled_instrument
from survey.models import Meeting, Resolution, Round


def meeting_context(request: SignedInRequest, round_: Round, **more: Any) -> dict[str, Any]:
    """The template context of every page of meetings, with `more`."""
    may = request.user.has(Capability.ENDORSE, province_id=round_.province_id)
    return {"round": round_, "province": round_.province, "may_endorse": may, **more}


def redirect_to_meeting(meeting: Meeting) -> HttpResponse:
    """A redirect to the page of the meeting."""
    round_ = meeting.round
    return redirect("survey:meeting", round_.province.code, round_.year, meeting.pk)


def meeting_page(
    request: SignedInRequest,
    meeting: Meeting,
    *,
    refused: str = "",
    late: LateAdditionsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Renders a meeting: attendance, resolutions, endorsement and additions. `refused`: why an action was refused."""
    response = provincial_response(meeting.round)
    endorsement = read_endorsement(response)
    is_standing = endorsement is not None and endorsement.data.get("meeting") == meeting.pk
    context = meeting_context(
        request,
        meeting.round,
        meeting=meeting,
        response=response,
        attendance=list(meeting.attendance.all()),
        lines=list(resolution_lines(meeting)),
        endorsement=endorsement if is_standing else None,
        touched=touched_questions(meeting.round, endorsement, reader_language()) if is_standing and endorsement else [],
        may_prolong=is_standing and response.state == response.State.ENDORSED,
        late=late or LateAdditionsForm(initial={"late_until": meeting.late_until}),
        may_print=request.user.has(Capability.REPORT_READ, province_id=meeting.round.province_id),
        refused=refused,
    )
    return render(request, "survey/committee/meeting.html", context, status=status)


def resolution_lines(meeting: Meeting, post: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
    """The sub-pillars with their resolutions, as stored or as posted."""
    instrument = compiled_instrument(meeting.round.instrument)
    decided = meeting_resolutions(meeting)
    for code in sub_pillars_to_decide(meeting.round):
        row = decided.get(code)
        posted = post or {}
        yield {
            "code": code,
            "name": instrument.sub_pillars[code].name.to(reader_language()),
            "decision": posted.get(f"decision-{code}", row.decision if row else ""),
            "note": posted.get(f"note-{code}", row.note if row else ""),
            "label": Resolution.Decision(row.decision).label if row else "",
        }
