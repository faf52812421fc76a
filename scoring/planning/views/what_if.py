"""What if: answers changed in a scratch copy, scored at once, saved as scenarios, compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.typed.characters import clean_line, clean_name
from scoring.engine.score_range import ScoreRange, compute_sheet_ranges
from scoring.engine.sheet import PillarScore, ScoreSheet
from scoring.engine.views.presentation import get_level_name
from scoring.kpi.rules import KpiResult
from scoring.models import Scenario
from scoring.planning import queries as planning
from scoring.planning.actions import scenarios as actions
from scoring.planning.optimum.plan import PILLAR_LEVEL, PlanningCase
from scoring.planning.what_if.changes import ScenarioChanges, parse_changes
from scoring.planning.what_if.form import NumberRefused, ScratchForm, ScratchInput
from scoring.scheme import registry
from scoring.scheme.wording import localize_text
from survey.access import get_response, has_response_capability
from survey.models import Response

MAX_COMPARED = 3


@dataclass(frozen=True, slots=True)
class ScenarioOutcome:
    """A score as it would be, in short."""

    name: str
    sheet: ScoreSheet
    span: ScoreRange
    level_name: str
    kpi: KpiResult | None
    at_level: int
    changed: int


def _compute_outcome(case: PlanningCase, name: str, changes: ScenarioChanges) -> ScenarioOutcome:
    facts, sheet = case.after(changes) if changes else (case.facts, case.sheet)
    whole = compute_sheet_ranges(case.instrument, case.scheme, facts, sheet).total
    number = len(changes.values) + len(changes.marked) + len(changes.unmarked) + len(changes.externals)
    return ScenarioOutcome(
        name, sheet, whole, get_level_name(sheet.level), case.judge(sheet), sheet.pillars_at(PILLAR_LEVEL), number
    )


def _get_case(response: Response) -> PlanningCase:
    if not response.is_provincial:
        raise Http404
    return planning.build_planning_case(response)


def _build_form(case: PlanningCase) -> ScratchForm:
    return ScratchForm(case.instrument, case.scheme, case.values, case.facts, case.sheet)


def _read_input(data: QueryDict) -> ScratchInput:
    named = [(k, str(v)) for k, v in data.items() if k[:2] in ("c:", "n:", "m:", "x:")]
    texts = {k: clean_line(v)[:200] for k, v in named}
    return ScratchInput(frozenset(map(str, data.getlist("on"))), texts)


@require_http_methods(["GET", "POST"])
@allow(Capability.RESPONSE_READ)
def whatif(request: SignedInRequest, pk: int) -> HttpResponse:
    """The scratch form and what its changes would do."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    try:
        case = _get_case(response)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    draft = ScratchDraft(_build_form(case))
    if request.method == "POST":
        draft.put_in(request.POST)
    elif (wanted := request.GET.get("scenario", "")).isdecimal():
        opened = Scenario.objects.filter(response=response, pk=wanted[:18]).first()
        if opened is not None:
            draft.open(case, opened)
    return _render_page(request, response, case, draft)


@dataclass(slots=True)
class ScratchDraft:
    """What stands in the scratch form: `given`, the changes that amounts to, and what is wrong with it."""

    form: ScratchForm
    given: ScratchInput | None = None
    changes: ScenarioChanges = field(default_factory=ScenarioChanges)
    name: str = ""
    wrong: str = ""
    unnamed: str = ""

    def put_in(self, data: QueryDict) -> None:
        """Takes what was sent."""
        self.given, self.name = _read_input(data), clean_name(data.get("name", ""))[:120]
        try:
            self.changes = self.form.changes(self.given)
        except NumberRefused as refused:
            self.wrong = f"“{refused.typed}”: {localize_text(refused.reason)}"

    def open(self, case: PlanningCase, scenario: Scenario) -> None:
        """Takes a saved scenario."""
        self.changes, self.name = parse_changes(scenario.changes), scenario.name
        self.given = self.form.given_by(*case.after(self.changes))


