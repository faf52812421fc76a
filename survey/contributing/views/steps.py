"""Views of the transitions of a part, posted from the desk or the board."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import SignedInRequest, allow
from accounts.actions import RefusedError
from accounts.models import Agency
from accounts.roles import Capability
from dgready.posting import post_only
from survey import access
from survey.assigning.queries import agency_assignments
from survey.assigning.reassigning import reassign_parts
from survey.contributing import actions
from survey.contributing.views import desk
from survey.contributing.views.board_agency import render_agency
from survey.models import Assignment
from survey.workflow.part_transitions import PART_TRANSITIONS_BY_NAME, PartTransition
from survey.workflow.refusal import TransitionRefused

DONE_MESSAGES = {
    "submit": gettext_lazy("ส่งแล้ว"),
    "withdraw": gettext_lazy("ถอนกลับมาแก้ไขแล้ว"),
    "decline": gettext_lazy("แจ้งฝ่ายเลขานุการแล้ว"),
    "accept": gettext_lazy("รับแล้ว"),
    "return": gettext_lazy("ส่งกลับให้แก้ไขแล้ว"),
    "reopen": gettext_lazy("เปิดให้หน่วยงานทำต่อแล้ว"),
}


@post_only("survey:round", "code", "year")
@allow(Capability.CONTRIBUTION_EDIT, Capability.ASSIGN)
def step(request: SignedInRequest, code: str, year: int, pk: int, name: str) -> HttpResponse:
    """Makes one transition; 422 when the input is not enough, 409 when somebody else was first."""
    transition = PART_TRANSITIONS_BY_NAME.get(name)
    if transition is None:
        raise Http404
    part = access.get_assignment(request.user, code, year, pk, transition.capability)
    try:
        actions.move_part(
            by=request.user,
            part=part,
            name=transition.name,
            reason=request.POST.get("reason", ""),
            suggested=_suggested_agency(request, part),
            seen=_state_seen_at(request),
        )
    except TransitionRefused as refused:
        return _render_refusal(
            request, part, transition.capability, str(refused), 422 if refused.reason == "guard" else 409
        )
    messages.success(request, DONE_MESSAGES[transition.name])
    return redirect(_return_url(part, transition))


@post_only("survey:board", "code", "year")
@allow(Capability.ASSIGN)
def hand_over(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Reassigns a declined part to the agency that was suggested."""
    part = access.get_assignment(request.user, code, year, pk, Capability.ASSIGN)
    if part.state != Assignment.State.DECLINED or part.suggested is None:
        return _render_refusal(request, part, Capability.ASSIGN, _("ส่วนนี้ไม่มีหน่วยงานที่เสนอให้ทำแทนแล้ว"), 409)
    agency, to = part.agency, part.suggested
    try:
        reassign_parts(by=request.user, round_=part.round, moving=[part], to=to)
    except RefusedError as refused:
        return _render_refusal(request, part, Capability.ASSIGN, str(refused), 409)
    messages.success(request, _("มอบหมายให้ %(name)s แล้ว") % {"name": to.name})
    return redirect("survey:board-agency", code, year, agency.code)


@post_only("survey:board-agency", "code", "year", "agency")
@allow(Capability.ASSIGN)
def accept_all(request: SignedInRequest, code: str, year: int, agency: str) -> HttpResponse:
    """Accepts everything the agency has submitted, as it stood when the page was opened."""
    round_, agency_row = access.get_round_agency(request.user, code, year, agency, Capability.ASSIGN)
    seen_parts = set(request.POST.getlist("part"))
    unchanged = []
    for row in agency_assignments(round_, agency_row.pk):
        # Taken back and sent again since the page was opened: not accepted unseen.
        if row.state_at and f"{row.pk}@{row.state_at.isoformat()}" in seen_parts:
            row.round, row.agency = round_, agency_row
            unchanged.append(row)
    done = actions.accept_parts(by=request.user, parts=unchanged)
    messages.success(request, _("รับแล้ว %(count)d ส่วน") % {"count": done})
    return redirect("survey:board-agency", code, year, agency)


def _suggested_agency(request: SignedInRequest, part: Assignment) -> Agency | None:
    code = request.POST.get("suggested", "")
    return Agency.objects.filter(province=part.round.province_id, active=True, code=code).first() if code else None


def _state_seen_at(request: SignedInRequest) -> datetime | None:
    try:
        return parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        return None


def _return_url(part: Assignment, transition: PartTransition) -> str:
    code, year, agency = part.round.province.code, part.round.year, part.agency.code
    if transition.capability is Capability.CONTRIBUTION_EDIT:
        return f"{reverse('survey:desk', args=[code, year])}?agency={agency}#part-{part.pk}"
    return f"{reverse('survey:board-agency', args=[code, year, agency])}#part-{part.pk}"


def _render_refusal(
    request: SignedInRequest, part: Assignment, cap: Capability, fault: str, status: int
) -> HttpResponse:
    """The page the transition was posted from, with the refusal beside its part."""
    if cap is Capability.CONTRIBUTION_EDIT:
        code, year = part.round.province.code, part.round.year
        _round, agencies = access.get_round_with_own_agencies(request.user, code, year, cap)
        return desk.render_desk(request, part.round, part.agency, agencies, pk=part.pk, fault=fault, status=status)
    return render_agency(request, part.round, part.agency, pk=part.pk, fault=fault, status=status)
