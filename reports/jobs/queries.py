"""Reads of jobs: the latest of a response, and who downloaded their files."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from reports.models import Download, Job, ReportKind
from survey.models import Response

SHOWN_JOBS = 30
SHOWN_DOWNLOADS = 50


def latest_jobs(response: Response, kinds: Sequence[ReportKind]) -> QuerySet[Job]:
    """The newest jobs of these kinds, with who asked for them. One query."""
    return Job.objects.filter(response=response, kind__in=kinds).select_related("by")[:SHOWN_JOBS]


def latest_downloads(response: Response, kinds: Sequence[ReportKind]) -> QuerySet[Download]:
    """The newest downloads of files of these kinds, with who took them. One query."""
    rows = Download.objects.filter(job__response=response, job__kind__in=kinds)
    return rows.select_related("job", "by")[:SHOWN_DOWNLOADS]
