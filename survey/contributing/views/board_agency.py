"""The page of one agency on the progress board: its parts, to accept or send back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.models import Agency
from accounts.roles import Capability
from survey import access
from survey.assigning.views.round_context import round_context
from survey.contributing.views.part_list import mark_refusal, read_part_list
from survey.models import Round


@require_safe
@allow(Capability.RESPONSE_READ)
def agency(request: SignedInRequest, code: str, year: int, agency: str) -> HttpResponse:
    """One agency's parts, with what the secretariat may do with each."""
    round_, found = access.get_round_agency(request.user, code, year, agency, Capability.RESPONSE_READ)
    return render_agency(request, round_, found)


def render_agency(
    request: SignedInRequest, round_: Round, agency_row: Agency, *, pk: int = 0, fault: str = "", status: int = 200
) -> HttpResponse:
    """Renders the page; `fault`: the message shown beside part `pk` after a refused transition."""
    listing = read_part_list(request.user, round_, agency_row)
    mark_refusal(listing.parts, pk, fault, request.POST)
    context = {
        **round_context(request, round_),
        "agency": agency_row,
        "listing": listing,
        "submitted": [s for s in listing.parts if "accept" in s.steps],
        "may_read": request.user.has(
            Capability.CONTRIBUTION_READ, province_id=round_.province_id, agency_id=agency_row.pk
        ),
    }
    return render(request, "survey/contributing/board_agency.html", context, status=status)
