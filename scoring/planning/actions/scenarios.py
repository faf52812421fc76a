"""Saving and dropping scenarios: named changes of answers, kept apart from the answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from scoring.models import Scenario
from scoring.planning.what_if.changes import Changes
from survey.models import Response

MOST = 50  # scenarios of one response


class TooMany(ValueError):
    """The response has as many scenarios as it may have."""


@transaction.atomic
def save(*, by: User, response: Response, name: str, changes: Changes) -> Scenario:
    """Saves changes under a name; a scenario of that name is replaced. Raises TooMany."""
    mine = Scenario.objects.filter(response=response)
    if mine.count() >= MOST and not mine.filter(name=name).exists():
        raise TooMany
    new = {"changes": changes.json(), "made_by": by, "made_at": timezone.now()}
    row, _new = Scenario.objects.update_or_create(response=response, name=name, defaults=new)
    return row


def drop(*, by: User, scenario: Scenario) -> None:
    """Deletes a scenario."""
    scenario.delete()
