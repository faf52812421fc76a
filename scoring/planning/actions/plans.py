"""Actions on plans: adopt and delete a plan, update a planned action, save efforts."""

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


@transaction.atomic
def adopt_plan(*, by: User, response: Response, name: str, plan: PlanProposal, scheme: ScoringScheme) -> ActionPlan:
    """Adopts a proposed plan: stores it with its actions."""
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
def delete_plan(*, by: User, plan: ActionPlan) -> None:
    """Deletes a plan with its actions."""
    plan.delete()


@transaction.atomic
def save_work_efforts(*, by: User, round_: Round, efforts: Mapping[str, int], scheme: ScoringScheme) -> None:
    """Stores the efforts that differ from the scheme's own; others go back to it."""
    changed_efforts = {
        k: v for k, v in efforts.items() if k in scheme.work_kinds and v != int(scheme.work_kinds[k].effort.value)
    }
    WorkEffort.objects.filter(round=round_).exclude(kind__in=changed_efforts).delete()
    for kind, effort in changed_efforts.items():
        WorkEffort.objects.update_or_create(round=round_, kind=kind, defaults={"effort": effort})
