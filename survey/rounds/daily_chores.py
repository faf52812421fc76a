"""Daily chores: recorded as done, so that each is done once a day, by one worker of however many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from dgready.database_locks import try_lock
from survey.models import Chore


@contextmanager
def once_a_day(name: str, today: date) -> Iterator[bool]:
    """Whether a chore is to be done in the block: not done today, and done by nobody else now.

    Done when the block ends well; what was broken off begins anew with the next message.
    """
    with try_lock(f"chore {name}") as is_ours:
        is_due = is_ours and is_not_done_today(name, today)
        yield is_due
        if is_due:
            mark_done_today(name, today)


def is_not_done_today(name: str, today: date) -> bool:
    """Whether a daily chore has not been completed today."""
    return not Chore.objects.filter(name=name, day__gte=today).exists()


def mark_done_today(name: str, today: date) -> None:
    """Records that a daily chore was completed."""
    Chore.objects.update_or_create(name=name, defaults={"day": today})
