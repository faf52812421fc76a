"""Views of an adopted plan: its actions and their progress, editing one, dropping the plan, the plan as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import localize_text
from dgready.localized_text import LocalizedText
from dgready.posting import post_only
from reports.jobs.views import ask_for_file, language_params
from reports.models import ReportKind
from scoring.engine import queries
from scoring.models import ActionPlan, PlannedAction
from scoring.planning import queries as planning
from scoring.planning.actions import plans as actions
from scoring.planning.charts import WeeksChart, build_weeks_chart
from scoring.planning.forms import PlannedActionForm
from scoring.planning.optimum.schedule import PlanCapacity, schedule_efforts, work_until
from scoring.planning.queries import FollowedAction
from scoring.planning.views.lookup import get_plan, get_provincial_response
from survey.access import has_response_capability
from survey.models import Response


@require_safe
@allow(Capability.RESPONSE_READ)
def plan_follow(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """An action plan: its actions with who does them, their state and their progress by the score."""
    response = get_provincial_response(request, pk, Capability.RESPONSE_READ)
    return _render_plan(request, response, get_plan(response, number))


def _render_plan(
    request: SignedInRequest, response: Response, row: ActionPlan, invalid_form: PlannedActionForm | None = None
) -> HttpResponse:
    rows = planning.list_followed_actions(row, response)
    edited = request.GET.get("edit", "") if invalid_form is None else str(invalid_form.instance.pk)
    form = invalid_form
    if form is None and edited:
        edited_action = next((a.action for a in rows if str(a.action.pk) == edited), None)
        form = PlannedActionForm(instance=edited_action, province=response.round.province) if edited_action else None
    context = {
        "response": response,
        "plan": row,
        "groups": _group_rows(rows),
        "weeks": _build_weeks(rows),
        "edited_row": next((a for a in rows if str(a.action.pk) == edited), None),
        "progress": planning.compute_plan_progress(rows, queries.get_score_sheet(response)),
        "form": form,
        "may_edit": has_response_capability(request.user, response, Capability.ANSWER_EDIT),
    }
    return render(request, "scoring/planning/plan_follow.html", context, status=422 if invalid_form else 200)


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """Actions that stand under one heading."""

    title: str
    rows: list[FollowedAction]


def _group_rows(rows: Sequence[FollowedAction]) -> list[ActionGroup]:
    """Questions first, then what still counts this year, then what builds the next."""
    titles = {
        "ask": _("ถามหน่วยงานก่อน: ข้อที่ยังไม่มีใครตอบ"),
        "this_year": _("งานที่ยังนับทันปีนี้"),
        "next_year": _("งานที่สร้างคะแนนปีหน้า"),
    }
    groups = [ActionGroup(title, [r for r in rows if r.group == group]) for group, title in titles.items()]
    return [group for group in groups if group.rows]


def _build_weeks(rows: Sequence[FollowedAction]) -> WeeksChart | None:
    """The weeks of the actions that are not done yet, in their order: until the day they are due, where one is set."""
    open_rows = [r for r in rows if r.active and not r.reached]
    start = timezone.localdate()
    works = schedule_efforts([r.action.effort for r in open_rows], PlanCapacity(1, None, start))
    shown = [work_until(work, row.action.due, start) for work, row in zip(works, open_rows, strict=True)]
    names = [f"{r.action.sub_pillar} {localize_text(LocalizedText(**r.action.made['name']))}" for r in open_rows]
    return build_weeks_chart(shown, [str(r.action.order) for r in open_rows], names, None)


@post_only("scoring:plan-follow", "pk", "number")
@allow(Capability.ANSWER_EDIT)
def plan_action(request: SignedInRequest, pk: int, number: int, action: int) -> HttpResponse:
    """Updates who does an action, by when, and its state."""
    response = get_provincial_response(request, pk, Capability.ANSWER_EDIT)
    row = get_plan(response, number)
    planned_action = PlannedAction.objects.filter(plan=row, pk=action).first()
    if planned_action is None:
        raise Http404
    form = PlannedActionForm(request.POST, instance=planned_action, province=response.round.province)
    if not form.is_valid():
        return _render_plan(request, response, row, form)
    fields = {k: form.cleaned_data[k] for k in ("agency", "owner", "due", "state", "note")}
    actions.update_planned_action(by=request.user, action=planned_action, **fields)
    messages.success(request, _("บันทึกแล้ว"))
    return redirect(f"{redirect('scoring:plan-follow', response.pk, row.pk).url}#a-{planned_action.order}")


@post_only("scoring:plan", "pk")
@allow(Capability.ANSWER_EDIT)
def plan_drop(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Drops an action plan; the page of plans offers to undo it."""
    response = get_provincial_response(request, pk, Capability.ANSWER_EDIT)
    actions.drop_plan(by=request.user, plan=get_plan(response, number))
    return redirect(f"{reverse('scoring:plan', args=[response.pk])}?dropped={number}")


@post_only("scoring:plan", "pk")
@allow(Capability.ANSWER_EDIT)
def plan_restore(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Brings a dropped action plan back."""
    response = get_provincial_response(request, pk, Capability.ANSWER_EDIT)
    row = get_plan(response, number, dropped=True)
    actions.restore_plan(by=request.user, plan=row)
    messages.success(request, _("นำแผนกลับมาแล้ว"))
    return redirect("scoring:plan-follow", response.pk, row.pk)


@require_http_methods(["GET", "POST"])
@allow(Capability.RESPONSE_READ)
def plan_file(request: SignedInRequest, pk: int, kind: str, number: int | None = None) -> HttpResponse:
    """Starts making an action plan with the reasons of the score as PDF or Excel, or the reasons alone as Excel.

    Leads to the page of its progress, where the file can be had. Who asks again meanwhile comes to the same job.
    """
    response = get_provincial_response(request, pk, Capability.RESPONSE_READ)
    params = language_params()
    if number is None:
        wanted = ReportKind.SCORE_SHEET
    else:
        wanted = ReportKind.PLAN if kind == "pdf" else ReportKind.PLAN_SHEET
        params["plan"] = str(get_plan(response, number).pk)
    job = ask_for_file(request, wanted, response, params)
    return redirect("reports:job", job.public_id)
