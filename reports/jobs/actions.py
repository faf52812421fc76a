"""Actions on jobs: start, claim, report progress, finish, fail, cancel, queue again.

Every step is a conditional update, so that two workers never mix. A worker that dies leaves its job "running"
without a heartbeat; `requeue_unfinished_jobs` and `requeue_lost_jobs` queue it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Province, User
from dgready.publishing import publish_on_commit
from reports.errors import ReportError
from reports.models import ACTIVE_STATES, Download, Job, JobState, ReportKind
from survey.models import Response

RUN_TASK = "reports.tasks.run"
PROGRESS_INTERVAL = 0.5  # seconds between two writes of progress
STALE_AFTER = timedelta(minutes=3)  # without a heartbeat a worker counts as dead
LOST_AFTER = timedelta(hours=2)  # a queued job whose message the broker must have lost
MAX_ATTEMPTS = 3

ProgressReporter = Callable[[int, int], None]
"""Called with (done, total). Raises JobStopped when the job is no longer this worker's."""


class JobStopped(Exception):
    """The job was cancelled, or another worker has taken it over."""


def start_job(
    *,
    by: User | None,
    kind: ReportKind,
    response: Response | None = None,
    province: Province | None = None,
    params: Mapping[str, Any] | None = None,
) -> Job:
    """Creates a job and queues it. The same person asking again while it waits or runs gets the same job."""
    fields = {"by": by, "kind": kind, "response": response, "province": province, "params": dict(params or {})}
    with transaction.atomic():
        if response is not None:
            # Two clicks at once: the second waits here and then finds the first one's job.
            Response.objects.select_for_update(of=("self",)).get(pk=response.pk)
        waiting = Job.objects.filter(**fields, state__in=ACTIVE_STATES).first()
        if waiting is not None:
            return waiting
        now = timezone.now()
        job = Job.objects.create(**fields, created_at=now, beat_at=now)
        enqueue_job(job.pk)
    return job


def enqueue_job(pk: int) -> None:
    """Puts a job into the queue once the transaction is over."""
    publish_on_commit(RUN_TASK, pk)


# -- the worker's side -----------------------------------------------------------------------------


def claim_job(pk: int) -> Job | None:
    """Claims a queued job, or one whose worker is dead; None when it cannot be claimed."""
    now = timezone.now()
    claimable = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, beat_at__lt=now - STALE_AFTER)
    claimed = Job.objects.filter(claimable, pk=pk).update(
        state=JobState.RUNNING, attempts=F("attempts") + 1, started_at=now, beat_at=now, done=0, total=0, message=""
    )
    if not claimed:
        return None
    rows = Job.objects.select_related("response__round__province", "response__round__instrument", "response__agency")
    job = rows.defer("response__round__instrument__source").get(pk=pk)
    if job.attempts > MAX_ATTEMPTS:
        fail_job(job, ReportError("often"))
        return None
    return job


def _running_attempt(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def progress_reporter(job: Job, clock: Callable[[], float] = time.monotonic) -> ProgressReporter:
    """The callback that records the progress of a running job; writes at most twice a second."""
    last = -PROGRESS_INTERVAL

    def report(done: int, total: int) -> None:
        nonlocal last
        now = clock()
        if now - last < PROGRESS_INTERVAL:
            return
        last = now
        if not _running_attempt(job).update(done=min(done, total), total=total, beat_at=timezone.now()):
            raise JobStopped

    return report


def finish_job(job: Job, *, file_name: str, stored: str, size: int, sha256: str) -> bool:
    """Records the file of a job that is still this worker's; False when it no longer is."""
    return bool(
        _running_attempt(job).update(
            state=JobState.DONE,
            done=F("total"),
            file_name=file_name,
            stored=stored,
            size=size,
            sha256=sha256,
            finished_at=timezone.now(),
        )
    )


def fail_job(job: Job, error: ReportError) -> bool:
    """Records why a job that is still this worker's failed."""
    language = str(job.params.get("language", "th"))
    return bool(
        _running_attempt(job).update(
            state=JobState.FAILED, message=error.message_in(language), finished_at=timezone.now()
        )
    )


def release_job(job: Job) -> bool:
    """Puts a job back into the queue after a fault that may pass; False when its attempts are used up."""
    if job.attempts >= MAX_ATTEMPTS:
        return False
    return bool(_running_attempt(job).update(state=JobState.QUEUED, beat_at=timezone.now()))


# -- from outside ----------------------------------------------------------------------------------


def cancel_job(*, by: User, job: Job) -> bool:
    """Stops a waiting or running job; False when it has ended already. `by` is known from the page's check."""
    return bool(
        Job.objects.filter(pk=job.pk, state__in=ACTIVE_STATES).update(
            state=JobState.CANCELLED, finished_at=timezone.now()
        )
    )


def requeue_unfinished_jobs() -> int:
    """Queues again every unfinished job, at the start of the one embedded process. Returns how many."""
    return _requeue_jobs(Q(state__in=ACTIVE_STATES))


def requeue_lost_jobs() -> int:
    """Queues again what a dead worker left behind or the broker lost. Returns how many."""
    now = timezone.now()
    return _requeue_jobs(
        Q(state=JobState.RUNNING, beat_at__lt=now - STALE_AFTER)
        | Q(state=JobState.QUEUED, beat_at__lt=now - LOST_AFTER)
    )


def _requeue_jobs(condition: Q) -> int:
    keys = list(Job.objects.filter(condition).order_by("created_at").values_list("pk", flat=True))
    for pk in keys:
        if Job.objects.filter(condition, pk=pk).update(state=JobState.QUEUED, beat_at=timezone.now()):
            enqueue_job(pk)
    return len(keys)


def record_download(*, by: User, job: Job) -> Download:
    """Records that a person downloads the file."""
    return Download.objects.create(job=job, by=by, at=timezone.now())
