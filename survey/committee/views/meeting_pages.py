"""What the pages of meetings share: the context of every page, the way back, and a meeting's own page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import SignedInRequest
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.lazy_values import LazyValues
from survey.committee.forms.meetings import LateAdditionsForm
from survey.committee.queries import meeting_resolutions, sub_pillars_to_decide
from survey.committee.views.meeting_facts import read_meeting_facts
from survey.instrument.queries import compiled_instrument
from survey.models import Meeting, Resolution, Response, Round


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
    response: Response,
    *,
    refused: str = "",
    late: LateAdditionsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Renders a meeting: attendance, resolutions, papers, endorsement. `refused`: why an action was refused."""
    facts = read_meeting_facts(meeting, response)
    own_seat = facts.seat_of(request.user)
    context = meeting_context(request, meeting.round, meeting=meeting, response=response, refused=refused)
    may_print = request.user.has(Capability.REPORT_READ, province_id=meeting.round.province_id)
    rights = (context["may_endorse"], may_print, own_seat.pk if own_seat else None)

    def make() -> dict[str, Any]:
        return {
            **{name: context[name] for name in ("round", "province", "may_endorse", "meeting", "response")},
            **facts.shown(),
            "lines": list(resolution_lines(meeting, decided=facts.decided)),
            "may_prolong": facts.is_standing and response.state == response.State.ENDORSED,
            "late": late or LateAdditionsForm(initial={"late_until": meeting.late_until}),
            "own_seat": own_seat,
            "may_print": may_print,
        }

    # A form that was refused is of this request alone; the hint of one that was not gives today as its example.
    state = (facts.digest, rights, timezone.localdate()) if late is None else None
    context["record"] = LazyValues(state, make)
    return render(request, "survey/committee/meeting.html", context, status=status)


def resolution_lines(
    meeting: Meeting, post: Mapping[str, str] | None = None, decided: Mapping[str, Resolution] | None = None
) -> Iterator[dict[str, Any]]:
    """The sub-pillars with their resolutions, as stored or as posted."""
    instrument = compiled_instrument(meeting.round.instrument)
    stored = meeting_resolutions(meeting) if decided is None else decided
    for code in sub_pillars_to_decide(meeting.round):
        row = stored.get(code)
        posted = post or {}
        yield {
            "code": code,
            "name": instrument.sub_pillars[code].name.to(reader_language()),
            "decision": posted.get(f"decision-{code}", row.decision if row else ""),
            "note": posted.get(f"note-{code}", row.note if row else ""),
            "label": Resolution.Decision(row.decision).label if row else "",
        }
