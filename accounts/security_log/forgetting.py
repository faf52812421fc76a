"""Forgetting where events came from: once a day, what is older than LOG_ADDRESS_DAYS."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef
from django.db.models.functions import Cast

from accounts.actions.log import record_account_event
from accounts.models import EventCount, EventOrigin, SignIn

FORGET_VERB: Final = "forget_addresses"


@transaction.atomic
def forget_addresses(now: datetime) -> int:
    """Deletes addresses and browsers of events that are old, and whatever else tells them. Returns of how many events.

    An event of the log says until when, so that a row that is missing without it is found.
    """
    limit = now.astimezone(UTC) - timedelta(days=settings.LOG_ADDRESS_DAYS)
    old = EventOrigin.objects.filter(at__lt=limit)
    # The key is a hash of the address among others, without a salt: it is needed for one hour.
    EventCount.objects.filter(event__in=old.values("event")).update(key=Cast(F("event_id"), CharField(max_length=64)))
    number, _ = old.delete()
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        model.objects.filter(attempt_time__lt=limit).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    SignIn.objects.filter(~Exists(alive), at__lt=limit).delete()
    if number:
        record_account_event(by=None, verb=FORGET_VERB, after={"before": limit.isoformat(), "number": number})
    return number
