"""Actions on jobs: start, claim, report progress, finish, fail. Who takes one back: reports.jobs.requests.

Every step is a conditional update, so that two workers never mix. What a dead worker, a lost message or a silent store
leaves behind is taken up by reports.jobs.recovery.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Province, User
from dgready.publishing import publish_on_commit
from reports.errors import ReportError
from reports.jobs.keeping import is_of_draft
from reports.jobs.request_state import read_requested_state
from reports.jobs.requests import add_request
from reports.jobs.sameness import GIVEN_AGAIN_FOR, is_given_again, request_key
from reports.models import ACTIVE_STATES, LONG_WAIT, Download, Job, JobState, ReportKind
from survey.models import Response

RUN_TASK = "reports.tasks.run"
PROGRESS_INTERVAL = 0.5  # seconds between two writes of progress
STALE_AFTER = timedelta(seconds=40)  # without a heartbeat (every reports.jobs.heartbeat.BEAT_SECONDS) a worker is dead
STUCK_AFTER = LONG_WAIT  # asked for again after so long, a job that nobody makes is started anew
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
    anew: bool = False,
) -> Job:
    """Creates a job and queues it. The same request (reports.jobs.sameness) gives the same job.

    That is one that waits or runs, or one that is done; `anew`: never one that is done. One that is stuck (its worker
    dead, its message lost, the store silent) is started anew.
    """
    asked = dict(params or {})
    fields: dict[str, Any] = {"by": by, "kind": kind, "response": response, "province": province, "params": asked}
    with transaction.atomic():
        # Two at once: the second waits for the response's row and then finds the first one's job.
        key = _lock_request(by, kind, response, asked)
        now = timezone.now()
        job = _find_same(key, fields, now, anew=anew)
        if job is None:
            job = Job.objects.create(**fields, request_key=key, created_at=now, beat_at=now)
            enqueue_job(job.pk)
        elif is_stuck(job, now):
            job = _restart(job, now)
        add_request(job, by, now)
    return job


def _lock_request(by: User | None, kind: ReportKind, response: Response | None, params: Mapping[str, Any]) -> str:
    """The key of a request, with the row of its response locked; "" for what is about no response."""
    if response is None:
        return ""
    rows = Response.objects.select_for_update(of=("self",)).select_related("round__province", "round__instrument")
    locked = rows.defer("round__instrument__source").get(pk=response.pk)
    return request_key(kind, params, read_requested_state(locked, kind), by.pk if by else None)


def _find_same(key: str, fields: Mapping[str, Any], now: datetime, *, anew: bool) -> Job | None:
    """The job of the same request: one that waits or runs, else the newest file that may be given again."""
    same = Q(request_key="", **fields)  # of before there were keys, or about no response
    if key:
        same |= Q(request_key=key)
    # Locked, so that whoever takes themselves off meanwhile sees that another has joined.
    active = Job.objects.select_for_update().filter(same, state__in=ACTIVE_STATES).first()
    if active is not None or not key or anew or not is_given_again(fields["kind"], fields["params"]):
        return active
    made = Job.objects.filter(request_key=key, state=JobState.DONE, finished_at__gt=now - GIVEN_AGAIN_FOR)
    return made.order_by("-finished_at", "-pk").first()


def enqueue_job(pk: int) -> None:
    """Puts a job into the queue once the transaction is over; without a broker the sweep does it later."""
    publish_on_commit(RUN_TASK, pk)


def is_stuck(job: Job, now: datetime) -> bool:
    """Whether nobody makes the job: no heartbeat, waiting for the store, or queued while no other job is made."""
    if not job.is_active:
        return False
    if job.state == JobState.RUNNING:
        return job.beat_at is None or job.beat_at < now - STALE_AFTER
    if job.next_try_at is not None:
        return True
    if job.created_at > now - STUCK_AFTER:
        return False
    return not Job.objects.filter(state=JobState.RUNNING, beat_at__gte=now - STALE_AFTER).exists()


def _restart(job: Job, now: datetime) -> Job:
    """The job as if it were asked for now; a worker that still thinks it has it stops at its next step."""
    restarted = Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts).update(
        state=JobState.QUEUED,
        created_at=now,
        beat_at=now,
        next_try_at=None,
        waiting_since=None,
        waits=F("attempts"),
        done=0,
        total=0,
        message="",
    )
    if restarted:
        enqueue_job(job.pk)
    job.refresh_from_db()
    return job


# -- the worker's side -----------------------------------------------------------------------------


def claim_job(pk: int) -> Job | None:
    """Claims a queued job, or one whose worker is dead; None when it cannot be claimed."""
    now = timezone.now()
    may_start = Q(next_try_at=None) | Q(next_try_at__lte=now)
    claimable = Q(may_start, state=JobState.QUEUED) | Q(state=JobState.RUNNING, beat_at__lt=now - STALE_AFTER)
    claimed = Job.objects.filter(claimable, pk=pk).update(
        state=JobState.RUNNING,
        attempts=F("attempts") + 1,
        started_at=now,
        beat_at=now,
        next_try_at=None,
        done=0,
        total=0,
        message="",
    )
    if not claimed:
        return None
    rows = Job.objects.select_related("response__round__province", "response__round__instrument", "response__agency")
    job = rows.defer("response__round__instrument__source").get(pk=pk)
    if job.attempts - job.waits > MAX_ATTEMPTS:
        fail_job(job, ReportError("often"))
        return None
    return job


def running_attempt(job: Job) -> QuerySet[Job]:
    """The row of a job as long as it is this worker's."""
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
        if not running_attempt(job).update(done=min(done, total), total=total, beat_at=timezone.now()):
            raise JobStopped

    return report


def finish_job(job: Job, *, file_name: str, stored: str, size: int, sha256: str) -> bool:
    """Records the file of a job that is still this worker's, with what its maker said of it; False: it no longer is."""
    return bool(
        running_attempt(job).update(
            state=JobState.DONE,
            done=F("total"),
            file_name=file_name,
            stored=stored,
            size=size,
            sha256=sha256,
            of_draft=_prints_draft(job),
            version=job.version,
            message=job.message,
            waiting_since=None,
            finished_at=timezone.now(),
        )
    )


def _prints_draft(job: Job) -> bool:
    """Whether its file is of an answer that was not approved, neither when it was begun nor when it was made."""
    if job.response is None:
        # Counted or made anew at any time; what lasts is a release, and each province's own file.
        return ReportKind(job.kind).is_of_nation or job.is_of_many
    states = (job.response.state, Response.objects.values_list("state", flat=True).get(pk=job.response.pk))
    return is_of_draft(job.kind, job.params, approved=Response.State.APPROVED in states)


def fail_job(job: Job, error: ReportError) -> bool:
    """Records why a job that is still this worker's failed."""
    language = str(job.params.get("language", "th"))
    return bool(
        running_attempt(job).update(
            state=JobState.FAILED, message=error.message_in(language), finished_at=timezone.now()
        )
    )


# -- from outside ----------------------------------------------------------------------------------


def record_download(*, by: User, job: Job) -> Download:
    """Records that a person downloads the file."""
    return Download.objects.create(job=job, by=by, at=timezone.now())
