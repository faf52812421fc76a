"""Jobs that nobody makes are made again: messages lost, workers dead, the store silent for minutes or hours.

The rows are the truth and messages are hints: whoever finds a job without a maker sends its message again, by a
conditional update, so that of two finders one sends. A second message of the same job does nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from reports.jobs.actions import MAX_ATTEMPTS, STALE_AFTER, enqueue_job, running_attempt
from reports.models import ACTIVE_STATES, Job, JobState

LOST_AFTER = timedelta(seconds=30)  # a queued job that nobody has begun: its message may be lost
RESENT_AT_ONCE = 20  # the oldest: where only the queue is long, few messages are doubled
RETRY_PAUSE = timedelta(seconds=5)  # times the attempts so far, after a fault that may pass
FIRST_STORE_PAUSE, MAX_STORE_PAUSE = timedelta(seconds=15), timedelta(minutes=15)
STORE_PATIENCE = timedelta(hours=24)


def requeue_unfinished_jobs() -> int:
    """Queues again every unfinished job, at the start of the one embedded process. Returns how many."""
    return _requeue(Q(state__in=ACTIVE_STATES))


def requeue_lost_jobs(now: datetime | None = None) -> int:
    """Queues again what a dead worker left behind, the broker lost or is due after a pause. Returns how many."""
    now = now or timezone.now()
    lost = Q(beat_at__lt=now - LOST_AFTER)
    due = Q(next_try_at__lte=now) & (Q(beat_at__lt=F("next_try_at")) | lost)
    waiting = Q(state=JobState.QUEUED) & (Q(lost, next_try_at=None) | due)
    dead = Q(state=JobState.RUNNING, beat_at__lt=now - STALE_AFTER)
    return _requeue(waiting | dead, RESENT_AT_ONCE)


def _requeue(condition: Q, most: int | None = None) -> int:
    keys = Job.objects.filter(condition).order_by("created_at").values_list("pk", flat=True)[:most]
    queued = 0
    for pk in list(keys):
        if Job.objects.filter(condition, pk=pk).update(state=JobState.QUEUED, beat_at=timezone.now()):
            enqueue_job(pk)
            queued += 1
    return queued


def retry_later(job: Job) -> bool:
    """Puts a job back after a fault that may pass; False when its attempts are used up."""
    own_attempts = job.attempts - job.waits
    if own_attempts >= MAX_ATTEMPTS:
        return False
    now = timezone.now()
    values = {"beat_at": now, "next_try_at": now + RETRY_PAUSE * own_attempts}
    return bool(running_attempt(job).update(state=JobState.QUEUED, **values))


def wait_for_store(job: Job) -> bool:
    """Puts a job back until the store answers, with growing pauses; False when it has been silent for too long."""
    now = timezone.now()
    since = job.waiting_since or now
    if now - since > STORE_PATIENCE:
        return False
    pause = min(FIRST_STORE_PAUSE * 2 ** min(job.waits, 12), MAX_STORE_PAUSE)
    values = {"beat_at": now, "next_try_at": now + pause, "waiting_since": since, "waits": F("waits") + 1}
    return bool(running_attempt(job).update(state=JobState.QUEUED, done=0, total=0, **values))
