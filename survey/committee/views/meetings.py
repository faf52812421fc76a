"""Views of meetings: list, record, change, call off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.made_once import made_once
from accounts.roles import Capability
from survey import access
from survey.committee.actions.meetings import (
    cancel_meeting,
    change_meeting,
    record_meeting,
)
from survey.committee.endorsement import read_endorsement
from survey.committee.forms.meetings import MeetingForm
from survey.committee.queries import get_meeting, get_meeting_and_response, provincial_response
from survey.committee.views.meeting_pages import meeting_context, meeting_page, redirect_to_meeting
from survey.models import Meeting, Round
from survey.workflow.refusal import TransitionRefused

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@allow(Capability.RESPONSE_READ)
def listing(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The meetings of a round, and the state and endorsement of its answer."""
    round_ = access.get_round(request.user, code, year, Capability.RESPONSE_READ)
    response = provincial_response(round_)
    context = meeting_context(
        request,
        round_,
        response=response,
        meetings=Meeting.every.filter(round=round_).order_by("held_at", "pk"),
        endorsement=read_endorsement(response),
    )
    return render(request, "survey/committee/meetings.html", context)


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
@made_once
def new(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Records a meeting."""
    round_ = access.get_round(request.user, code, year, Capability.ENDORSE)
    form = MeetingForm(request.POST or None, round_=round_)
    if form.is_bound and form.is_valid():
        try:
            meeting = record_meeting(by=request.user, round_=round_, fields=form.fields_given())
        except TransitionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("บันทึกการประชุมแล้ว"))
            return redirect_to_meeting(meeting)
    return _form_page(request, round_, form, _("บันทึกการประชุมคณะกรรมการ %(committee)s") % round_.province.words)


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def edit(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Changes a meeting that is not concluded."""
    meeting = get_meeting(request.user, code, year, pk, Capability.ENDORSE)
    form = MeetingForm(request.POST or None, round_=meeting.round, meeting=meeting)
    if form.is_bound and form.is_valid():
        try:
            change_meeting(by=request.user, meeting=meeting, fields=form.fields_given())
        except TransitionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("บันทึกแล้ว"))
            return redirect_to_meeting(meeting)
    return _form_page(request, meeting.round, form, _("แก้ไขการประชุม"), meeting)


def _form_page(
    request: SignedInRequest, round_: Round, form: MeetingForm, title: str, meeting: Meeting | None = None
) -> HttpResponse:
    context = meeting_context(request, round_, form=form, title=title, meeting=meeting)
    return render(request, "survey/committee/meeting_form.html", context, status=422 if form.errors else 200)


@require_safe
@allow(Capability.RESPONSE_READ)
def meeting(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """A meeting: date and place, attendance, resolutions, additions afterwards."""
    cap = Capability.RESPONSE_READ
    found, response = get_meeting_and_response(request.user, code, year, pk, cap, called_off=True)
    return meeting_page(request, found, response)


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def cancel(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponseBase:
    """Cancels a meeting, after a confirmation page."""
    meeting = get_meeting(request.user, code, year, pk, Capability.ENDORSE)
    refused = ""
    if request.method == "POST":
        try:
            cancel_meeting(by=request.user, meeting=meeting)
        except TransitionRefused as caught:
            refused = str(caught)
        else:
            messages.success(request, _("ยกเลิกการประชุมแล้ว"))
            return redirect("survey:meetings", code, year)
    texts = {
        "title": _("ยกเลิกการประชุม"),
        "question": _("ยกเลิกการประชุมนี้หรือไม่ สิ่งที่บันทึกไว้ยังอ่านได้ แต่จะบันทึกต่อหรือสรุปมติไม่ได้"),
        "button": _("ยกเลิกการประชุม"),
        "keep": _("ไม่ยกเลิก"),
        "back": reverse("survey:meeting", args=[code, year, pk]),
    }
    context = meeting_context(request, meeting.round, refusal=refused, danger=True, **texts)
    return render(request, "accounts/confirm.html", context, status=409 if refused else 200)
