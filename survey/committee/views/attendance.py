"""View that records who came to a meeting: members of the register, other positions, guests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from survey.committee.actions.attendance import (
    MAX_GUESTS,
    MAX_POSITIONS,
    SUBSTITUTE_FIELDS,
    Guest,
    record_attendance,
)
from survey.committee.attendance import Presence, Seat, read_attendance
from survey.committee.queries import get_meeting
from survey.committee.titles import propose_members
from survey.committee.views.meeting_pages import meeting_context, redirect_to_meeting
from survey.committee.views.meetings import METHODS
from survey.models import Meeting
from survey.workflow.refusal import TransitionRefused

EMPTY_ROWS = 3  # empty rows for further positions, and for guests


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def attendance(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Records attendance; nothing is chosen beforehand. `more` only adds rows."""
    meeting = get_meeting(request.user, code, year, pk, Capability.ENDORSE)
    refused = ""
    sheet = read_attendance(meeting)
    seats, guests = sheet.seats or _earlier_positions(meeting), [Guest(*row) for row in meeting.guests]
    if request.method == "POST":
        seats, guests = list(_posted_seats(request.POST, sheet.seats)), list(_posted_guests(request.POST))
        if "more" not in request.POST:
            try:
                record_attendance(by=request.user, meeting=meeting, seats=seats, guests=guests)
            except TransitionRefused as caught:
                refused = str(caught)
            else:
                messages.success(request, _("บันทึกผู้เข้าประชุมแล้ว"))
                return redirect_to_meeting(meeting)
    context = meeting_context(
        request,
        meeting.round,
        meeting=meeting,
        order=sheet.order,
        seats=[*seats, *[Seat("")] * EMPTY_ROWS],
        guests=[*guests, *[Guest("")] * EMPTY_ROWS],
        presences=Presence.choices,
        refused=refused,
    )
    return render(request, "survey/committee/attendance.html", context, status=409 if refused else 200)


def _posted_seats(post: Mapping[str, str], known: list[Seat]) -> Iterator[Seat]:
    """The seats as posted: of members only what was said of them, of other positions the position too."""
    members = {str(seat.member): seat for seat in known if seat.member}
    for number in range(MAX_POSITIONS):
        position = post.get(f"position-{number}", "").strip()
        seat = members.get(post.get(f"member-{number}", "")) or Seat(position)
        presence = post.get(f"came-{number}", "")
        if seat.position:
            said: dict[str, Any] = {
                field: post.get(f"{field}-{number}", "").strip() for field in (*SUBSTITUTE_FIELDS, "reason")
            }
            yield replace(seat, presence=presence if presence in Presence.values else "", **said)


def _posted_guests(post: Mapping[str, str]) -> Iterator[Guest]:
    for number in range(MAX_GUESTS):
        guest = Guest(post.get(f"guest-{number}", "").strip(), post.get(f"guest-office-{number}", "").strip())
        if guest.name or guest.office:
            yield guest


def _earlier_positions(meeting: Meeting) -> list[Seat]:
    """Where no register is kept: the positions of the province's last meeting, else its usual committee; all blank."""
    province = meeting.round.province
    earlier = Meeting.objects.filter(round__province=province, attendance__isnull=False).exclude(pk=meeting.pk)
    last_meeting = earlier.order_by("-held_at").first()
    if last_meeting is not None:
        return [Seat(row.position, row.name) for row in last_meeting.attendance.all()]
    offices = province.agencies.filter(active=True).values_list("name_th", flat=True)
    return [Seat(one.post) for one in propose_members(province.chief_post, offices)]
