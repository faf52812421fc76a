"""View that concludes a meeting: it shows what is being concluded, and asks once."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from survey.committee.actions.conclusion import conclude_meeting, conclusion_faults
from survey.committee.attendance import read_attendance
from survey.committee.forms.meetings import LateAdditionsForm
from survey.committee.opinions import WHOLE, meeting_opinions
from survey.committee.papers import additions_since_tabled, tabled_papers
from survey.committee.queries import get_meeting_and_response, meeting_resolutions
from survey.committee.views.meeting_pages import meeting_context, redirect_to_meeting, resolution_lines
from survey.committee.views.meetings import METHODS
from survey.models import Meeting, Resolution, Response
from survey.workflow.refusal import TransitionRefused


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def conclude(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Shows attendance, resolutions and opinions, what still stands in the way, and what follows; then concludes."""
    meeting, response = get_meeting_and_response(request.user, code, year, pk, Capability.ENDORSE)
    form = LateAdditionsForm(request.POST or None, initial={"late_until": _day_after(meeting)})
    if request.method != "POST":
        return _conclusion_page(request, meeting, response, form)
    if not form.is_valid():
        return _conclusion_page(request, meeting, response, form, status=422)
    seen = request.POST.get("version", "")
    try:
        conclude_meeting(
            by=request.user,
            meeting=meeting,
            late_until=form.cleaned_data["late_until"],
            seen=int(seen) if seen.isdecimal() else None,
        )
    except TransitionRefused as refused:
        status = 422 if refused.reason == "guard" else 409
        return _conclusion_page(request, meeting, response, form, refused=str(refused), status=status)
    messages.success(request, _("สรุปมติแล้ว: %(outcome)s") % {"outcome": meeting.get_outcome_display()})
    return redirect_to_meeting(meeting)


def _day_after(meeting: Meeting) -> date:
    """The suggested last day for late additions: the day after the meeting, while the round is open."""
    return min(timezone.localdate(meeting.held_at) + timedelta(days=1), timezone.localdate(meeting.round.closes_at))


def _conclusion_page(
    request: SignedInRequest,
    meeting: Meeting,
    response: Response,
    form: LateAdditionsForm,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    sheet, decided, opinions = read_attendance(meeting), meeting_resolutions(meeting), meeting_opinions(meeting)
    papers = tabled_papers(meeting)
    lines = [
        {**line, "opinions": opinions.get(line["code"], [])} for line in resolution_lines(meeting, decided=decided)
    ]
    context = meeting_context(
        request,
        meeting.round,
        meeting=meeting,
        sheet=sheet,
        count=sheet.count,
        lines=lines,
        whole=opinions.get(WHOLE, []),
        totals=[(label, sum(row.decision == value for row in decided.values())) for value, label in _decisions()],
        returned=any(row.decision == Resolution.Decision.RETURN for row in decided.values()),
        faults=conclusion_faults(meeting, sheet, decided, timezone.now()),
        papers=papers,
        changed=len({row.question for row in additions_since_tabled(response, papers)}),
        late=form,
        refused=refused,
        # The version that the resolutions were recorded on: what changed after it is not concluded unseen.
        version=request.POST.get("version") or request.GET.get("version") or response.version,
    )
    return render(request, "survey/committee/conclude.html", context, status=status)


def _decisions() -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in Resolution.Decision.choices]
