"""Views of planning: the proposal for a target, and adopting it as an action plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.made_once import made_once
from accounts.roles import Capability
from dgready.language import localize_text
from dgready.lazy_values import LazyValues
from dgready.posting import post_only
from dgready.same_objects import SameObjects
from dgready.typed.characters import clean_name
from dgready.undo import Undo
from scoring.engine.explain import format_number
from scoring.engine.queries import score_response
from scoring.models import ActionPlan
from scoring.planning import queries as planning
from scoring.planning.actions import plans as actions
from scoring.planning.asking import find_agencies, list_answering_agencies
from scoring.planning.forms import TargetForm
from scoring.planning.optimum.plan import propose_plan as make_plan
from scoring.planning.optimum.plan_types import PlanNotPossible, PlanProposal, PlanTarget
from scoring.planning.views.lookup import get_provincial_response, number_in
from scoring.planning.views.proposal import build_proposal_context
from scoring.scheme import registry
from survey.access import has_response_capability
from survey.models import Response


def _build_target_form(data: QueryDict | None, scored: planning.ScoredForm, days: int) -> TargetForm:
    return TargetForm(
        data,
        initial={"kind": "kpi_points", "amount": "7.5"},
        numbers=planning.list_missing_numbers(scored),
        pillars={p.number: p.name for p in scored.sheet.pillars},
        names={c.id: c.name for c in scored.sheet.criteria},
        days=days,
    )


def _days(response: Response) -> int:
    return planning.get_plan_capacity(response.round).days or 0


@require_safe
@allow(Capability.RESPONSE_READ)
def plan(request: SignedInRequest, pk: int) -> HttpResponse:
    """The adopted plans, and a proposal for the target asked for."""
    response = get_provincial_response(request, pk, Capability.RESPONSE_READ)
    try:
        scored = score_response(response)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    may_edit = has_response_capability(request.user, response, Capability.ANSWER_EDIT)
    context: dict[str, Any] = {
        "response": response,
        "plans": planning.list_action_plans(response),
        "may_edit": may_edit,
        "undo": _undo_of_drop(response, request.GET) if may_edit else None,
    }
    if "kind" not in request.GET:
        days = _days(response)

        def unasked() -> dict[str, Any]:
            return {"form": _build_target_form(None, scored, days), "response": response, "may_edit": may_edit}

        context["unasked"] = LazyValues((SameObjects(scored), response.pk, days, may_edit), unasked)
        return render(request, "scoring/planning/plan.html", context)
    case = planning.build_planning_case(response)
    form = context["form"] = _build_target_form(request.GET, case, _days(response))
    if form.is_valid():
        try:
            expecting = replace(case, expected=form.cleaned_data["expected"])
            context |= build_proposal_context(response, expecting, form)
        except PlanNotPossible as error:
            form.add_error(None, localize_text(error.why))
    return render(request, "scoring/planning/plan.html", context, status=422 if form.errors else 200)


def _undo_of_drop(response: Response, query: QueryDict) -> Undo | None:
    """Undoing that a plan was dropped, where the query names one that still is."""
    if (number := number_in(query, "dropped")) is None:
        return None
    row = ActionPlan.objects.filter(response=response, pk=number, dropped_at__isnull=False).first()
    if row is None:
        return None
    url = reverse("scoring:plan-restore", args=[response.pk, row.pk])
    return Undo(_("ลบแผนแล้ว: %(name)s") % {"name": row.name}, url, about=row.name)


@post_only("scoring:plan", "pk")
@allow(Capability.ANSWER_EDIT)
@made_once
def plan_take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Adopts the proposal for a target as an action plan."""
    response = get_provincial_response(request, pk, Capability.ANSWER_EDIT)
    try:
        case = planning.build_planning_case(response)
        form = _build_target_form(request.POST, case, _days(response))
        if not form.is_valid():
            messages.error(request, _("เป้าหมายไม่ถูกต้อง"))
            return redirect("scoring:plan", response.pk)
        proposal = make_plan(replace(case, expected=form.cleaned_data["expected"]), form.cleaned_data["target"])
    except (registry.MissingScheme, PlanNotPossible):
        messages.error(request, _("วางแผนไม่ได้"))
        return redirect("scoring:plan", response.pk)
    name = clean_name(request.POST.get("name", ""))[:120] or _default_plan_name(proposal)
    owners = find_agencies(case.instrument, proposal.actions, list_answering_agencies(response.round))
    row = actions.adopt_plan(
        by=request.user, response=response, name=name, plan=proposal, scheme=case.scheme, owners=owners
    )
    return redirect("scoring:plan-follow", response.pk, row.pk)


def _default_plan_name(plan: PlanProposal) -> str:
    target: PlanTarget = plan.target
    if target.total is not None:
        return _("แผนสู่คะแนนรวม %(n)s") % {"n": format_number(target.total)}
    if target.pillars is not None:
        return _("แผนสู่ %(n)s ตัวชี้วัดระดับ 3 ขึ้นไป") % {"n": target.pillars}
    if target.kpi is not None:
        return _("แผนสู่ตัวชี้วัด ก.พ.ร. %(n)s") % {"n": format_number(target.kpi)}
    if target.kpi_points is not None:
        return _("แผนสู่คะแนนตัวชี้วัด ก.พ.ร. %(n)s") % {"n": format_number(target.kpi_points)}
    if target.pillar:
        return _("แผนสู่ตัวชี้วัด %(code)s ระดับ %(n)s") % {"code": target.pillar, "n": target.level}
    return _("แผนภายใน %(n)s วันทำงาน") % {"n": target.effort}
