"""Views of the coordinator's desk: the agency's parts to answer, with due dates and actions."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.models import Agency
from accounts.roles import Capability
from dgready.posting import post_only
from survey import access
from survey.answering.opening import ensure_response
from survey.assigning.queries import assigned_questions
from survey.assigning.views.round_context import round_context
from survey.contributing.views.part_list import mark_refusal, read_part_list
from survey.instrument.queries import is_answered_by_each_agency
from survey.models import Round


@require_safe
@allow(Capability.CONTRIBUTION_EDIT)
def desk(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The parts of the person's agency; `?agency=` picks one of several."""
    round_, agencies = access.get_round_with_own_agencies(request.user, code, year, Capability.CONTRIBUTION_EDIT)
    wanted = request.GET.get("agency", agencies[0].code)
    agency = next((a for a in agencies if a.code == wanted), None)
    if agency is None:
        raise Http404
    return render_desk(request, round_, agency, agencies)


def render_desk(
    request: SignedInRequest,
    round_: Round,
    agency: Agency,
    agencies: list[Agency],
    *,
    pk: int = 0,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    """Renders the page; `fault`: the message shown beside part `pk` after a refused transition."""
    listing = read_part_list(request.user, round_, agency)
    mark_refusal(listing.parts, pk, fault, request.POST)
    context = {
        **round_context(request, round_),
        "agency": agency,
        "agencies": agencies,
        "listing": listing,
        "whole_form": is_answered_by_each_agency(round_.instrument),
    }
    return render(request, "survey/contributing/desk.html", context, status=status)


@post_only("survey:desk", "code", "year")
@allow(Capability.CONTRIBUTION_EDIT)
def open_part(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Opens the agency's contribution at a part; it is made when first opened."""
    part = access.get_assignment(request.user, code, year, pk, Capability.CONTRIBUTION_EDIT)
    response = ensure_response(by=request.user, round_=part.round, agency=part.agency)
    asked = assigned_questions(part)
    if not asked:
        return redirect("survey:response", response.pk)
    page = redirect("survey:fill", response.pk, asked[0].section)
    page["Location"] += f"#q:{asked[0].id}"
    return page
