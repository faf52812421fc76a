"""Who asked for a job: joining one that is made already, and taking oneself off."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from reports.models import ACTIVE_STATES, Job, JobRequest, JobState


class CancelOutcome(StrEnum):
    """What became of taking a job back."""

    CANCELLED = "cancelled"
    LEFT = "left"
    """Others wait for the file, so it is made for them."""
    ENDED = "ended"
    """It had ended already."""


def add_request(job: Job, by: User | None, now: datetime) -> None:
    """Records that a person asks for the job, once more after taking themselves off."""
    if by is not None:
        JobRequest.objects.update_or_create(job=job, by=by, defaults={"left_at": None}, create_defaults={"at": now})


def cancel_job(*, by: User, job: Job, manages: bool = False) -> CancelOutcome:
    """Takes a person off a waiting or running job, and stops it when nobody else waits for it.

    Who `manages` it and does not wait for it themselves stops it for all.
    """
    now = timezone.now()
    with transaction.atomic():
        locked = Job.objects.select_for_update(of=("self",)).filter(pk=job.pk, state__in=ACTIVE_STATES).first()
        if locked is None:
            return CancelOutcome.ENDED
        left = JobRequest.objects.filter(job=locked, by=by, left_at=None).update(left_at=now)
        if (left or not manages) and JobRequest.objects.filter(job=locked, left_at=None).exists():
            return CancelOutcome.LEFT
        values = {"state": JobState.CANCELLED, "cancelled_by": by, "finished_at": now}
        Job.objects.filter(pk=job.pk, state__in=ACTIVE_STATES).update(**values)
    return CancelOutcome.CANCELLED
