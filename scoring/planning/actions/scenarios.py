"""Actions on scenarios (named changes of answers, kept apart from the answers): save and delete."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from scoring.models import Scenario
from scoring.planning.what_if.changes import ScenarioChanges
from survey.models import Response

MAX_SCENARIOS = 50  # scenarios of one response


class TooManyScenarios(ValueError):
    """The response has as many scenarios as it may have."""


@transaction.atomic
def save_scenario(*, by: User, response: Response, name: str, changes: ScenarioChanges) -> Scenario:
    """Saves changes under a name; a scenario of that name is replaced. Raises TooManyScenarios."""
    mine = Scenario.objects.filter(response=response)
    if mine.count() >= MAX_SCENARIOS and not mine.filter(name=name).exists():
        raise TooManyScenarios
    new = {"changes": changes.json(), "made_by": by, "made_at": timezone.now()}
    row, _new = Scenario.objects.update_or_create(response=response, name=name, defaults=new)
    return row


def delete_scenario(*, by: User, scenario: Scenario) -> None:
    """Deletes a scenario."""
    scenario.delete()
