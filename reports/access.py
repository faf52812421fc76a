"""Fetching jobs, or 404: fetching is the permission check."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from accounts.models import User
from reports.models import Job, ReportKind
from survey import access
from survey.models import Response


def get_job(user: User, public_id: UUID) -> Job:
    """The job with its response and who asked for it; Http404 unless the person may have such a file of it."""
    jobs = Job.objects.select_related("by", "response__round__province", "response__agency")
    job = jobs.filter(public_id=public_id).first()
    if job is None or job.response is None or not may_access_report(user, job.response, ReportKind(job.kind)):
        raise Http404
    return job


def may_access_report(user: User, response: Response, kind: ReportKind) -> bool:
    """Whether the person may make and download this kind of file of the response."""
    return access.has_response_capability(user, response, kind.capability)


def accessible_report_kinds(user: User, response: Response) -> list[ReportKind]:
    """The kinds of files of the response that the person may have."""
    return [kind for kind in ReportKind if may_access_report(user, response, kind)]
