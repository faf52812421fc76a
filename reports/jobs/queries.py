"""Reads of jobs: the latest of a response, who downloaded their files, and a job as a person sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.roles import Capability
from dgready.prepared_select import PreparedSelect
from reports.models import ACTIVE_STATES, Download, Job, JobRequest, JobState, ReportKind
from survey.models import FrozenResponse, Response

SHOWN_JOBS = 30
SHOWN_DOWNLOADS = 50


def with_reader(rows: QuerySet[Job], reader: User | int) -> QuerySet[Job]:
    """Jobs with response, people, place in the queue, who waits for it, and since when it is void. One query."""
    requests = JobRequest.objects.filter(job=OuterRef("pk"))
    rows = rows.select_related("by", "cancelled_by", "response__round__province", "response__agency")
    # A mapping, for the type checker knows these names from the model already.
    told: dict[str, Any] = {
        "queue_place": _queue_place(),
        "askers": Case(
            When(state__in=ACTIVE_STATES, then=_count(requests.filter(left_at=None))),
            default=Value(0),
            output_field=IntegerField(),
        ),
        "reader_asks": Exists(requests.filter(by=reader, left_at=None)),
        "voided_at": _voided_at("response", "version"),
        "reader_left": Exists(requests.filter(by=reader, left_at__isnull=False)),
    }
    return rows.annotate(**told)


def _queue_place() -> Case:
    """Place of a waiting job: 1 for the next that a free worker takes. Those being made or put off are in no queue.

    Workers take messages in the order in which jobs were asked for, in the embedded queue as in Redis, and lost
    messages are sent again in that order (reports.jobs.recovery); so the rows tell it, however many workers there are.
    """
    waiting = Q(state=JobState.QUEUED, next_try_at=None)
    before = Q(created_at__lt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk"))
    place = _count(Job.objects.filter(waiting, before)) + 1
    return Case(When(waiting, then=place), default=Value(None), output_field=IntegerField())


def _count(rows: QuerySet[Job] | QuerySet[JobRequest]) -> Coalesce:
    """The number of rows, to be asked for inside another query."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def latest_jobs(response: Response, kinds: Sequence[ReportKind], reader: User) -> list[Job]:
    """The newest jobs of these kinds, as the reader sees them. One query.

    Papers that may print what members think are for who asked and who endorses (`access.without_others_opinions`).
    """
    endorses = reader.has(Capability.ENDORSE, province_id=response.round.province_id)
    return _LATEST_JOBS.all(response.pk, reader.pk, kinds=tuple(kinds), endorses=endorses)


def _latest_jobs(response: Any, reader: Any, *, kinds: tuple[ReportKind, ...], endorses: bool) -> QuerySet[Job]:
    rows = Job.objects.filter(response=response, kind__in=kinds)
    if not endorses:
        rows = rows.filter(~Q(kind__in=[kind for kind in ReportKind if kind.may_print_opinions]) | Q(by=reader))
    return with_reader(rows, reader)[:SHOWN_JOBS]


_LATEST_JOBS: PreparedSelect[Job] = PreparedSelect(_latest_jobs)


def _voided_at(response: str, version: str) -> Subquery:
    rows = FrozenResponse.objects.filter(response=OuterRef(response), number=OuterRef(version))
    return Subquery(rows.values("voided_at")[:1])


def latest_downloads(response: Response, kinds: Sequence[ReportKind]) -> tuple[list[Download], int]:
    """The newest downloads of files of these kinds, with who took them, and how many more there are.

    One query; two where there are more.
    """
    found = _LATEST_DOWNLOADS.all(response.pk, kinds=tuple(kinds))
    if len(found) < SHOWN_DOWNLOADS:
        return found, 0
    return found, Download.objects.filter(job__response=response, job__kind__in=kinds).count() - SHOWN_DOWNLOADS


def _latest_downloads(response: Any, *, kinds: tuple[ReportKind, ...]) -> QuerySet[Download]:
    rows = Download.objects.filter(job__response=response, job__kind__in=kinds)
    newest = rows.annotate(voided_at=_voided_at("job__response", "job__version")).select_related("job", "by")
    return newest[:SHOWN_DOWNLOADS]


_LATEST_DOWNLOADS: PreparedSelect[Download] = PreparedSelect(_latest_downloads)
