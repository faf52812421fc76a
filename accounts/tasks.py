"""Background tasks of accounts: sending the letters of invitations that came from a list."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db import DatabaseError

from accounts.actions.invitations import send_queued_invitation
from accounts.models import Invitation
from dgready.celery import on_worker_start
from dgready.publishing import publish_on_commit

log = logging.getLogger(__name__)
LETTERS_A_TIME = 20  # one task stays far below its time limit even when each letter takes EMAIL_TIMEOUT


@shared_task
def send_invitations(after: int = 0) -> None:
    """Send the next letters of queued invitations with an id above `after`, then queue the rest."""
    queued = Invitation.objects.filter(to_be_sent=True, pk__gt=after).order_by("pk")
    keys = list(queued.values_list("pk", flat=True)[:LETTERS_A_TIME])
    for pk in keys:
        send_queued_invitation(pk)
    if len(keys) == LETTERS_A_TIME:
        send_invitations.delay(keys[-1])


@on_worker_start
def requeue_invitations() -> None:
    """Queue the letters that a stop left waiting."""
    try:
        if Invitation.objects.filter(to_be_sent=True).exists():
            send_invitations.delay()
    except DatabaseError:
        log.info("no database to look for invitations in")


def queue_invitations() -> None:
    """Queue the letters of invitations once what was written is there to be read."""
    publish_on_commit(send_invitations.name)
