"""Reads of planning: a response as a case for plans and scenarios, efforts, scenarios, action plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from scoring.engine import queries
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.queries import kpi_standing
from scoring.kpi.rules import KpiStanding
from scoring.models import ActionPlan, PlannedAction, Scenario, WorkEffort
from scoring.planning.follow import ActionNow, action_now
from scoring.planning.optimum.left_out import to_ask
from scoring.planning.optimum.plan import Case
from scoring.results.queries import YearResults, compared
from scoring.scheme.types import Scheme
from survey.instrument.address import item_id
from survey.instrument.schema import Text
from survey.models import Response, Round


def efforts_of(round_: Round, scheme: Scheme) -> dict[str, int]:
    """Effort by kind of work: as the secretariat set it, else the scheme's default. One query."""
    own = dict(WorkEffort.objects.filter(round=round_).values_list("kind", "effort"))
    return {kind: own.get(kind, int(work.effort.value)) for kind, work in scheme.work.items()}


def case_of(
    response: Response, past: Sequence[YearResults] | None = None, expected: Mapping[str, Decimal] | None = None
) -> Case:
    """The response as a case: score, efforts, and the KPI as its judge. Raises as queries.scored.

    `expected`: numbers that are not answered yet, by address.
    """
    found = queries.scored(response)
    province = response.round.province
    earlier = list(past) if past is not None else compared(province, response.round.year)

    def judge(sheet: ScoreSheet) -> KpiStanding | None:
        standing = kpi_standing(province, sheet, earlier)
        return standing if standing is not None and standing.group is not None else None

    return Case(
        found.instrument,
        found.scheme,
        found.values,
        found.facts,
        found.sheet,
        efforts_of(response.round, found.scheme),
        judge,
        expected or {},
    )


def numbers_to_expect(case: Case) -> dict[str, Text]:
    """The numbers a plan would need and the form does not have: address and what the form asks."""
    items = case.instrument.items

    def asked(address: str) -> Text:
        opener = items[item_id(items[item_id(address)].opened_by or address)]
        return Text(*(f"{opener.code or opener.id} {opener.ask.to(language)}" for language in ("th", "en")))

    return {address: asked(address) for address in to_ask(case.scheme, case.sheet)}


def scenarios_of(response: Response) -> list[Scenario]:
    """The saved scenarios of a response with who made them. One query."""
    return list(Scenario.objects.filter(response=response).select_related("made_by"))


def plans_of(response: Response) -> list[ActionPlan]:
    """The action plans of a response with their actions, newest first. Two queries."""
    rows = ActionPlan.objects.filter(response=response).select_related("made_by")
    return list(rows.prefetch_related("actions"))


@dataclass(frozen=True, slots=True)
class Followed:
    """An action of a plan beside what the answers and evidence say of it now."""

    row: PlannedAction
    then: ActionNow
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


def actions_of(plan: ActionPlan, response: Response) -> list[Followed]:
    """The actions of a plan beside the score as it is now. One query and those of the score."""
    found, today = queries.scored(response), timezone.localdate()
    rows = PlannedAction.objects.filter(plan=plan).select_related("agency", "changed_by").order_by("order")
    out = []
    for row in rows:
        then = action_now(row.made, found.sheet, found.facts)
        closed = then.reached or row.state == PlannedAction.State.DROPPED
        out.append(Followed(row, then, row.due is not None and row.due < today and not closed))
    return out


@dataclass(frozen=True, slots=True)
class Progress:
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


def progress_of(actions: Sequence[Followed], sheet: ScoreSheet) -> Progress:
    """The sum of a plan's actions."""
    active = [a for a in actions if a.active]
    reached = [a for a in active if a.reached]
    effort, done = (sum(a.row.effort for a in some) for some in (active, reached))
    return Progress(len(active), len(reached), effort, done, sum(a.late for a in active), sheet.total)
