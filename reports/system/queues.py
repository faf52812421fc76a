"""Reads of what waits: jobs, letters and notices; how many, and since when the oldest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min, QuerySet, Value
from django.utils import timezone

from reports.models import ACTIVE_STATES, Job, JobState
from reports.system.file_faults import open_file_faults
from survey.models import Letter, Notice

SHOWN: Final = 20
GIVEN_UP_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, and since when the oldest; None when nothing waits."""

    count: int = 0
    oldest: datetime | None = None

    def age(self, now: datetime) -> timedelta:
        """How long the oldest has waited."""
        return now - self.oldest if self.oldest else timedelta()


def waiting_by_queue() -> dict[str, Waiting]:
    """What waits in "jobs", "letters" and "notices"; the letters "given_up", the "file_faults". One query."""
    queues = [
        _summary("jobs", Job.objects.filter(state=JobState.QUEUED), "created_at"),
        _summary("letters", waiting_letters(), "made_at"),
        _summary("notices", Notice.objects.filter(mailed_at=None, read_at=None, user__is_active=True), "at"),
        _summary("given_up", given_up_letters(), "made_at"),
        _summary("file_faults", open_file_faults(), "first_at"),
    ]
    rows = queues[0].union(*queues[1:], all=True)
    return {name: Waiting(count, oldest) for name, count, oldest in rows}


def _summary(name: str, rows: QuerySet[Any], since: str) -> QuerySet[Any, Any]:
    named = rows.order_by().annotate(queue=Value(name)).values("queue")
    return named.annotate(waiting=Count("pk"), oldest=Min(since)).values_list("queue", "waiting", "oldest")


def waiting_letters() -> QuerySet[Letter]:
    """Letters that are still to be sent, also those that are tried again."""
    return Letter.objects.filter(sent_at=None, posted_at=None, next_try_at__isnull=False)


def given_up_letters() -> QuerySet[Letter]:
    """Letters of the last days that were not sent and will not be, or of which nobody knows, newest first."""
    since = timezone.now() - timedelta(days=GIVEN_UP_DAYS)
    unsent = Letter.objects.filter(sent_at=None, made_at__gte=since).exclude(fault="")
    return unsent.exclude(pk__in=waiting_letters()).select_related("user").order_by("-pk")


def active_jobs() -> list[Job]:
    """The oldest jobs that wait or run, with who asked for them. One query."""
    rows = Job.objects.filter(state__in=ACTIVE_STATES).select_related("by", "response__round__province")
    return list(rows.defer("response__open_points").order_by("created_at")[:SHOWN])
