"""What happens by the clock: letters every minute, word of days each morning, the proof of the journal each night."""

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
from survey.models import Response
from survey.notices import actions as notices
from survey.notices import letters
from survey.rounds import deadlines
from survey.rounds.daily_chores import is_not_done_today, mark_done_today
from survey.rounds.daily_letters import write_daily_letters
from survey.verifying import verify
from survey.verifying.report import VerificationReport

log = logging.getLogger(__name__)
LETTER_INTERVAL = 60  # seconds
DAILY_FROM_HOUR, NIGHTLY_FROM_HOUR = (
    7,
    2,
)  # o'clock in Thailand; each is asked again every hour, for a machine that was off


@shared_task
def send_letters() -> None:
    """Hands over the letters that are due."""
    letters.send_due_letters()
    if (
        lost := letters.unconfirmed_letters()
        .exclude(fault=letters.UNCONFIRMED_FAULT)
        .update(fault=letters.UNCONFIRMED_FAULT)
    ):
        log.warning("%s letters were handed over without an answer", lost)


@shared_task
def daily() -> None:
    """Today's word of coming and passed days, and the daily letters; once a day, from the morning on."""
    now = timezone.localtime()
    if now.hour < DAILY_FROM_HOUR or not is_not_done_today("daily", now.date()):
        return
    deadlines.create_deadline_notices(now)
    write_daily_letters(now)
    mark_done_today("daily", now.date())


@shared_task
def nightly() -> None:
    """Proves the journal once a night and alarms when it does not hold."""
    now = timezone.localtime()
    if now.hour < NIGHTLY_FROM_HOUR or not is_not_done_today("nightly", now.date()):
        return
    verify_journal()
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
    counts = Counter(fault.response for fault in report.faults)
    rows = Response.objects.filter(pk__in=counts).select_related("round__province")
    provinces = {row.round.province: 0 for row in rows}
    for row in rows:
        provinces[row.round.province] += counts.pop(row.pk)
    for province, count in provinces.items():
        url = reverse("survey:province-journal", args=[province.code])
        notices.notify_journal_faults(count=count, day=today, province=province, url=url)
    if rest := sum(counts.values()):  # of responses that are gone themselves
        notices.notify_journal_faults(count=rest, day=today)
    return report


@app.on_after_finalize.connect
def _schedule_periodic_tasks(sender: Any, **kwargs: Any) -> None:
    sender.add_periodic_task(LETTER_INTERVAL, send_letters.s(), name="survey: letters")
    sender.add_periodic_task(crontab(minute=30), daily.s(), name="survey: word of the day")
    sender.add_periodic_task(crontab(minute=10), nightly.s(), name="survey: proof of the journal")


@on_worker_start
def resume_tasks() -> None:
    """The embedded process starts: whoever held letters is gone."""
    try:
        letters.release_claims()
        for task in (send_letters, daily, nightly):
            task.delay()
    except DatabaseError:
        log.warning("the post could not be taken up again", exc_info=True)
