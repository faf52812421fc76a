"""Actions on plans: adopt, drop and bring back a plan, update a planned action, save efforts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, User
from scoring.models import ActionPlan, PlannedAction, WorkEffort
from scoring.planning.optimum.as_json import serialize_plan
from scoring.planning.optimum.plan_types import PlanProposal
from scoring.scheme.types import ScoringScheme
from survey.models import Response, Round

MAX_DROPPED_PLANS = 50  # dropped plans of one response that are kept


@transaction.atomic
def adopt_plan(
    *,
    by: User,
    response: Response,
    name: str,
    plan: PlanProposal,
    scheme: ScoringScheme,
    owners: Mapping[str, Agency] | None = None,
) -> ActionPlan:
    """Adopts a proposed plan: stores it with its actions. `owners`: the agency that does an action, by criterion."""
    serialized = serialize_plan(plan, scheme)
    actions = serialized.pop("actions")
    row = ActionPlan.objects.create(response=response, name=name, made=serialized, made_by=by, made_at=timezone.now())
    PlannedAction.objects.bulk_create(
        PlannedAction(
            plan=row,
            order=number,
            criterion=action.criterion,
            sub_pillar=action.sub.code,
            made=action_data,
            effort=action.effort,
            gain=action.gain,
            agency=(owners or {}).get(action.criterion),
        )
        for number, (action, action_data) in enumerate(zip(plan.actions, actions, strict=True), start=1)
    )
    return row


@transaction.atomic
def update_planned_action(
    *, by: User, action: PlannedAction, agency: Agency | None, owner: str, due: date | None, state: str, note: str
) -> PlannedAction:
    """Updates who does an action, by when, and its state."""
    locked = PlannedAction.objects.select_for_update().get(pk=action.pk)
    locked.agency, locked.owner, locked.due, locked.state, locked.note = agency, owner, due, state, note
    locked.changed_by, locked.changed_at = by, timezone.now()
    locked.save()
    return locked


@transaction.atomic
def drop_plan(*, by: User, plan: ActionPlan) -> None:
    """Drops a plan; it stays with its actions and can be brought back. Of the dropped ones the newest are kept."""
    ActionPlan.objects.filter(pk=plan.pk, dropped_at=None).update(dropped_at=timezone.now(), dropped_by=by)
    dropped = ActionPlan.objects.filter(response=plan.response_id, dropped_at__isnull=False)
    kept = list(dropped.order_by("-dropped_at").values_list("pk", flat=True)[:MAX_DROPPED_PLANS])
    dropped.exclude(pk__in=kept).delete()


@transaction.atomic
def restore_plan(*, by: User, plan: ActionPlan) -> None:
    """Brings a dropped plan back with its actions, their owners, days and states."""
    ActionPlan.objects.filter(pk=plan.pk).update(dropped_at=None, dropped_by=None)


@transaction.atomic
def save_work_efforts(*, by: User, round_: Round, efforts: Mapping[str, int], scheme: ScoringScheme) -> None:
    """Stores the efforts that differ from the scheme's own; others go back to it."""
    changed_efforts = {
        k: v for k, v in efforts.items() if k in scheme.work_kinds and v != int(scheme.work_kinds[k].effort.value)
    }
    WorkEffort.objects.filter(round=round_).exclude(kind__in=changed_efforts).delete()
    for kind, effort in changed_efforts.items():
        WorkEffort.objects.update_or_create(round=round_, kind=kind, defaults={"effort": effort})
