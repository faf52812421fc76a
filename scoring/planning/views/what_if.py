"""View of the what-if page: answers changed in a scratch copy and scored at once."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from scoring.models import Scenario
from scoring.planning.views.lookup import number_in
from scoring.planning.views.scratch import ScratchDraft, build_form, get_case, render_page
from scoring.results.queries import list_results_before
from scoring.scheme import registry
from survey.access import get_response


@require_http_methods(["GET", "POST"])
@allow(Capability.RESPONSE_READ)
def whatif(request: SignedInRequest, pk: int) -> HttpResponse:
    """The scratch form and what its changes would do."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    past = list_results_before(response.round.province, response.round.year)
    try:
        case = get_case(response, past)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    draft = ScratchDraft(build_form(case))
    if request.method == "POST":
        draft.load_input(request.POST)
    elif (number := number_in(request.GET, "scenario")) is not None:
        scenario = Scenario.objects.filter(response=response, pk=number, dropped_at=None).first()
        if scenario is not None:
            draft.load_scenario(case, scenario)
    return render_page(request, response, case, draft, past)
