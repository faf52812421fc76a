"""Periodic tasks: send letters every minute, daily reminders each morning."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.db import DatabaseError
from django.utils import timezone

from accounts.post.delivery import BATCH_SIZE, note_unconfirmed, release_claims
from accounts.security_log.forgetting import forget_addresses
from dgready.celery import app, on_worker_start
from dgready.publishing import publish
from survey.notices import delivery
from survey.notices.undelivered import notify_given_up
from survey.rounds import deadlines, escalation
from survey.rounds.daily_chores import once_a_day
from survey.rounds.daily_letters import write_daily_letters
from survey.rounds.ended_roles import tell_ended_roles
from survey.rounds.role_letters import write_role_letters

log = logging.getLogger(__name__)
LETTER_INTERVAL = 60  # seconds
DAILY_FROM_HOUR = 7  # o'clock in Thailand; queued again every hour, for a machine that was off at that time


@shared_task
def send_letters() -> None:
    """Write the letters about roles that are new, and send the letters that are due."""
    write_role_letters()
    if delivery.send_due_letters() == BATCH_SIZE:
        publish("survey.tasks.send_letters")
    if unconfirmed := note_unconfirmed(delivery.OUTBOX):
        log.warning("%s letters were handed over without an answer", unconfirmed)


@shared_task(name="survey.tasks.daily")
def send_daily_reminders() -> None:
    """Post today's reminders, escalations and digests, forget old addresses; once a day, from DAILY_FROM_HOUR on."""
    now = timezone.localtime()
    if now.hour < DAILY_FROM_HOUR:
        return
    with once_a_day("daily", now.date()) as is_due:
        if is_due:
            deadlines.create_deadline_notices(now)
            escalation.escalate_overdue_parts(now)
            tell_ended_roles(now)
            notify_given_up()
            write_daily_letters(now)
            forget_addresses(now)


@app.on_after_finalize.connect
def _schedule_periodic_tasks(sender: Any, **kwargs: Any) -> None:
    sender.add_periodic_task(LETTER_INTERVAL, send_letters.s(), name="survey: letters")
    sender.add_periodic_task(crontab(minute=30), send_daily_reminders.s(), name="survey: word of the day")


@on_worker_start
def resume_tasks() -> None:
    """At the start of the embedded process: release the letters of the stopped worker and queue all tasks once."""
    try:
        release_claims(delivery.OUTBOX)
        for task in (send_letters, send_daily_reminders):
            publish(task.name)
    except DatabaseError:
        log.warning("letters could not be released at the start", exc_info=True)
