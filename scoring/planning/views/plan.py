"""The way up: the best plan for a target, taken up as an action plan and followed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.typed.characters import clean_name
from reports.documents import score_report as paper
from reports.workbooks import score_report as workbook
from scoring.engine import queries
from scoring.engine.explain import format_number
from scoring.engine.levels import round_score
from scoring.engine.recommendations import list_recommendations
from scoring.engine.views.presentation import RecommendationView
from scoring.models import ActionPlan, PlannedAction
from scoring.planning import queries as planning
from scoring.planning.actions import plans as actions
from scoring.planning.forms import EffortsForm, PlannedActionForm, TargetForm
from scoring.planning.optimum.plan import PlanningCase, PlanNotPossible, PlanProposal, PlanTarget
from scoring.planning.optimum.plan import propose_plan as make_plan
from scoring.scheme import registry
from scoring.scheme.wording import localize_text
from survey.access import get_response, has_response_capability
from survey.models import Response

CONTENT_TYPES = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def _get_provincial_response(request: SignedInRequest, pk: int, cap: Capability) -> Response:
    response = get_response(request.user, pk, cap)
    if not response.is_provincial:
        raise Http404
    return response


def _build_target_form(data: QueryDict | None, case: PlanningCase) -> TargetForm:
    initial = {"kind": "kpi", "amount": 75}
    numbers = planning.list_missing_numbers(case)
    return TargetForm(data, initial=initial, numbers=numbers, pillars=len(case.sheet.pillars))


@require_safe
@allow(Capability.RESPONSE_READ)
def plan(request: SignedInRequest, pk: int) -> HttpResponse:
    """The plans taken up, and a proposal for the target asked for."""
    response = _get_provincial_response(request, pk, Capability.RESPONSE_READ)
    try:
        case = planning.build_planning_case(response)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    asked = "kind" in request.GET
    form = _build_target_form(request.GET if asked else None, case)
    context: dict[str, Any] = {
        "response": response,
        "form": form,
        "plans": planning.list_action_plans(response),
        "may_edit": has_response_capability(request.user, response, Capability.ANSWER_EDIT),
    }
    if asked and form.is_valid():
        try:
            context |= _build_proposal_context(replace(case, expected=form.cleaned_data["expected"]), form)
        except PlanNotPossible as error:
            form.add_error(None, localize_text(error.why))
    return render(request, "scoring/planning/plan.html", context, status=422 if form.errors else 200)


def _build_proposal_context(case: PlanningCase, form: TargetForm) -> dict[str, Any]:
    """A proposal as the page shows it. Raises Unplannable."""
    found = make_plan(case, form.cleaned_data["target"])
    subs = {s.code: s for s in case.sheet.sub_pillars}
    seen: set[str] = set()
    rows = []
    for action in found.actions:
        code = action.sub.code
        advice = list_recommendations(case.sheet, subs[code]) if code not in seen else ()
        seen.add(code)
        rows.append((action, [RecommendationView(localize_text(a.text), localize_text(a.told)) for a in advice]))
    asks = planning.list_missing_numbers(case)
    expected = [(localize_text(asks[a]), n) for a, n in found.expected.items() if a in asks]
    far = "" if found.reached else _describe_reachable_target(found)
    return {"plan": found, "rows": rows, "expected": expected, "far": far, "given": form.given()}


def _describe_reachable_target(plan: PlanProposal) -> str:
    """How far one can go when a target cannot be reached."""
    best = plan.reachable
    if best is not None and best.total is not None:
        return _("ไกลที่สุดที่ไปได้คือคะแนนรวม %(n)s") % {"n": f"{round_score(best.total):f}"}
    if best is not None and best.pillars is not None:
        return _("ไกลที่สุดที่ไปได้คือ %(n)s ตัวชี้วัดระดับ 3 ขึ้นไป") % {"n": best.pillars}
    if best is not None and best.kpi is not None:
        return _("ไกลที่สุดที่ไปได้คือตัวชี้วัด ก.พ.ร. ระดับ %(n)s") % {"n": format_number(best.kpi)}
    return _("แม้แต่เป้าที่ต่ำกว่านี้ก็ยังไปไม่ถึง แผนนี้ได้คะแนนรวมมากที่สุดเท่าที่ไปได้")


@require_POST
@allow(Capability.ANSWER_EDIT)
def plan_take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Takes the proposal for a target up as an action plan."""
    response = _get_provincial_response(request, pk, Capability.ANSWER_EDIT)
    try:
        case = planning.build_planning_case(response)
        form = _build_target_form(request.POST, case)
        if not form.is_valid():
            messages.error(request, _("เป้าหมายไม่ถูกต้อง"))
            return redirect("scoring:plan", response.pk)
        found = make_plan(replace(case, expected=form.cleaned_data["expected"]), form.cleaned_data["target"])
    except (registry.MissingScheme, PlanNotPossible):
        messages.error(request, _("วางแผนไม่ได้"))
        return redirect("scoring:plan", response.pk)
    name = clean_name(request.POST.get("name", ""))[:120] or _default_plan_name(found)
    row = actions.adopt_plan(by=request.user, response=response, name=name, plan=found, scheme=case.scheme)
    return redirect("scoring:plan-follow", response.pk, row.pk)


