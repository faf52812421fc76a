"""Queries of planning: the planning case of a response, its efforts, scenarios and action plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.db.models import prefetch_related_objects
from django.utils import timezone

from dgready.lru_cache import LruCache
from dgready.prepared_select import PreparedSelect
from evidence.attaching.queries import attachment_summaries
from scoring.engine import queries
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.queries import evaluate_province_kpi, get_past_result
from scoring.kpi.registry import get_kpi_scheme
from scoring.kpi.types import KpiResult
from scoring.models import ActionPlan, PlannedAction, Scenario, WorkEffort
from scoring.planning.action_progress import ActionProgress, evaluate_action
from scoring.planning.optimum.exclusions import list_numbers_to_ask
from scoring.planning.optimum.piece_rules import PlanCalendar
from scoring.planning.optimum.plan_types import KpiChances, PlanningCase
from scoring.planning.optimum.schedule import PlanCapacity, count_work_days
from scoring.planning.outlook import Outlook, compute_outlook
from scoring.results.queries import PublishedResults, list_results_before
from scoring.scheme.load_extensions import ASK_WORK
from scoring.scheme.types import ScoringScheme
from scoring.uncertainty.kpi_chances import compute_kpi_points
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument, LocalizedText
from survey.models import Response, Round


def get_work_efforts(round_: Round, scheme: ScoringScheme) -> dict[str, int]:
    """Effort by kind of work: as the secretariat set it, else the scheme's default. One query."""
    round_efforts = dict(_EFFORTS.all(round_.pk))
    return {kind: round_efforts.get(kind, int(work.effort.value)) for kind, work in scheme.work_kinds.items()}


_EFFORTS: PreparedSelect[tuple[str, int]] = PreparedSelect(
    lambda round_: WorkEffort.objects.filter(round=round_).values_list("kind", "effort")
)


def build_planning_case(
    response: Response, past: Sequence[PublishedResults] | None = None, expected: Mapping[str, Decimal] | None = None
) -> PlanningCase:
    """The response as a case: score, efforts, and the KPI as its judge. Raises as queries.score_response.

    `expected`: numbers that are not answered yet, by address.
    """
    scored = queries.score_response(response)
    province = response.round.province
    earlier = list(past) if past is not None else list_results_before(province, response.round.year)

    def judge(sheet: ScoreSheet) -> KpiResult | None:
        standing = evaluate_province_kpi(province, sheet, earlier)
        return standing if standing is not None and standing.group is not None else None

    return PlanningCase(
        scored.instrument,
        scored.scheme,
        scored.values,
        scored.facts,
        scored.sheet,
        get_work_efforts(response.round, scored.scheme),
        judge,
        expected or {},
        get_plan_calendar(response.round),
        True,
        _build_kpi_judge(scored.sheet.year, province.code, earlier),
    )


def _build_kpi_judge(year: int, province: str, earlier: Sequence[PublishedResults]) -> KpiChances:
    """The KPI under drawn readings; reaches nothing where no KPI is known."""
    scheme = get_kpi_scheme(year)
    past = {y.year: result for y in earlier if (result := get_past_result(y)) is not None} if scheme else {}
    return lambda outcomes: {} if scheme is None else compute_kpi_points(scheme, province, outcomes, past).reached


def get_plan_calendar(round_: Round) -> PlanCalendar:
    """The days a plan of the round is made in."""
    period = round_.period_from, round_.period_to
    return PlanCalendar(timezone.localdate(), period, timezone.localdate(round_.closes_at))


def get_plan_capacity(round_: Round, people: int = 1, days: int | None = None) -> PlanCapacity:
    """Who can work until when: without `days` until the round closes."""
    calendar = get_plan_calendar(round_)
    left = count_work_days(calendar.today, calendar.closes_on) if days is None else days
    return PlanCapacity(people, left, calendar.today)


_outlooks: LruCache[Outlook] = LruCache(64)


