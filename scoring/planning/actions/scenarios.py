"""Actions on scenarios (named changes of answers, kept apart from the answers): save, drop, bring back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from scoring.models import Scenario
from scoring.planning.what_if.changes import ScenarioChanges
from survey.models import Response

MAX_SCENARIOS = 50  # scenarios of one response; as many dropped ones are kept
_NAME_LENGTH = 120


class TooManyScenarios(ValueError):
    """The response has as many scenarios as it may have."""


@transaction.atomic
def save_scenario(*, by: User, response: Response, name: str, changes: ScenarioChanges) -> Scenario:
    """Saves changes under a name; a scenario of that name is replaced. Raises TooManyScenarios."""
    mine = Scenario.objects.filter(response=response, dropped_at=None)
    if mine.count() >= MAX_SCENARIOS and not mine.filter(name=name).exists():
        raise TooManyScenarios
    new = {"changes": changes.json(), "made_by": by, "made_at": timezone.now()}
    row, _new = Scenario.objects.update_or_create(response=response, name=name, dropped_at=None, defaults=new)
    return row


@transaction.atomic
def drop_scenario(*, by: User, scenario: Scenario) -> None:
    """Drops a scenario; it stays and can be brought back. Of the dropped ones the newest are kept."""
    Scenario.objects.filter(pk=scenario.pk, dropped_at=None).update(dropped_at=timezone.now(), dropped_by=by)
    dropped = Scenario.objects.filter(response=scenario.response_id, dropped_at__isnull=False)
    kept = list(dropped.order_by("-dropped_at").values_list("pk", flat=True)[:MAX_SCENARIOS])
    dropped.exclude(pk__in=kept).delete()


@transaction.atomic
def restore_scenario(*, by: User, scenario: Scenario) -> Scenario:
    """Brings a dropped scenario back; where its name was given again, under that name with a number.

    Raises TooManyScenarios.
    """
    row = Scenario.objects.select_for_update().get(pk=scenario.pk)
    if row.dropped_at is None:
        return row
    names = set(Scenario.objects.filter(response=row.response_id, dropped_at=None).values_list("name", flat=True))
    if len(names) >= MAX_SCENARIOS:
        raise TooManyScenarios
    row.name = _free_name(row.name, names)
    row.dropped_at = row.dropped_by = None
    row.save(update_fields=["name", "dropped_at", "dropped_by"])
    return row


def _free_name(name: str, taken: set[str]) -> str:
    """The name, or the name with the lowest number that is free."""
    free, number = name, 2
    while free in taken:
        suffix = f" ({number})"
        free, number = name[: _NAME_LENGTH - len(suffix)] + suffix, number + 1
    return free