def _default_plan_name(plan: PlanProposal) -> str:
    target: PlanTarget = plan.target
    if target.total is not None:
        return _("แผนสู่คะแนนรวม %(n)s") % {"n": format_number(target.total)}
    if target.pillars is not None:
        return _("แผนสู่ %(n)s ตัวชี้วัดระดับ 3 ขึ้นไป") % {"n": target.pillars}
    if target.kpi is not None:
        return _("แผนสู่ตัวชี้วัด ก.พ.ร. %(n)s") % {"n": format_number(target.kpi)}
    return _("แผนภายใน %(n)s วันทำงาน") % {"n": target.effort}


def _get_plan(response: Response, pk: int) -> ActionPlan:
    found = ActionPlan.objects.filter(response=response, pk=pk).select_related("made_by").first()
    if found is None:
        raise Http404
    return found


@require_safe
@allow(Capability.RESPONSE_READ)
def plan_follow(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """An action plan: its actions, who does them, how far they are, what the score says of them now."""
    response = _get_provincial_response(request, pk, Capability.RESPONSE_READ)
    return _render_plan(request, response, _get_plan(response, number))


def _render_plan(
    request: SignedInRequest, response: Response, row: ActionPlan, bad: PlannedActionForm | None = None
) -> HttpResponse:
    rows = planning.list_followed_actions(row, response)
    edited = request.GET.get("edit", "") if bad is None else str(bad.instance.pk)
    form = bad
    if form is None and edited:
        one = next((a.row for a in rows if str(a.row.pk) == edited), None)
        form = PlannedActionForm(instance=one, province=response.round.province) if one else None
    context = {
        "response": response,
        "plan": row,
        "actions": rows,
        "progress": planning.compute_plan_progress(rows, queries.get_score_sheet(response)),
        "edited": edited,
        "form": form,
        "may_edit": has_response_capability(request.user, response, Capability.ANSWER_EDIT),
    }
    return render(request, "scoring/planning/plan_follow.html", context, status=422 if bad else 200)


@require_POST
@allow(Capability.ANSWER_EDIT)
def plan_action(request: SignedInRequest, pk: int, number: int, action: int) -> HttpResponse:
    """Says who does an action, by when, how far it is."""
    response = _get_provincial_response(request, pk, Capability.ANSWER_EDIT)
    row = _get_plan(response, number)
    found = PlannedAction.objects.filter(plan=row, pk=action).first()
    if found is None:
        raise Http404
    form = PlannedActionForm(request.POST, instance=found, province=response.round.province)
    if not form.is_valid():
        return _render_plan(request, response, row, form)
    given = {k: form.cleaned_data[k] for k in ("agency", "owner", "due", "state", "note")}
    actions.update_planned_action(by=request.user, action=found, **given)
    messages.success(request, _("บันทึกแล้ว"))
    return redirect(f"{redirect('scoring:plan-follow', response.pk, row.pk).url}#a-{found.order}")


@require_POST
@allow(Capability.ANSWER_EDIT)
def plan_drop(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Deletes an action plan."""
    response = _get_provincial_response(request, pk, Capability.ANSWER_EDIT)
    actions.delete_plan(by=request.user, plan=_get_plan(response, number))
    messages.success(request, _("ลบแผนแล้ว"))
    return redirect("scoring:plan", response.pk)


@require_http_methods(["GET", "POST"])
@allow(Capability.ANSWER_EDIT)
def efforts(request: SignedInRequest, pk: int) -> HttpResponse:
    """The effort of each kind of work, as this round's secretariat sees it."""
    response = _get_provincial_response(request, pk, Capability.ANSWER_EDIT)
    try:
        scheme = queries.score_response(response).scheme
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    now = planning.get_work_efforts(response.round, scheme)
    form = EffortsForm(request.POST if request.method == "POST" else None, work=scheme.work, efforts=now)
    if form.is_bound and form.is_valid():
        actions.save_work_efforts(by=request.user, round_=response.round, efforts=form.cleaned_data, scheme=scheme)
        messages.success(request, _("บันทึกแล้ว"))
        return redirect("scoring:plan", response.pk)
    context = {"response": response, "form": form}
    return render(request, "scoring/planning/efforts.html", context, status=422 if form.errors else 200)


@require_safe
@allow(Capability.RESPONSE_READ)
def plan_file(request: SignedInRequest, pk: int, kind: str, number: int | None = None) -> HttpResponse:
    """An action plan with the reasons of the score as PDF or Excel; the reasons alone as Excel (as PDF: reports)."""
    response = _get_provincial_response(request, pk, Capability.RESPONSE_READ)
    row = _get_plan(response, number) if number else None
    try:
        found = queries.score_response(response)
    except registry.MissingScheme as error:
        raise Http404 from error
    rows = planning.list_followed_actions(row, response) if row else []
    language = reader_language()
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"plan.{kind}"
        write = paper.write_score_report_pdf if kind == "pdf" else workbook.write_score_workbook
        write(paper.ScoreReport(response, found.sheet, found.spread, row, rows, language), path)
        data = path.read_bytes()
    name = f"dgready-{response.round.province.code}-{response.round.year}-{'plan' if row else 'score'}.{kind}"
    return HttpResponse(data, CONTENT_TYPES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})
