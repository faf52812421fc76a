"""The scratch form of the what-if page: its state, its controls, and the page it is shown on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest
from accounts.roles import Capability
from dgready.language import localize_text
from dgready.lazy_values import LazyValues
from dgready.same_objects import SameObjects
from dgready.typed.characters import clean_line, clean_name
from dgready.undo import Undo
from scoring.comparing.scheme_changes import find_scheme_of_year
from scoring.engine.level_five import LevelFiveStanding, level_five_standing
from scoring.engine.queries import score_response
from scoring.engine.range_types import ScoreRange
from scoring.engine.score_range import compute_sheet_ranges
from scoring.engine.sheet import CriterionScore, PillarScore, ScoreSheet
from scoring.engine.views.presentation import get_level_name
from scoring.kpi.types import KpiResult
from scoring.models import Scenario
from scoring.planning import queries as planning
from scoring.planning.optimum.plan_types import PILLAR_LEVEL, PlanningCase
from scoring.planning.views.lookup import number_in
from scoring.planning.what_if.changes import ScenarioChanges, parse_changes
from scoring.planning.what_if.controls import CriterionControls, NumberRefused, ScratchInput
from scoring.planning.what_if.form import ScratchForm
from scoring.results.queries import PublishedResults
from scoring.scheme.level_five import asks_by_criterion
from survey.access import has_response_capability
from survey.models import Response


@dataclass(frozen=True, slots=True)
class ScenarioOutcome:
    """The score that a scenario leads to, in short."""

    name: str
    sheet: ScoreSheet
    span: ScoreRange
    level_name: str
    kpi: KpiResult | None
    at_level: int
    changed: int


def compute_outcome(
    case: PlanningCase, name: str, changes: ScenarioChanges, span: ScoreRange | None = None
) -> ScenarioOutcome:
    """What the changes lead to. `span`: the range without changes, where it is known."""
    facts, sheet = case.score_changes(changes) if changes else (case.facts, case.sheet)
    known = None if changes else span
    score_range = known or compute_sheet_ranges(case.instrument, case.scheme, facts, sheet).total
    change_count = len(changes.values) + len(changes.marked) + len(changes.unmarked) + len(changes.externals)
    return ScenarioOutcome(
        name,
        sheet,
        score_range,
        get_level_name(sheet.level),
        case.evaluate_kpi(sheet),
        sheet.pillars_at(PILLAR_LEVEL),
        change_count,
    )


def get_case(response: Response, past: Sequence[PublishedResults] | None = None) -> PlanningCase:
    if not response.is_provincial:
        raise Http404
    return planning.build_planning_case(response, past)


def build_form(case: PlanningCase) -> ScratchForm:
    return ScratchForm(case.instrument, case.scheme, case.values, case.facts, case.sheet)


def read_input(data: QueryDict) -> ScratchInput:
    named = [(k, str(v)) for k, v in data.items() if k[:2] in ("c:", "n:", "m:", "x:")]
    texts = {k: clean_line(v)[:200] for k, v in named}
    return ScratchInput(frozenset(map(str, data.getlist("on"))), texts)


@dataclass(slots=True)
class ScratchDraft:
    """State of the scratch form: its input, the changes it amounts to, and its errors."""

    form: ScratchForm
    scratch_input: ScratchInput | None = None
    changes: ScenarioChanges = field(default_factory=ScenarioChanges)
    name: str = ""
    number_error: str = ""
    name_error: str = ""

    @property
    def is_untouched(self) -> bool:
        """Whether it shows the answers as they are."""
        return self.scratch_input is None and not (self.changes or self.name or self.number_error or self.name_error)

    def load_input(self, data: QueryDict) -> None:
        """Loads what was posted."""
        self.scratch_input, self.name = read_input(data), clean_name(data.get("name", ""))[:120]
        try:
            self.changes = self.form.changes(self.scratch_input)
        except NumberRefused as refused:
            self.number_error = f"“{refused.typed}”: {localize_text(refused.reason)}"

    def load_scenario(self, case: PlanningCase, scenario: Scenario) -> None:
        """Loads a saved scenario."""
        self.changes, self.name = parse_changes(scenario.changes), scenario.name
        self.scratch_input = self.form.read_facts(*case.score_changes(self.changes))


def render_page(
    request: SignedInRequest,
    response: Response,
    case: PlanningCase,
    draft: ScratchDraft,
    past: Sequence[PublishedResults] | None = None,
) -> HttpResponse:
    """The page, or its result alone where htmx asks. `past`: the results of the case, for a page that may be kept."""
    is_invalid = bool(draft.number_error or draft.name_error)
    may_save = has_response_capability(request.user, response, Capability.ANSWER_EDIT)
    if request.headers.get("HX-Request") and request.method == "POST" and not draft.name_error:
        context = {"response": response, **_result(response, case, draft), "fragment": True}
        return render(request, "scoring/planning/_what_if_result.html", context, status=422 if is_invalid else 200)
    undo = _undo_of_drop(response, request.GET) if may_save else None
    saved = planning.list_scenarios(response)

    def page() -> dict[str, Any]:
        scratch_input = draft.scratch_input or draft.form.read_facts(case.facts, case.sheet)
        return {
            "response": response,
            **_result(response, case, draft),
            "may_save": may_save,
            "pillars": list_pillar_controls(case, draft.form, scratch_input),
            "saved": saved,
            "undo": undo,
        }

    if past is not None and draft.is_untouched and undo is None:
        scenarios = tuple((one.pk, one.name, one.made_by.get_full_name(), one.made_at) for one in saved)
        schemes = [find_scheme_of_year(one.year) for one in past]  # levels of past results follow from them
        state = (SameObjects(score_response(response), *past, *schemes), response.pk, may_save, scenarios)
        context = {"response": response, "untouched": LazyValues(state, page)}
    else:
        context = page()
    return render(request, "scoring/planning/what_if.html", context, status=422 if is_invalid else 200)


def _result(response: Response, case: PlanningCase, draft: ScratchDraft) -> dict[str, Any]:
    """What the changes would do, beside the score now."""
    span = score_response(response).ranges.total  # kept with the score, as the case's sheet is
    now = compute_outcome(case, _("ขณะนี้"), ScenarioChanges(), span)
    then = compute_outcome(case, _("ถ้าเปลี่ยนตามนี้"), draft.changes, span)
    return {
        "now": now,
        "then": then,
        "rows": list_pillar_rows(now, then),
        "wrong": draft.number_error,
        "unnamed": draft.name_error,
        "name": draft.name,
    }


def _undo_of_drop(response: Response, query: QueryDict) -> Undo | None:
    """Undoing that a scenario was dropped, where the query names one that still is."""
    if (number := number_in(query, "dropped")) is None:
        return None
    scenario = Scenario.objects.filter(response=response, pk=number, dropped_at__isnull=False).first()
    if scenario is None:
        return None
    url = reverse("scoring:scenario-restore", args=[response.pk, scenario.pk])
    return Undo(_("ลบชุดคำตอบทดลองแล้ว: %(name)s") % {"name": scenario.name}, url, about=scenario.name)


def list_pillar_controls(
    case: PlanningCase, form: ScratchForm, scratch_input: ScratchInput
) -> list[tuple[Any, str, list[tuple[Any, str, Any]]]]:
    """The controls with what level 5 asks of the answers now, pillar by pillar and sub-pillar by sub-pillar."""
    asks = asks_by_criterion(case.instrument, case.scheme)

    def criterion(score: CriterionScore, code: str) -> tuple[CriterionControls, list[LevelFiveStanding]]:
        needs = [level_five_standing(ask, score)] if (ask := asks.get(score.id)) else []
        return form.show_criterion(score, code, scratch_input), needs

    def subs(pillar: PillarScore) -> list[tuple[Any, str, Any]]:
        return [(s, localize_text(s.name), [criterion(c, s.code) for c in s.walk()]) for s in pillar.sub_pillars]

    return [(p, localize_text(p.name), subs(p)) for p in case.sheet.pillars]


def list_pillar_rows(now: ScenarioOutcome, then: ScenarioOutcome) -> list[tuple[str, Any, Any]]:
    pairs = zip(now.sheet.pillars, then.sheet.pillars, strict=True)
    return [(f"{a.number} {localize_text(a.name)}", a, b) for a, b in pairs]
