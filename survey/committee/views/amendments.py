"""Views that amend a concluded meeting: what can be amended, and one subject with its reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.made_once import made_once
from accounts.roles import Capability
from survey.committee.actions.amendments import amend_meeting
from survey.committee.amending import amendable_subjects, meeting_amendments
from survey.committee.forms.amendments import amendment_form
from survey.committee.queries import get_meeting
from survey.committee.views.meeting_pages import meeting_context, redirect_to_meeting
from survey.committee.views.meetings import METHODS
from survey.workflow.refusal import TransitionRefused


@require_safe
@allow(Capability.ENDORSE)
def subjects(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """What can be amended of a concluded meeting."""
    meeting = get_meeting(request.user, code, year, pk, Capability.ENDORSE)
    if meeting.concluded_at is None:
        return redirect_to_meeting(meeting)
    found = amendable_subjects(meeting, meeting_amendments(meeting)).values()
    context = meeting_context(request, meeting.round, meeting=meeting, subjects=list(found))
    return render(request, "survey/committee/amend.html", context)


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
@made_once
def amend(request: SignedInRequest, code: str, year: int, pk: int, subject: str) -> HttpResponse:
    """Amends one subject of a concluded meeting, with a reason."""
    meeting = get_meeting(request.user, code, year, pk, Capability.ENDORSE)
    if meeting.concluded_at is None:
        return redirect_to_meeting(meeting)
    found = amendable_subjects(meeting, meeting_amendments(meeting)).get(subject)
    if found is None:
        raise Http404
    form = amendment_form(found, request.POST or None)
    if form.is_bound and form.is_valid():
        values = form.values()
        try:
            amend_meeting(
                by=request.user, meeting=meeting, subject=subject, values=values, reason=form.cleaned_data["why"]
            )
        except TransitionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("บันทึกการแก้ไขรายงานแล้ว รายงานเดิมยังอยู่"))
            return redirect_to_meeting(meeting)
    context = meeting_context(request, meeting.round, meeting=meeting, subject=found, form=form)
    return render(request, "survey/committee/amend_subject.html", context, status=422 if form.errors else 200)
