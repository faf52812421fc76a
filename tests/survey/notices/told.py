"""What tests of notices look at."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from survey.models import Letter, Notice
from survey.notices import actions as notices


def morning(days: int = 0) -> datetime:
    """Eight o'clock of a day from today, in Thailand."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(8)))


def told(kind: str) -> set[User]:
    return {n.user for n in Notice.objects.filter(kind=kind).select_related("user")}


def text_of(letter: Letter) -> str:
    return f"{letter.subject}\n{letter.body}"


def tell(user: User, count: int = 1, kind: str = "assignment", start: int = 0) -> None:
    for n in range(start, start + count):
        notices.notify(users=[user], kind=kind, key=f"{kind}:{n}", data={"what": f"P{n}", "day": "2026-07-01"})
