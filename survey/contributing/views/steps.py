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
from dgready.typed.characters import clean_line
from survey import access
from survey.assigning.queries import OPEN_STATES, agency_assignments, assignment_target
from survey.assigning.reassigning import reassign_parts
from survey.contributing import actions
from survey.contributing.views import desk
from survey.contributing.views.board_agency import render_agency
from survey.contributing.views.part_names import target_name
from survey.contributing.views.part_pages import (
    HANDING_IN,
    NOT_SEEN,
    posted_reasons,
    render_part,
    render_review,
    was_reviewed,
)
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment
from survey.workflow.part_transitions import PART_TRANSITIONS_BY_NAME, PartTransition
from survey.workflow.refusal import TransitionRefused

DONE_MESSAGES = {
    "submit": gettext_lazy("ส่งแล้ว"),
    "nothing": gettext_lazy("แจ้งฝ่ายเลขานุการแล้ว"),
    "withdraw": gettext_lazy("ถอนกลับมาแก้ไขแล้ว"),
    "decline": gettext_lazy("แจ้งฝ่ายเลขานุการแล้ว"),
    "accept": gettext_lazy("รับแล้ว"),
    "return": gettext_lazy("ส่งกลับให้แก้ไขแล้ว"),
    "reopen": gettext_lazy("เปิดให้หน่วยงานทำต่อแล้ว"),
}


@post_only("survey:part-page", "code", "year", "pk")
@allow(Capability.CONTRIBUTION_EDIT, Capability.ASSIGN)
def step(request: SignedInRequest, code: str, year: int, pk: int, name: str) -> HttpResponse:
    """Makes one transition; 422 when the input is not enough, 409 when somebody else was first."""
    transition = PART_TRANSITIONS_BY_NAME.get(name)
    if transition is None:
        raise Http404
    part = access.get_assignment(request.user, code, year, pk, transition.capability)
    if name == "submit" and part.state in OPEN_STATES and not was_reviewed(request, part):
        return render_review(request, part, name=name, fault=str(NOT_SEEN), status=409)
    try:
        actions.move_part(
            by=request.user,
            part=part,
            name=transition.name,
            reason=request.POST.get("reason", ""),
            evidence_reasons=posted_reasons(request.POST),
            suggested=_suggested_agency(request, part),
            seen=_state_seen_at(request),
        )
    except TransitionRefused as refused:
        return _render_refusal(request, part, transition, refused)
    if transition.name not in HANDING_IN:
        messages.success(request, f"{_part_name(part)}: {DONE_MESSAGES[transition.name]}")
    return redirect(_return_url(part, transition))


@post_only("survey:board", "code", "year")
@allow(Capability.ASSIGN)
def hand_over(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Reassigns a declined part to the agency that was suggested."""
    part = access.get_assignment(request.user, code, year, pk, Capability.ASSIGN)
    if part.state != Assignment.State.DECLINED or part.suggested is None:
        fault = _("ส่วนนี้ไม่มีหน่วยงานที่เสนอให้ทำแทนแล้ว")
        return render_agency(request, part.round, part.agency, pk=part.pk, fault=fault, status=409)
    agency, to = part.agency, part.suggested
    try:
        reassign_parts(by=request.user, round_=part.round, moving=[part], to=to)
    except RefusedError as refused:
        return render_agency(request, part.round, part.agency, pk=part.pk, fault=str(refused), status=409)
    messages.success(request, _("มอบหมายให้ %(name)s แล้ว") % {"name": to.name})
    return redirect("survey:board-agency", code, year, agency.code)


def _suggested_agency(request: SignedInRequest, part: Assignment) -> Agency | None:
    code = clean_line(request.POST.get("suggested", ""))
    return Agency.objects.filter(province=part.round.province_id, active=True, code=code).first() if code else None


def _state_seen_at(request: SignedInRequest) -> datetime | None:
    try:
        return parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        return None


def _part_name(part: Assignment) -> str:
    row = part.round.instrument
    return target_name(compiled_instrument(row), assignment_target(row, part))


def _return_url(part: Assignment, transition: PartTransition) -> str:
    """Where a step leads: what happens next, the desk, or the next part that waits for the secretariat."""
    code, year, agency = part.round.province.code, part.round.year, part.agency.code
    if transition.name in HANDING_IN:
        return reverse("survey:part-done", args=[code, year, part.pk])
    if transition.capability is Capability.CONTRIBUTION_EDIT:
        return f"{reverse('survey:desk', args=[code, year])}?agency={agency}#part-{part.pk}"
    if transition.name in ("accept", "return"):
        rows = agency_assignments(part.round, part.agency_id)
        waiting = [row for row in rows if row.state == Assignment.State.SUBMITTED and row.pk != part.pk]
        if waiting:
            return reverse("survey:part-page", args=[code, year, waiting[0].pk])
    return f"{reverse('survey:board-agency', args=[code, year, agency])}#part-{part.pk}"


def _render_refusal(
    request: SignedInRequest, part: Assignment, transition: PartTransition, refused: TransitionRefused
) -> HttpResponse:
    """The page the transition was posted from, with the refusal where it was pressed."""
    fault, status = str(refused), 422 if refused.reason == "guard" else 409
    if transition.name in HANDING_IN and refused.reason != "state":
        return render_review(request, part, name=transition.name, fault=fault, status=status)
    if transition.capability is Capability.CONTRIBUTION_EDIT:
        code, year = part.round.province.code, part.round.year
        _round, agencies = access.get_round_with_own_agencies(request.user, code, year, transition.capability)
        return desk.render_desk(request, part.round, part.agency, agencies, pk=part.pk, fault=fault, status=status)
    if transition.name in ("accept", "return"):
        return render_part(request, part, fault=fault, status=status)
    return render_agency(request, part.round, part.agency, pk=part.pk, fault=fault, status=status)
