"""Letters that were given up: which ones, for whose eyes, and having one sent again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.actions.log import RefusedError, record_account_event
from accounts.models import User
from accounts.models.post import GivenUp, QueuedMail
from accounts.post.delivery import Outbox
from dgready.publishing import publish_on_commit

Mail = TypeVar("Mail", bound=QueuedMail)
SHOWN_DAYS: Final = 90
# Those that somebody can do something about; a closed account or a withdrawn invitation needs no letter.
SHOWN_REASONS: Final = (GivenUp.REFUSED, GivenUp.SERVER, GivenUp.FAULT, GivenUp.UNCONFIRMED)


def shown_since() -> datetime:
    """When the oldest letters that are shown were made."""
    return timezone.now() - timedelta(days=SHOWN_DAYS)


def given_up(outbox: Outbox[Mail], since: datetime | None = None) -> QuerySet[Mail]:
    """The letters given up lately that should have arrived, newest first. `since`: `shown_since`, where it is known."""
    # Rows of earlier versions have no reason, only the server's words.
    old = Q(given_up="", next_try_at=None, posted_at=None) & ~Q(fault__startswith="not sent")
    rows = outbox.rows().filter(Q(given_up__in=SHOWN_REASONS) | old, sent_at=None, made_at__gte=since or shown_since())
    return rows.order_by("-made_at", "-pk")


def queued(outbox: Outbox[Mail]) -> QuerySet[Mail]:
    """The letters that are still to be sent, also those that are tried again."""
    return outbox.rows().filter(sent_at=None, posted_at=None, given_up="", next_try_at__isnull=False)


def waiting(outbox: Outbox[Mail]) -> QuerySet[Mail]:
    """The letters that could not be sent and are tried again."""
    return queued(outbox).filter(tries__gt=0)


@transaction.atomic
def send_again(*, by: User, outbox: Outbox[Mail], letter: Mail) -> None:
    """Queue a letter that was given up. Raises RefusedError when it waits already or was sent."""
    now = timezone.now()
    rows = type(letter)._default_manager.filter(pk=letter.pk, sent_at=None)
    changed = rows.filter(Q(next_try_at=None) | ~Q(given_up="")).update(
        next_try_at=now, resent_at=now, claimed_at=None, posted_at=None, faults=0, tries=0, given_up="", fault=""
    )
    if not changed:
        raise RefusedError
    values = {"letter": letter.key, "reason": letter.given_up, "fault": letter.fault}
    subject = getattr(letter, "user", None)
    record_account_event(by=by, verb="resend_letter", subject=subject, before=values)
    publish_on_commit(outbox.task)
