"""Taking up a plan, following its actions, setting efforts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, User
from scoring.models import ActionPlan, PlannedAction, WorkEffort
from scoring.planning.optimum.as_json import serialize_plan
from scoring.planning.optimum.plan import PlanProposal
from scoring.scheme.types import ScoringScheme
from survey.models import Response, Round


@transaction.atomic
def adopt_plan(*, by: User, response: Response, name: str, plan: PlanProposal, scheme: ScoringScheme) -> ActionPlan:
    """Stores a proposed plan with its actions, to be followed."""
    made = serialize_plan(plan, scheme)
    actions = made.pop("actions")
    row = ActionPlan.objects.create(response=response, name=name, made=made, made_by=by, made_at=timezone.now())
    PlannedAction.objects.bulk_create(
        PlannedAction(
            plan=row,
            order=number,
            criterion=action.criterion,
            sub_pillar=action.sub.code,
            made=told,
            effort=action.effort,
            gain=action.gain,
        )
        for number, (action, told) in enumerate(zip(plan.actions, actions, strict=True), start=1)
    )
    return row


@transaction.atomic
def update_planned_action(
    *, by: User, action: PlannedAction, agency: Agency | None, owner: str, due: date | None, state: str, note: str
) -> PlannedAction:
    """Says who does an action, by when, and how far it is."""
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
    own = {k: v for k, v in efforts.items() if k in scheme.work and v != int(scheme.work[k].effort.value)}
    WorkEffort.objects.filter(round=round_).exclude(kind__in=own).delete()
    for kind, effort in own.items():
        WorkEffort.objects.update_or_create(round=round_, kind=kind, defaults={"effort": effort})
