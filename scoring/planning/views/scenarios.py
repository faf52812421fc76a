"""Views of saved scenarios: saving, dropping and bringing back, comparing."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.made_once import made_once
from accounts.roles import Capability
from dgready.language import localize_text
from dgready.posting import post_only
from scoring.planning import queries as planning
from scoring.planning.actions import scenarios as actions
from scoring.planning.views.lookup import get_scenario
from scoring.planning.views.scratch import ScratchDraft, build_form, compute_outcome, get_case, render_page
from scoring.planning.what_if.changes import ScenarioChanges, parse_changes
from scoring.scheme import registry
from survey.access import get_response

MAX_COMPARED = 3


@post_only("scoring:whatif", "pk")
@allow(Capability.ANSWER_EDIT)
@made_once
def scenario_save(request: SignedInRequest, pk: int) -> HttpResponse:
    """Saves the changes of the scratch form under a name."""
    response = get_response(request.user, pk, Capability.ANSWER_EDIT)
    try:
        case = get_case(response)
    except registry.MissingScheme as error:
        raise Http404 from error
    draft = ScratchDraft(build_form(case))
    draft.load_input(request.POST)
    if not draft.name:
        draft.name_error = _("ใส่ชื่อชุดคำตอบทดลองก่อนบันทึก")
    if draft.number_error or draft.name_error:
        return render_page(request, response, case, draft)
    try:
        row = actions.save_scenario(by=request.user, response=response, name=draft.name, changes=draft.changes)
    except actions.TooManyScenarios:
        draft.name_error = _("มีชุดคำตอบทดลองมากแล้ว ลบบางชุดก่อน")
        return render_page(request, response, case, draft)
    messages.success(request, _("บันทึกชุดคำตอบทดลองแล้ว คำตอบจริงไม่เปลี่ยน"))
    return redirect(f"{redirect('scoring:whatif', response.pk).url}?scenario={row.pk}")


@post_only("scoring:whatif", "pk")
@allow(Capability.ANSWER_EDIT)
def scenario_drop(request: SignedInRequest, pk: int, scenario: int) -> HttpResponse:
    """Drops a scenario; the page offers to undo it."""
    response = get_response(request.user, pk, Capability.ANSWER_EDIT)
    row = get_scenario(response, scenario)
    actions.drop_scenario(by=request.user, scenario=row)
    return redirect(f"{reverse('scoring:whatif', args=[response.pk])}?dropped={row.pk}")


@post_only("scoring:whatif", "pk")
@allow(Capability.ANSWER_EDIT)
def scenario_restore(request: SignedInRequest, pk: int, scenario: int) -> HttpResponse:
    """Brings a dropped scenario back."""
    response = get_response(request.user, pk, Capability.ANSWER_EDIT)
    try:
        row = actions.restore_scenario(by=request.user, scenario=get_scenario(response, scenario, dropped=True))
    except actions.TooManyScenarios:
        messages.error(request, _("มีชุดคำตอบทดลองมากแล้ว ลบบางชุดก่อน"))
        return redirect(f"{reverse('scoring:whatif', args=[response.pk])}?dropped={scenario}")
    messages.success(request, _("นำชุดคำตอบทดลองกลับมาแล้ว: %(name)s") % {"name": row.name})
    return redirect("scoring:whatif", response.pk)


@require_safe
@allow(Capability.RESPONSE_READ)
def compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """Up to three scenarios side by side, beside the present score."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    try:
        case = get_case(response)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    saved = planning.list_scenarios(response)
    chosen = [s for s in saved if str(s.pk) in request.GET.getlist("s")]
    outcomes = [compute_outcome(case, _("ขณะนี้"), ScenarioChanges())]
    outcomes += [compute_outcome(case, s.name, parse_changes(s.changes)) for s in chosen[:MAX_COMPARED]]
    rows = [
        (f"{p.number} {localize_text(p.name)}", [o.sheet.pillars[at] for o in outcomes])
        for at, p in enumerate(case.sheet.pillars)
    ]
    context = {
        "response": response,
        "shown": outcomes,
        "rows": rows,
        "saved": saved,
        "chosen": {s.pk for s in chosen[:MAX_COMPARED]},
        "too_many": len(chosen) > MAX_COMPARED,
    }
    return render(request, "scoring/planning/compare_scenarios.html", context)