def _render_page(request: SignedInRequest, response: Response, case: PlanningCase, draft: ScratchDraft) -> HttpResponse:
    bad = bool(draft.wrong or draft.unnamed)
    context: dict[str, Any] = {
        "response": response,
        "now": _compute_outcome(case, _("ขณะนี้"), ScenarioChanges()),
        "then": _compute_outcome(case, _("ถ้าเปลี่ยนตามนี้"), draft.changes),
        "wrong": draft.wrong,
        "unnamed": draft.unnamed,
        "name": draft.name,
        "may_save": has_response_capability(request.user, response, Capability.ANSWER_EDIT),
    }
    context["rows"] = _pillar_rows(context["now"], context["then"])
    if request.headers.get("HX-Request") and request.method == "POST" and not draft.unnamed:
        context["fragment"] = True
        return render(request, "scoring/planning/_what_if_result.html", context, status=422 if bad else 200)
    given = draft.given or draft.form.given_by(case.facts, case.sheet)
    context["pillars"] = _build_controls(case, draft.form, given)
    context["saved"] = planning.list_scenarios(response)
    return render(request, "scoring/planning/what_if.html", context, status=422 if bad else 200)


def _build_controls(
    case: PlanningCase, form: ScratchForm, given: ScratchInput
) -> list[tuple[Any, str, list[tuple[Any, str, Any]]]]:
    """The controls, pillar by pillar and sub-pillar by sub-pillar."""

    def subs(pillar: PillarScore) -> list[tuple[Any, str, Any]]:
        return [(s, localize_text(s.name), [form.show(c, s.code, given) for c in s.walk()]) for s in pillar.sub_pillars]

    return [(p, localize_text(p.name), subs(p)) for p in case.sheet.pillars]


def _pillar_rows(now: ScenarioOutcome, then: ScenarioOutcome) -> list[tuple[str, Any, Any]]:
    pairs = zip(now.sheet.pillars, then.sheet.pillars, strict=True)
    return [(f"{a.number} {localize_text(a.name)}", a, b) for a, b in pairs]


@require_POST
@allow(Capability.ANSWER_EDIT)
def scenario_save(request: SignedInRequest, pk: int) -> HttpResponse:
    """Saves the changes of the scratch form under a name."""
    response = get_response(request.user, pk, Capability.ANSWER_EDIT)
    try:
        case = _get_case(response)
    except registry.MissingScheme as error:
        raise Http404 from error
    draft = ScratchDraft(_build_form(case))
    draft.put_in(request.POST)
    if not draft.name:
        draft.unnamed = _("ใส่ชื่อฉากก่อนบันทึก")
    if draft.wrong or draft.unnamed:
        return _render_page(request, response, case, draft)
    try:
        row = actions.save_scenario(by=request.user, response=response, name=draft.name, changes=draft.changes)
    except actions.TooManyScenarios:
        draft.unnamed = _("มีฉากทดลองมากแล้ว ลบบางฉากก่อน")
        return _render_page(request, response, case, draft)
    messages.success(request, _("บันทึกฉากทดลองแล้ว คำตอบจริงไม่เปลี่ยน"))
    return redirect(f"{redirect('scoring:whatif', response.pk).url}?scenario={row.pk}")


@require_POST
@allow(Capability.ANSWER_EDIT)
def scenario_drop(request: SignedInRequest, pk: int, scenario: int) -> HttpResponse:
    """Deletes a scenario."""
    response = get_response(request.user, pk, Capability.ANSWER_EDIT)
    row = Scenario.objects.filter(response=response, pk=scenario).first()
    if row is None:
        raise Http404
    actions.delete_scenario(by=request.user, scenario=row)
    messages.success(request, _("ลบฉากทดลองแล้ว"))
    return redirect("scoring:whatif", response.pk)


@require_safe
@allow(Capability.RESPONSE_READ)
def compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """Up to three scenarios side by side, beside how it stands."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    try:
        case = _get_case(response)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    saved = planning.list_scenarios(response)
    wanted = [s for s in saved if str(s.pk) in request.GET.getlist("s")]
    shown = [_compute_outcome(case, _("ขณะนี้"), ScenarioChanges())]
    shown += [_compute_outcome(case, s.name, parse_changes(s.changes)) for s in wanted[:MAX_COMPARED]]
    rows = [
        (f"{p.number} {localize_text(p.name)}", [o.sheet.pillars[at] for o in shown])
        for at, p in enumerate(case.sheet.pillars)
    ]
    context = {
        "response": response,
        "shown": shown,
        "rows": rows,
        "saved": saved,
        "chosen": {s.pk for s in wanted[:MAX_COMPARED]},
        "too_many": len(wanted) > MAX_COMPARED,
    }
    return render(request, "scoring/planning/compare_scenarios.html", context)
