"""Reads of planning: a response as a case for plans and scenarios, efforts, scenarios, action plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring import queries
from scoring.kpi import KpiStanding
from scoring.models import ActionPlan, PlannedAction, Scenario, WorkEffort
from scoring.queries import YearResults
from scoring.scheme import Scheme
from scoring.sheet import ScoreSheet
from scoring.whatif.plan import Case
from survey.models import Response, Round


def efforts_of(round_: Round, scheme: Scheme) -> dict[str, int]:
    """Effort by kind of work: as the secretariat set it, else the scheme's default. One query."""
    own = dict(WorkEffort.objects.filter(round=round_).values_list("kind", "effort"))
    return {kind: own.get(kind, int(work.effort.value)) for kind, work in scheme.work.items()}


def case_of(response: Response, past: Sequence[YearResults] | None = None) -> Case:
    """The response as a case: score, efforts, and the KPI as its judge. Raises as queries.scored."""
    found = queries.scored(response)
    province = response.round.province
    earlier = list(past) if past is not None else queries.compared(province, response.round.year)

    def judge(sheet: ScoreSheet) -> KpiStanding | None:
        standing = queries.kpi_standing(province, sheet, earlier)
        return standing if standing is not None and standing.group is not None else None

    return Case(
        found.instrument,
        found.scheme,
        found.values,
        found.facts,
        found.sheet,
        efforts_of(response.round, found.scheme),
        judge,
    )


def scenarios_of(response: Response) -> list[Scenario]:
    """The saved scenarios of a response with who made them. One query."""
    return list(Scenario.objects.filter(response=response).select_related("made_by"))


def plans_of(response: Response) -> list[ActionPlan]:
    """The action plans of a response with their actions, newest first. Two queries."""
    rows = ActionPlan.objects.filter(response=response).select_related("made_by")
    return list(rows.prefetch_related("actions"))


@dataclass(frozen=True, slots=True)
class Followed:
    """An action of a plan with what its criterion gives now. `reached`: as many points as were planned."""

    row: PlannedAction
    now: Decimal | None
    wanted: Decimal

    @property
    def reached(self) -> bool:
        """Whether the score already shows it done."""
        return self.now is not None and self.now >= self.wanted


def actions_of(plan: ActionPlan, response: Response) -> list[Followed]:
    """The actions of a plan beside the score as it is now. One query and those of the score."""
    points = {c.id: c.points for c in queries.scoresheet(response).criteria}
    rows = PlannedAction.objects.filter(plan=plan).select_related("agency", "changed_by").order_by("order")
    return [Followed(r, points.get(r.criterion), Decimal(r.made["criterion_points"]["after"])) for r in rows]
