"""View of external scores: add, replace and remove."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.made_once import made_once
from accounts.roles import Capability
from dgready.arrival import deadline_now
from dgready.language import localize_text
from scoring.engine import queries
from scoring.engine.explain import explain_estimated_score
from scoring.engine.views.score import list_sub_pillar_names
from scoring.externals import actions
from scoring.externals.forms import ExternalScoreForm
from scoring.scheme import registry
from scoring.scheme.queries import get_round_scheme
from survey.access import get_response
from survey.answering.actions import NotEditable


@require_http_methods(["GET", "POST"])
@allow(Capability.EXTERNAL_SCORE_EDIT)
@made_once
def externals(request: SignedInRequest, pk: int) -> HttpResponse:
    """Enter, replace or take out scores that come from outside."""
    response = get_response(request.user, pk, Capability.EXTERNAL_SCORE_EDIT)
    if not response.is_provincial:
        raise Http404
    try:
        scheme = get_round_scheme(response.round).scheme
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    choices = list_sub_pillar_names(response, scheme.externals)
    form = ExternalScoreForm(
        request.POST if request.method == "POST" and "remove" not in request.POST else None,
        choices=choices,
        initial={"sub_pillar": request.GET.get("sub_pillar", ""), "dated": timezone.localdate(), "origin": "official"},
    )
    try:
        if "remove" in request.POST:
            actions.remove_external_score(by=request.user, response=response, sub_pillar=request.POST["remove"])
            messages.success(request, _("นำคะแนนออกแล้ว"))
            return redirect("scoring:externals", response.pk)
        if form.is_bound and form.is_valid():
            actions.save_external_score(by=request.user, response=response, **form.cleaned_data)
            messages.success(request, _("บันทึกแล้ว"))
            return redirect("scoring:externals", response.pk)
    except NotEditable:
        messages.error(request, _("คำตอบชุดนี้ปิดแล้ว แก้ไขคะแนนไม่ได้"))
        return redirect("scoring:externals", response.pk)
    entered_scores = queries.get_external_scores(response)
    estimates = queries.get_outside_scores(response).estimates
    estimated = {code: localize_text(explain_estimated_score(one)) for code, one in estimates.items()}
    context = {
        "response": response,
        "form": form,
        "rows": [
            (code, name, entered_scores.get(code), estimated.get(code, ""), next(scheme.sub_pillars[code].walk()))
            for code, name in choices
        ],
        "open": response.is_editable and not response.round.is_closed(deadline_now()),
    }
    return render(request, "scoring/externals/externals.html", context, status=422 if form.errors else 200)
