"""Daily chores: recorded as done, so that each is done once a day."""

from __future__ import annotations

from datetime import date

from survey.models import Chore


def is_not_done_today(name: str, today: date) -> bool:
    """Whether a daily chore has not been completed today."""
    return not Chore.objects.filter(name=name, day__gte=today).exists()


def mark_done_today(name: str, today: date) -> None:
    """Records that a daily chore was completed."""
    Chore.objects.update_or_create(name=name, defaults={"day": today})
