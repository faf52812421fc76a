"""Views that record the committee's resolutions, and extend the days for late additions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.posting import post_only
from survey.committee.actions.conclusion import extend_late_additions
from survey.committee.actions.meetings import MAX_NOTE, SubPillarDecision, record_resolutions
from survey.committee.agenda import other_parts, resolution_limit, resolved_parts, written_agenda
from survey.committee.forms.meetings import LateAdditionsForm
from survey.committee.opinions import WHOLE, meeting_opinions
from survey.committee.queries import get_meeting_and_response, sub_pillars_to_decide
from survey.committee.views.meeting_pages import meeting_context, meeting_page, redirect_to_meeting, resolution_lines
from survey.committee.views.meetings import METHODS
from survey.committee.views.sub_pillar_facts import sub_pillar_facts
from survey.models import Meeting, Resolution, Response
from survey.workflow.refusal import TransitionRefused


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def resolutions(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Records the resolution on each sub-pillar; `rest` endorses those without, `conclude` leads to the conclusion."""
    meeting, response = get_meeting_and_response(request.user, code, year, pk, Capability.ENDORSE)
    if request.method != "POST":
        return _resolutions_page(request, meeting, response)
    decided = {
        code: one for code in sub_pillars_to_decide(meeting.round) if (one := _posted_decision(request.POST, code))
    }
    seen = request.POST.get("version", "")
    try:
        version = record_resolutions(
            by=request.user,
            meeting=meeting,
            decided=decided,
            proceedings=_posted_proceedings(request.POST, meeting),
            seen=int(seen) if _concludes(request, seen) else None,
        )
    except TransitionRefused as refused:
        return _resolutions_page(
            request, meeting, response, refused=str(refused), status=422 if refused.reason == "guard" else 409
        )
    if "conclude" in request.POST:
        return redirect(f"{reverse('survey:meeting-conclude', args=[code, year, pk])}?version={version}")
    messages.success(request, _("บันทึกมติไว้แล้ว ยังไม่มีผลจนกว่าจะสรุปมติ"))
    return redirect("survey:meeting-resolutions", code, year, pk)


def _concludes(request: SignedInRequest, seen: str) -> bool:
    return "conclude" in request.POST and seen.isdecimal()


def _posted_decision(post: Mapping[str, str], code: str) -> SubPillarDecision | None:
    decision = post.get(f"decision-{code}", "")
    if "rest" in post and not decision:
        decision = Resolution.Decision.ENDORSE
    return SubPillarDecision(decision, post.get(f"note-{code}", "")) if decision in Resolution.Decision.values else None


def _posted_proceedings(post: Mapping[str, str], meeting: Meeting) -> str | None:
    """What was resolved on the other parts of the agenda; None from a page without them."""
    parts = other_parts(meeting)
    if not any(f"item-{part.number}" in post for part in parts):
        return None
    most = resolution_limit(parts)
    return written_agenda(replace(part, lines=_lines(post.get(f"item-{part.number}", ""), most)) for part in parts)


def _lines(text: str, most: int) -> tuple[str, ...]:
    """The lines of what was typed, without empty ones; a browser counts an end of line as one character."""
    return tuple("\n".join(line.strip() for line in text.splitlines() if line.strip())[:most].splitlines())


def _other_items(meeting: Meeting, post: Mapping[str, str]) -> list[dict[str, object]]:
    """The other parts of the agenda with what was resolved on them, as stored or as posted."""
    said = resolved_parts(meeting)
    return [
        {"part": part, "text": post.get(f"item-{part.number}", "\n".join(said.get(part.number, ())))}
        for part in other_parts(meeting)
    ]


def _resolutions_page(
    request: SignedInRequest, meeting: Meeting, response: Response, *, refused: str = "", status: int = 200
) -> HttpResponse:
    facts, opinions = sub_pillar_facts(response), meeting_opinions(meeting)
    lines = [
        {**line, "facts": facts[line["code"]], "opinions": opinions.get(line["code"], [])}
        for line in resolution_lines(meeting, request.POST)
    ]
    context = meeting_context(
        request,
        meeting.round,
        meeting=meeting,
        response=response,
        lines=lines,
        items=(items := _other_items(meeting, request.POST)),
        max_item=resolution_limit(other_parts(meeting)),
        has_items=any(item["text"] for item in items),
        whole=opinions.get(WHOLE, []),
        decisions=Resolution.Decision.choices,
        refused=refused,
        max_note=MAX_NOTE,
        version=response.version,
    )
    return render(request, "survey/committee/resolutions.html", context, status=status)


@post_only("survey:meeting", "code", "year", "pk")
@allow(Capability.ENDORSE)
def prolong(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Changes the last day for late additions."""
    meeting, response = get_meeting_and_response(request.user, code, year, pk, Capability.ENDORSE)
    form = LateAdditionsForm(request.POST)
    form.fields["late_until"].required = True
    if not form.is_valid():
        return meeting_page(request, meeting, response, late=form, status=422)
    try:
        extend_late_additions(by=request.user, meeting=meeting, late_until=form.cleaned_data["late_until"])
    except TransitionRefused as refused:
        return meeting_page(
            request,
            meeting,
            response,
            refused=str(refused),
            late=form,
            status=422 if refused.reason == "guard" else 409,
        )
    messages.success(request, _("บันทึกแล้ว"))
    return redirect_to_meeting(meeting)
