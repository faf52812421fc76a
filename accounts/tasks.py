"""Background tasks of accounts: sending the letters about accounts, every minute and when one is queued."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from django.db import DatabaseError

from accounts.models import Invitation
from accounts.post.account_letters import OUTBOX, send_due_letters
from accounts.post.delivery import BATCH_SIZE, note_unconfirmed, release_claims
from accounts.post.letters import SEND_TASK, queue_invitation_letter
from dgready.celery import app, on_worker_start
from dgready.publishing import publish

log = logging.getLogger(__name__)
LETTER_INTERVAL = 60  # seconds


@shared_task
def send_letters() -> None:
    """Send the letters about accounts that are due."""
    # Queued by an earlier version, which kept no letters.
    for invitation in Invitation.objects.filter(to_be_sent=True, letters=None)[:BATCH_SIZE]:
        queue_invitation_letter(invitation)
    if send_due_letters() == BATCH_SIZE:
        publish(SEND_TASK)
    if unconfirmed := note_unconfirmed(OUTBOX):
        log.warning("%s letters about accounts were handed over without an answer", unconfirmed)


@app.on_after_finalize.connect
def _schedule_periodic_tasks(sender: Any, **kwargs: Any) -> None:
    sender.add_periodic_task(LETTER_INTERVAL, send_letters.s(), name="accounts: letters", expires=LETTER_INTERVAL)


@on_worker_start
def resume_letters() -> None:
    """At the start of the embedded process: release the letters of the stopped worker and send what waits."""
    try:
        release_claims(OUTBOX)
        publish(SEND_TASK)
    except DatabaseError:
        log.info("no database to look for letters in")
