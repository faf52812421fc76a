"""The page on which the file of a job was asked for, and where others like it are."""

from __future__ import annotations

from django.urls import reverse

from reports.models import Job, ReportKind


def files_address(job: Job) -> str:
    """The papers of the job's answer; the national report for a file about all provinces, the acts for many."""
    if job.response_id is not None:
        return reverse("reports:list", args=[job.response_id])
    if ReportKind(job.kind).is_of_nation:
        return reverse("nation:report", args=[job.params["year"]])
    if job.is_of_many:
        return reverse("nation:acts", args=[job.params["year"]])
    return reverse("reports:jobs")
