"""View of the effort of each kind of work."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from scoring.engine import queries
from scoring.planning import queries as planning
from scoring.planning.actions import plans as actions
from scoring.planning.forms import EffortsForm
from scoring.planning.views.lookup import get_provincial_response
from scoring.scheme import registry


@require_http_methods(["GET", "POST"])
@allow(Capability.ANSWER_EDIT)
def efforts(request: SignedInRequest, pk: int) -> HttpResponse:
    """The effort of each kind of work, as this round's secretariat sees it."""
    response = get_provincial_response(request, pk, Capability.ANSWER_EDIT)
    try:
        scheme = queries.score_response(response).scheme
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    current_efforts = planning.get_work_efforts(response.round, scheme)
    form = EffortsForm(
        request.POST if request.method == "POST" else None, work=scheme.work_kinds, efforts=current_efforts
    )
    if form.is_bound and form.is_valid():
        actions.save_work_efforts(by=request.user, round_=response.round, efforts=form.cleaned_data, scheme=scheme)
        messages.success(request, _("บันทึกแล้ว"))
        return redirect("scoring:plan", response.pk)
    context = {"response": response, "form": form}
    return render(request, "scoring/planning/efforts.html", context, status=422 if form.errors else 200)