def read_outlook(response: Response) -> Outlook:
    """Unfinished apart from uncertain (scoring.planning.outlook). Queries and errors as queries.score_response."""
    scored = queries.score_response(response)
    key = queries.score_state_key(response)

    def make() -> Outlook:
        claimed = frozenset(
            place for place, some in attachment_summaries(response).items() if any(one.claimed for one in some)
        )
        efforts = {kind: int(work.effort.value) for kind, work in scored.scheme.work_kinds.items()}
        case = PlanningCase(scored.instrument, scored.scheme, scored.values, scored.facts, scored.sheet, efforts)
        return compute_outlook(case, claimed)

    return _outlooks.get(key, make)


class ScoredForm(Protocol):
    """A score with what it was made by: a `ScoredResponse`, or a `PlanningCase`."""

    @property
    def instrument(self) -> CompiledInstrument:
        """The form."""

    @property
    def scheme(self) -> ScoringScheme:
        """The scheme."""

    @property
    def sheet(self) -> ScoreSheet:
        """The score."""


def list_missing_numbers(case: ScoredForm) -> dict[str, LocalizedText]:
    """The numbers a plan would need and the form does not have: address and what the form asks."""
    items = case.instrument.items

    def asked(address: str) -> LocalizedText:
        opener = items[item_id_of(items[item_id_of(address)].opened_by or address)]
        return LocalizedText(*(f"{opener.code or opener.id} {opener.ask.to(language)}" for language in ("th", "en")))

    return {address: asked(address) for address in list_numbers_to_ask(case.scheme, case.sheet)}


def list_scenarios(response: Response) -> list[Scenario]:
    """The saved scenarios of a response with who made them. One query."""
    return _SCENARIOS.all(response.pk)


_SCENARIOS: PreparedSelect[Scenario] = PreparedSelect(
    lambda response: Scenario.objects.filter(response=response, dropped_at=None).select_related("made_by")
)


def list_action_plans(response: Response) -> list[ActionPlan]:
    """The action plans of a response with their actions, newest first. Two queries."""
    plans = _ACTION_PLANS.all(response.pk)
    if plans:
        prefetch_related_objects(plans, "actions")
    return plans


_ACTION_PLANS: PreparedSelect[ActionPlan] = PreparedSelect(
    lambda response: ActionPlan.objects.filter(response=response, dropped_at=None).select_related("made_by")
)


@dataclass(frozen=True, slots=True)
class FollowedAction:
    """An action of a plan with its progress by the current answers and evidence."""

    action: PlannedAction
    progress: ActionProgress
    late: bool

    @property
    def reached(self) -> bool:
        """Whether the score already shows it done."""
        return self.progress.reached

    @property
    def is_reported_only(self) -> bool:
        """Whether it is reported done while the score does not show it."""
        return self.action.state == PlannedAction.State.DONE and not self.reached

    @property
    def group(self) -> str:
        """Its kind: a question to ask, or work that counts this year or the next."""
        made = self.action.made
        if all(piece["kind"] == ASK_WORK for piece in made["pieces"]):
            return "ask"
        return str(made.get("counts", "this_year"))

    @property
    def active(self) -> bool:
        """Whether it is not cancelled."""
        return self.action.state != PlannedAction.State.DROPPED


def list_followed_actions(plan: ActionPlan, response: Response) -> list[FollowedAction]:
    """The actions of a plan beside the score as it is now. One query and those of the score."""
    scored, today = queries.score_response(response), timezone.localdate()
    rows = PlannedAction.objects.filter(plan=plan).select_related("agency", "changed_by").order_by("order")
    followed = []
    for row in rows:
        progress = evaluate_action(row.made, scored.sheet, scored.facts)
        closed = progress.reached or row.state == PlannedAction.State.DROPPED
        followed.append(FollowedAction(row, progress, row.due is not None and row.due < today and not closed))
    return followed


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """Progress of a plan: actions not cancelled, those reached, their effort, late ones, the total now."""

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
    """The progress of a plan, summed over its actions."""
    active = [a for a in actions if a.active]
    reached = [a for a in active if a.reached]
    effort, effort_done = (sum(a.action.effort for a in group) for group in (active, reached))
    return PlanProgress(len(active), len(reached), effort, effort_done, sum(a.late for a in active), sheet.total)
