"""View that records who came to a meeting, by position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from survey.committee.actions.meetings import (
    MAX_POSITIONS,
    MemberAttendance,
    record_attendance,
)
from survey.committee.queries import get_meeting
from survey.committee.views.meeting_pages import meeting_context, redirect_to_meeting
from survey.committee.views.meetings import METHODS
from survey.models import Meeting
from survey.workflow.refusal import TransitionRefused

EMPTY_ROWS = 6  # empty rows of the attendance list


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def attendance(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Records attendance by position; `more` only adds rows."""
    meeting = get_meeting(request.user, code, year, pk, Capability.ENDORSE)
    refused = ""
    seats = list(_posted_attendance(request.POST)) if request.method == "POST" else _initial_attendance(meeting)
    if request.method == "POST" and "more" not in request.POST:
        try:
            record_attendance(by=request.user, meeting=meeting, seats=seats)
        except TransitionRefused as caught:
            refused = str(caught)
        else:
            messages.success(request, _("บันทึกผู้เข้าประชุมแล้ว"))
            return redirect_to_meeting(meeting)
    seats += [MemberAttendance("")] * EMPTY_ROWS
    context = meeting_context(request, meeting.round, meeting=meeting, rows=seats, refused=refused, last=MAX_POSITIONS)
    return render(request, "survey/committee/attendance.html", context, status=409 if refused else 200)


def _posted_attendance(post: Mapping[str, str]) -> Iterator[MemberAttendance]:
    for number in range(MAX_POSITIONS):
        position = post.get(f"position-{number}", "").strip()
        if position:
            came = post.get(f"came-{number}", "present")
            yield MemberAttendance(position, came == "present", came == "represented")


def _initial_attendance(meeting: Meeting) -> list[MemberAttendance]:
    """Attendance as recorded; else members of the province's last meeting; else the heads of its agencies."""
    recorded = list(meeting.attendance.all())
    if recorded:
        return [MemberAttendance(a.position, a.present, a.represented) for a in recorded]
    earlier = Meeting.objects.filter(round__province=meeting.round.province_id, attendance__isnull=False)
    last_meeting = earlier.exclude(pk=meeting.pk).order_by("-held_at").first()
    if last_meeting is not None:
        return [MemberAttendance(a.position) for a in last_meeting.attendance.all()]
    heads = [
        MemberAttendance(_("หัวหน้า%(agency)s") % {"agency": a})
        for a in meeting.round.province.agencies.filter(active=True)
    ]
    return [MemberAttendance(_("ผู้ว่าราชการจังหวัด (ประธาน)")), *heads]
