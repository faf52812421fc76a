"""View of members' opinions: one's own to write, for the secretariat everybody's to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from survey.committee.actions.opinions import MAX_REMARK, GivenOpinion, record_opinions
from survey.committee.opinions import WHOLE, meeting_opinions, own_opinions
from survey.committee.queries import get_meeting_and_response, sub_pillars_to_decide
from survey.committee.register import seat_at
from survey.committee.views.meeting_pages import meeting_context
from survey.committee.views.meetings import METHODS
from survey.committee.views.sub_pillar_facts import sub_pillar_facts
from survey.instrument.queries import compiled_instrument
from survey.models import CommitteeMember, Meeting, Opinion, Response
from survey.workflow.refusal import TransitionRefused

WHOLE_FIELD = "whole"  # what stands for the whole answer in the names of fields


@require_http_methods(METHODS)
@allow(Capability.RESPONSE_READ)
def opinions(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """A member's own opinions on the answer, as long as the meeting is not concluded; others read what they may."""
    meeting, response = get_meeting_and_response(request.user, code, year, pk, Capability.RESPONSE_READ)
    seat = seat_at(request.user, meeting)
    if request.method != "POST":
        return _opinions_page(request, meeting, response, seat)
    given = {
        _code_of(field): GivenOpinion(_stance(request.POST, field), request.POST.get(f"remark-{field}", ""))
        for field in (WHOLE_FIELD, *sub_pillars_to_decide(meeting.round))
    }
    try:
        record_opinions(by=request.user, meeting=meeting, opinions=given)
    except TransitionRefused as refused:
        status = 422 if refused.reason == "guard" else 409
        return _opinions_page(request, meeting, response, seat, refused=str(refused), status=status)
    messages.success(request, _("บันทึกความเห็นของท่านแล้ว แก้ไขได้จนกว่าจะสรุปมติ"))
    return redirect("survey:meeting-opinions", code, year, pk)


def _code_of(field: str) -> str:
    return WHOLE if field == WHOLE_FIELD else field


def _stance(post: Mapping[str, str], field: str) -> str:
    stance = post.get(f"stance-{field}", "")
    return stance if stance in Opinion.Stance.values else ""


def _opinions_page(
    request: SignedInRequest,
    meeting: Meeting,
    response: Response,
    seat: CommitteeMember | None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = meeting_context(request, meeting.round, meeting=meeting, response=response, seat=seat, refused=refused)
    if context["may_endorse"] or meeting.concluded_at is not None:
        everybody = meeting_opinions(meeting)
        context["everybody"] = [
            (line, everybody[line["code"]]) for line in _lines(meeting) if line["code"] in everybody
        ]
    if seat is not None and meeting.concluded_at is None:
        facts = sub_pillar_facts(response)
        mine = own_opinions(meeting, seat)
        context |= {"stances": Opinion.Stance.choices, "max_remark": MAX_REMARK}
        lines = [
            {**line, **_own(line, mine, request.POST), "facts": facts.get(line["code"])} for line in _lines(meeting)
        ]
        context |= {"whole": lines[0], "pillars": list(_pillars(meeting, lines[1:], unfold=bool(refused)))}
    return render(request, "survey/committee/opinions.html", context, status=status)


def _lines(meeting: Meeting) -> list[dict[str, Any]]:
    """The whole answer, then each sub-pillar."""
    instrument, language = compiled_instrument(meeting.round.instrument), reader_language()
    lines = [{"code": WHOLE, "field": WHOLE_FIELD, "name": _("คำตอบทั้งฉบับ")}]
    for code in sub_pillars_to_decide(meeting.round):
        lines.append({"code": code, "field": code, "name": instrument.sub_pillars[code].name.to(language)})
    return lines


def _pillars(meeting: Meeting, lines: list[dict[str, Any]], *, unfold: bool) -> Iterator[dict[str, Any]]:
    """The sub-pillars by pillar; open where something is said, or all of them (`unfold`)."""
    for pillar in compiled_instrument(meeting.round.instrument).pillars:
        codes = {sub.code for sub in pillar.sub_pillars}
        own = [line for line in lines if line["code"] in codes]
        if own:
            said = sum(bool(line["stance"]) for line in own)
            name = pillar.name.to(reader_language())
            yield {"number": pillar.number, "name": name, "lines": own, "said": said, "open": unfold or said}


def _own(line: dict[str, Any], mine: Mapping[str, Opinion], post: Mapping[str, str]) -> dict[str, str]:
    row, field = mine.get(line["code"]), line["field"]
    return {
        "stance": post.get(f"stance-{field}", row.stance if row else ""),
        "remark": post.get(f"remark-{field}", row.remark if row else ""),
    }
