"""Limits on how often something may be tried, counted in the database."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Final

from django.utils import timezone

from accounts.models import Attempt

KEPT: Final = timedelta(days=1)


def count_attempt(*, key: str, limit: int, period: timedelta) -> bool:
    """Count an attempt; whether it is among the first `limit` of the last `period`. One too many is not written down.

    Those that are too old to count, of anybody, are deleted.
    """
    now, digest = timezone.now(), sha256(key.encode()).hexdigest()
    Attempt.objects.filter(at__lt=now - max(period, KEPT)).delete()
    counted = Attempt.objects.filter(key=digest, at__gt=now - period)
    if counted.count() >= limit:
        return False
    # Written first and counted again: of several at once none is overlooked.
    Attempt.objects.create(key=digest, at=now)
    return counted.count() <= limit


def forget_attempts(*, key: str) -> None:
    """Forget what was counted under a key: it was the right person after all."""
    Attempt.objects.filter(key=sha256(key.encode()).hexdigest()).delete()
