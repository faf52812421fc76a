"""Periodic tasks: send letters every minute, daily reminders each morning, verify the journal each night."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

from celery import shared_task
from celery.schedules import crontab
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Province
from accounts.post.delivery import BATCH_SIZE, note_unconfirmed, release_claims
from dgready.celery import app, on_worker_start
from dgready.publishing import publish
from reports.proof.files import FileCheck
from reports.proof.verify import verify_all
from reports.system.runs import RunKind, record_run
from survey.notices import actions as notices
from survey.notices import delivery
from survey.notices.undelivered import notify_given_up
from survey.rounds import deadlines, escalation
from survey.rounds.daily_chores import is_not_done_today, mark_done_today
from survey.rounds.daily_letters import write_daily_letters
from survey.rounds.ended_roles import tell_ended_roles
from survey.rounds.role_letters import write_role_letters
from survey.verifying.report import VerificationReport

log = logging.getLogger(__name__)
LETTER_INTERVAL = 60  # seconds
# O'clock in Thailand; each task is queued again every hour, for a machine that was off at that time.
DAILY_FROM_HOUR, NIGHTLY_FROM_HOUR = 7, 2


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
    """Post today's deadline reminders, escalations and daily digests; once a day, from DAILY_FROM_HOUR on."""
    now = timezone.localtime()
    if now.hour < DAILY_FROM_HOUR or not is_not_done_today("daily", now.date()):
        return
    deadlines.create_deadline_notices(now)
    escalation.escalate_overdue_parts(now)
    tell_ended_roles(now)
    notify_given_up()
    write_daily_letters(now)
    mark_done_today("daily", now.date())


@shared_task(name="survey.tasks.nightly")
def verify_journal_nightly() -> None:
    """Verify the journal once a night, from NIGHTLY_FROM_HOUR on, and notify administrators of faults."""
    now = timezone.localtime()
    if now.hour < NIGHTLY_FROM_HOUR or not is_not_done_today("nightly", now.date()):
        return
    report = verify_journal()
    counts = {"responses": report.responses, "events": report.events, "faults": len(report.faults)}
    record_run(kind=RunKind.VERIFY, started=now, ok=report.ok, detail=counts)
    mark_done_today("nightly", now.date())


def verify_journal() -> VerificationReport:
    """The journal's proof; faults go to the log and, per province, to its administrators and the centre."""
    report = verify_all(files=FileCheck.FAST)
    if report.ok:
        log.info("journal holds: %s responses, %s events", report.responses, report.events)
        return report
    for fault in report.faults:
        log.error("journal: response %s, event %s: %s [%s]", fault.response, fault.seq, fault.text("en"), fault.code)
    today = timezone.localdate().isoformat()
    counts = Counter(fault.province for fault in report.faults)
    for province in Province.objects.filter(code__in=counts).order_by("code"):
        url = reverse("survey:province-journal", args=[province.code])
        notices.notify_journal_faults(count=counts.pop(province.code), day=today, province=province, url=url)
    if rest := sum(counts.values()):  # of no province, or of responses that are gone themselves
        notices.notify_journal_faults(count=rest, day=today)
    return report


@app.on_after_finalize.connect
def _schedule_periodic_tasks(sender: Any, **kwargs: Any) -> None:
    sender.add_periodic_task(LETTER_INTERVAL, send_letters.s(), name="survey: letters")
    sender.add_periodic_task(crontab(minute=30), send_daily_reminders.s(), name="survey: word of the day")
    sender.add_periodic_task(crontab(minute=10), verify_journal_nightly.s(), name="survey: proof of the journal")


@on_worker_start
def resume_tasks() -> None:
    """At the start of the embedded process: release the letters of the stopped worker and queue all tasks once."""
    try:
        release_claims(delivery.OUTBOX)
        for task in (send_letters, send_daily_reminders, verify_journal_nightly):
            publish(task.name)
    except DatabaseError:
        log.warning("letters could not be released at the start", exc_info=True)
