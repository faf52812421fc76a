"""Reads of what waits: jobs, letters, notices, files to be scanned; how many, and since when the oldest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min, QuerySet, Value

from accounts.post import giving_up
from dgready.prepared_select import PreparedSelect
from evidence.models import File, ScanState
from reports.models import ACTIVE_STATES, FileFault, Job, JobState
from reports.system.file_faults import open_file_faults
from survey.models import Notice
from survey.notices.undelivered import OUTBOXES

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, and since when the oldest; None when nothing waits."""

    count: int = 0
    oldest: datetime | None = None

    def and_also(self, count: int, oldest: datetime | None) -> Waiting:
        """Together with what waits in another table."""
        moments = [moment for moment in (self.oldest, oldest) if moment]
        return Waiting(self.count + count, min(moments, default=None))

    def age(self, now: datetime) -> timedelta:
        """How long the oldest has waited."""
        return now - self.oldest if self.oldest else timedelta()


def waiting_by_queue() -> dict[str, Waiting]:
    """What waits: "jobs", "letters", "notices", "scans"; what failed: "given_up" letters, "file_faults", "infected".

    One query.
    """
    found: dict[str, Waiting] = {}
    for name, count, oldest in _WAITING.all(giving_up.shown_since()):
        found[name] = found.get(name, Waiting()).and_also(count, oldest)
    return found


def _waiting(given_up_since: datetime) -> QuerySet[Any, Any]:
    files = File.objects.all()
    outboxes = OUTBOXES.values()
    queues = [
        _summary("jobs", Job.objects.filter(state=JobState.QUEUED), "created_at"),
        *(_summary("letters", giving_up.queued(outbox), "made_at") for outbox in outboxes),
        *(_summary("given_up", giving_up.given_up(outbox, given_up_since), "made_at") for outbox in outboxes),
        _summary("notices", Notice.objects.filter(mailed_at=None, read_at=None, user__is_active=True), "at"),
        _summary("scans", files.filter(scan_state=ScanState.WAITING), "created_at"),
        _summary("infected", files.filter(scan_state=ScanState.INFECTED), "created_at"),
        _summary("file_faults", open_file_faults(), "first_at"),
    ]
    return queues[0].union(*queues[1:], all=True)


def _summary(name: str, rows: QuerySet[Any], since: str) -> QuerySet[Any, Any]:
    named = rows.order_by().annotate(queue=Value(name)).values("queue")
    return named.annotate(waiting=Count("pk"), oldest=Min(since)).values_list("queue", "waiting", "oldest")


_WAITING: PreparedSelect[tuple[str, int, datetime | None]] = PreparedSelect(_waiting)


def active_jobs() -> list[Job]:
    """The oldest jobs that wait or run, with who asked for them. One query."""
    return _ACTIVE.all()


_ACTIVE: PreparedSelect[Job] = PreparedSelect(
    lambda: (
        Job.objects.filter(state__in=ACTIVE_STATES)
        .select_related("by", "response__round__province")
        .defer("response__open_points")
        .order_by("created_at")[:SHOWN]
    )
)


def shown_file_faults() -> list[FileFault]:
    """The files with a fault that the page of the state shows. One query."""
    return _FAULTS.all()


_FAULTS: PreparedSelect[FileFault] = PreparedSelect(lambda: open_file_faults()[:SHOWN])
