"""Jobs: started, claimed, beaten, finished. Every step is a conditional update, so that two workers never mix.

A worker that dies leaves its job "running" without a sign of life; `requeue` and `sweep` hand it on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from celery import signature
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Province, User
from dgready.celery import app
from reports.errors import ReportError
from reports.models import ACTIVE, Download, Job, Kind, State
from survey.models import Response

TASK = "reports.tasks.run"
BEAT = 0.5  # seconds between two writes of progress
STALE = timedelta(minutes=3)  # without a sign of life a worker counts as dead
LOST = timedelta(hours=2)  # a queued job whose message the broker must have lost
MOST_ATTEMPTS = 3

Progress = Callable[[int, int], None]
"""Told (done, total). Raises Stopped when the job is no longer this worker's."""


class Stopped(Exception):
    """The job was cancelled, or another worker has taken it over."""


def start(
    *,
    by: User | None,
    kind: Kind,
    response: Response | None = None,
    province: Province | None = None,
    params: Mapping[str, Any] | None = None,
) -> Job:
    """Queues a piece of work. The same person asking again while it waits or runs gets the same job."""
    what = {"by": by, "kind": kind, "response": response, "province": province, "params": dict(params or {})}
    with transaction.atomic():
        if response is not None:
            # Two clicks at once: the second waits here and then finds the first one's job.
            Response.objects.select_for_update(of=("self",)).get(pk=response.pk)
        waiting = Job.objects.filter(**what, state__in=ACTIVE).first()
        if waiting is not None:
            return waiting
        now = timezone.now()
        job = Job.objects.create(**what, created_at=now, beat_at=now)
        send(job.pk)
    return job


def send(pk: int) -> None:
    """Puts a job into the queue once the transaction is over."""
    transaction.on_commit(lambda: signature(TASK, (pk,), app=app).delay())


# -- the worker's side -----------------------------------------------------------------------------


def claim(pk: int) -> Job | None:
    """Takes a queued job, or one whose worker is dead; None when there is nothing to take."""
    now = timezone.now()
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, beat_at__lt=now - STALE)
    taken = Job.objects.filter(free, pk=pk).update(
        state=State.RUNNING, attempts=F("attempts") + 1, started_at=now, beat_at=now, done=0, total=0, message=""
    )
    if not taken:
        return None
    rows = Job.objects.select_related("response__round__province", "response__round__instrument", "response__agency")
    job = rows.defer("response__round__instrument__source").get(pk=pk)
    if job.attempts > MOST_ATTEMPTS:
        fail(job, ReportError("often"))
        return None
    return job


def _mine(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)


def progress_of(job: Job, clock: Callable[[], float] = time.monotonic) -> Progress:
    """What a running job reports its progress to; writes at most twice a second."""
    last = -BEAT

    def report(done: int, total: int) -> None:
        nonlocal last
        now = clock()
        if now - last < BEAT:
            return
        last = now
        if not _mine(job).update(done=min(done, total), total=total, beat_at=timezone.now()):
            raise Stopped

    return report


def finish(job: Job, *, file_name: str, stored: str, size: int, sha256: str) -> bool:
    """Records the file of a job that is still this worker's; False when it no longer is."""
    return bool(
        _mine(job).update(
            state=State.DONE,
            done=F("total"),
            file_name=file_name,
            stored=stored,
            size=size,
            sha256=sha256,
            finished_at=timezone.now(),
        )
    )


def fail(job: Job, error: ReportError) -> bool:
    """Records why a job that is still this worker's came to nothing."""
    language = str(job.params.get("language", "th"))
    return bool(_mine(job).update(state=State.FAILED, message=error.say(language), finished_at=timezone.now()))


def release(job: Job) -> bool:
    """Puts a job back into the queue after a fault that may pass; False when its attempts are used up."""
    if job.attempts >= MOST_ATTEMPTS:
        return False
    return bool(_mine(job).update(state=State.QUEUED, beat_at=timezone.now()))


# -- from outside ----------------------------------------------------------------------------------


def cancel(*, by: User, job: Job) -> bool:
    """Stops a waiting or running job; False when it has ended already. `by` is known from the page's check."""
    return bool(
        Job.objects.filter(pk=job.pk, state__in=ACTIVE).update(state=State.CANCELLED, finished_at=timezone.now())
    )


def requeue() -> int:
    """At the start of the one embedded process: whatever had not ended is queued again. How many."""
    return _again(Q(state__in=ACTIVE))


def sweep() -> int:
    """Queues again what a dead worker left behind or the broker lost. How many."""
    now = timezone.now()
    return _again(Q(state=State.RUNNING, beat_at__lt=now - STALE) | Q(state=State.QUEUED, beat_at__lt=now - LOST))


def _again(which: Q) -> int:
    found = list(Job.objects.filter(which).order_by("created_at").values_list("pk", flat=True))
    for pk in found:
        if Job.objects.filter(which, pk=pk).update(state=State.QUEUED, beat_at=timezone.now()):
            send(pk)
    return len(found)


def downloaded(*, by: User, job: Job) -> Download:
    """Notes that a person takes the file."""
    return Download.objects.create(job=job, by=by, at=timezone.now())
