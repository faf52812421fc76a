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

from dgready.celery import app, on_worker_start
from reports.system.runs import RunKind, record_run
from survey.models import Response
from survey.notices import actions as notices
from survey.notices import delivery
from survey.rounds import deadlines, escalation
from survey.rounds.daily_chores import is_not_done_today, mark_done_today
from survey.rounds.daily_letters import write_daily_letters
from survey.rounds.role_letters import write_role_letters
from survey.verifying import verify
from survey.verifying.report import VerificationReport

log = logging.getLogger(__name__)
LETTER_INTERVAL = 60  # seconds
# O'clock in Thailand; each task is queued again every hour, for a machine that was off at that time.
DAILY_FROM_HOUR, NIGHTLY_FROM_HOUR = 7, 2


@shared_task
def send_letters() -> None:
    """Write the letters about roles that are new, and send the letters that are due."""
    write_role_letters()
    delivery.send_due_letters()
    unrecorded = delivery.unconfirmed_letters().exclude(fault=delivery.UNCONFIRMED_FAULT)
    if unconfirmed := unrecorded.update(fault=delivery.UNCONFIRMED_FAULT):
        log.warning("%s letters were handed over without an answer", unconfirmed)


@shared_task(name="survey.tasks.daily")
def send_daily_reminders() -> None:
    """Post today's deadline reminders, escalations and daily digests; once a day, from DAILY_FROM_HOUR on."""
    now = timezone.localtime()
    if now.hour < DAILY_FROM_HOUR or not is_not_done_today("daily", now.date()):
        return
    deadlines.create_deadline_notices(now)
    escalation.escalate_overdue_parts(now)
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
    report = verify.verify_journal()
    if report.ok:
        log.info("journal holds: %s responses, %s events", report.responses, report.events)
        return report
    for fault in report.faults:
        log.error("journal: response %s, event %s: %s", fault.response, fault.seq, fault.message)
    today = timezone.localdate().isoformat()
    faults_by_response = Counter(fault.response for fault in report.faults)
    rows = Response.objects.filter(pk__in=faults_by_response).select_related("round__province")
    faults_by_province = {row.round.province: 0 for row in rows}
    for row in rows:
        faults_by_province[row.round.province] += faults_by_response.pop(row.pk)
    for province, count in faults_by_province.items():
        url = reverse("survey:province-journal", args=[province.code])
        notices.notify_journal_faults(count=count, day=today, province=province, url=url)
    if rest := sum(faults_by_response.values()):  # of responses that are gone themselves
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
        delivery.release_claims()
        for task in (send_letters, send_daily_reminders, verify_journal_nightly):
            task.delay()
    except DatabaseError:
        log.warning("letters could not be released at the start", exc_info=True)
