"""Views that record the committee's resolutions, conclude a meeting, and extend the days for late additions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.posting import post_only
from survey.committee.actions.conclusion import conclude_meeting, extend_late_additions
from survey.committee.actions.meetings import (
    MAX_NOTE,
    SubPillarDecision,
    record_resolutions,
)
from survey.committee.forms import LateAdditionsForm
from survey.committee.queries import get_meeting, sub_pillars_to_decide
from survey.committee.views.meeting_pages import meeting_context, meeting_page, redirect_to_meeting, resolution_lines
from survey.committee.views.meetings import METHODS
from survey.models import Meeting, Resolution
from survey.workflow.refusal import TransitionRefused


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def resolutions(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Records the resolution on each sub-pillar; `conclude` concludes the meeting, `rest` endorses those without."""
    meeting = get_meeting(request.user, code, year, pk, Capability.ENDORSE)
    late = LateAdditionsForm(request.POST or None, initial={"late_until": _day_after(meeting)})
    if request.method != "POST":
        return _resolutions_page(request, meeting, late)
    decided = {
        code: one for code in sub_pillars_to_decide(meeting.round) if (one := _posted_decision(request.POST, code))
    }
    if not late.is_valid():
        return _resolutions_page(request, meeting, late, status=422)
    try:
        seen = request.POST.get("version", "") if "conclude" in request.POST else ""
        version = record_resolutions(
            by=request.user, meeting=meeting, decided=decided, seen=int(seen) if seen.isdecimal() else None
        )
        if "conclude" in request.POST:
            until = late.cleaned_data["late_until"]
            conclude_meeting(by=request.user, meeting=meeting, late_until=until, seen=version)
    except TransitionRefused as refused:
        status = 422 if refused.reason == "guard" else 409
        return _resolutions_page(request, meeting, late, refused=str(refused), status=status)
    if meeting.concluded_at is None:
        messages.success(request, _("บันทึกมติไว้แล้ว ยังไม่มีผลจนกว่าจะสรุปมติ"))
        return redirect("survey:meeting-resolutions", code, year, pk)
    messages.success(request, _("สรุปมติแล้ว: %(outcome)s") % {"outcome": meeting.get_outcome_display()})
    return redirect_to_meeting(meeting)


def _day_after(meeting: Meeting) -> date:
    """The suggested last day for late additions: the day after the meeting, while the round is open."""
    return min(timezone.localdate(meeting.held_at) + timedelta(days=1), timezone.localdate(meeting.round.closes_at))


def _posted_decision(post: Mapping[str, str], code: str) -> SubPillarDecision | None:
    decision = post.get(f"decision-{code}", "")
    if "rest" in post and not decision:
        decision = Resolution.Decision.ENDORSE
    return SubPillarDecision(decision, post.get(f"note-{code}", "")) if decision in Resolution.Decision.values else None


def _resolutions_page(
    request: SignedInRequest, meeting: Meeting, late: LateAdditionsForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = meeting_context(
        request,
        meeting.round,
        meeting=meeting,
        lines=list(resolution_lines(meeting, request.POST)),
        decisions=Resolution.Decision.choices,
        late=late,
        refused=refused,
        max_note=MAX_NOTE,
        version=meeting.round.responses.filter(agency=None).values_list("version", flat=True).first(),
    )
    return render(request, "survey/committee/resolutions.html", context, status=status)


@post_only("survey:meeting", "code", "year", "pk")
@allow(Capability.ENDORSE)
def prolong(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Changes the last day for late additions."""
    meeting = get_meeting(request.user, code, year, pk, Capability.ENDORSE)
    form = LateAdditionsForm(request.POST)
    form.fields["late_until"].required = True
    if not form.is_valid():
        return meeting_page(request, meeting, late=form, status=422)
    try:
        extend_late_additions(by=request.user, meeting=meeting, late_until=form.cleaned_data["late_until"])
    except TransitionRefused as refused:
        return meeting_page(
            request, meeting, refused=str(refused), late=form, status=422 if refused.reason == "guard" else 409
        )
    messages.success(request, _("บันทึกแล้ว"))
    return redirect_to_meeting(meeting)
