"""Reads of planning: a response as a case for plans and scenarios, efforts, scenarios, action plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from scoring.engine import queries
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.queries import evaluate_province_kpi
from scoring.kpi.rules import KpiResult
from scoring.models import ActionPlan, PlannedAction, Scenario, WorkEffort
from scoring.planning.action_progress import ActionProgress, evaluate_action
from scoring.planning.optimum.exclusions import list_numbers_to_ask
from scoring.planning.optimum.plan import PlanningCase
from scoring.results.queries import PublishedResults, list_results_before
from scoring.scheme.types import ScoringScheme
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import LocalizedText
from survey.models import Response, Round


def get_work_efforts(round_: Round, scheme: ScoringScheme) -> dict[str, int]:
    """Effort by kind of work: as the secretariat set it, else the scheme's default. One query."""
    own = dict(WorkEffort.objects.filter(round=round_).values_list("kind", "effort"))
    return {kind: own.get(kind, int(work.effort.value)) for kind, work in scheme.work.items()}


def build_planning_case(
    response: Response, past: Sequence[PublishedResults] | None = None, expected: Mapping[str, Decimal] | None = None
) -> PlanningCase:
    """The response as a case: score, efforts, and the KPI as its judge. Raises as queries.scored.

    `expected`: numbers that are not answered yet, by address.
    """
    found = queries.score_response(response)
    province = response.round.province
    earlier = list(past) if past is not None else list_results_before(province, response.round.year)

    def judge(sheet: ScoreSheet) -> KpiResult | None:
        standing = evaluate_province_kpi(province, sheet, earlier)
        return standing if standing is not None and standing.group is not None else None

    return PlanningCase(
        found.instrument,
        found.scheme,
        found.values,
        found.facts,
        found.sheet,
        get_work_efforts(response.round, found.scheme),
        judge,
        expected or {},
    )


def list_missing_numbers(case: PlanningCase) -> dict[str, LocalizedText]:
    """The numbers a plan would need and the form does not have: address and what the form asks."""
    items = case.instrument.items

    def asked(address: str) -> LocalizedText:
        opener = items[item_id_of(items[item_id_of(address)].opened_by or address)]
        return LocalizedText(*(f"{opener.code or opener.id} {opener.ask.to(language)}" for language in ("th", "en")))

    return {address: asked(address) for address in list_numbers_to_ask(case.scheme, case.sheet)}


def list_scenarios(response: Response) -> list[Scenario]:
    """The saved scenarios of a response with who made them. One query."""
    return list(Scenario.objects.filter(response=response).select_related("made_by"))


def list_action_plans(response: Response) -> list[ActionPlan]:
    """The action plans of a response with their actions, newest first. Two queries."""
    rows = ActionPlan.objects.filter(response=response).select_related("made_by")
    return list(rows.prefetch_related("actions"))


@dataclass(frozen=True, slots=True)
class FollowedAction:
    """An action of a plan beside what the answers and evidence say of it now."""

    row: PlannedAction
    then: ActionProgress
    late: bool

    @property
    def reached(self) -> bool:
        """Whether the score already shows it done."""
        return self.then.reached

    @property
    def said_only(self) -> bool:
        """Whether people call it done while the score does not show it."""
        return self.row.state == PlannedAction.State.DONE and not self.reached

    @property
    def active(self) -> bool:
        """Whether it has not been given up."""
        return self.row.state != PlannedAction.State.DROPPED


def list_followed_actions(plan: ActionPlan, response: Response) -> list[FollowedAction]:
    """The actions of a plan beside the score as it is now. One query and those of the score."""
    found, today = queries.score_response(response), timezone.localdate()
    rows = PlannedAction.objects.filter(plan=plan).select_related("agency", "changed_by").order_by("order")
    out = []
    for row in rows:
        then = evaluate_action(row.made, found.sheet, found.facts)
        closed = then.reached or row.state == PlannedAction.State.DROPPED
        out.append(FollowedAction(row, then, row.due is not None and row.due < today and not closed))
    return out


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far a plan is: actions not given up, those reached, their effort, late ones, the total now."""

    active: int
    reached: int
    effort: int
    effort_done: int
    late: int
    total: Decimal | None

    @property
    def percent(self) -> int:
        """The effort done, of a hundred."""
        return self.effort_done * 100 // self.effort if self.effort else 0


def compute_plan_progress(actions: Sequence[FollowedAction], sheet: ScoreSheet) -> PlanProgress:
    """The sum of a plan's actions."""
    active = [a for a in actions if a.active]
    reached = [a for a in active if a.reached]
    effort, done = (sum(a.row.effort for a in some) for some in (active, reached))
    return PlanProgress(len(active), len(reached), effort, done, sum(a.late for a in active), sheet.total)
