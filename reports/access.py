"""Fetching is the permission check: jobs, or 404."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from accounts.models import User
from reports.models import Job, Kind
from survey import access
from survey.models import Response


def get_job(user: User, public_id: UUID) -> Job:
    """The job with its response and who asked for it; Http404 unless the person may have such a file of it."""
    jobs = Job.objects.select_related("by", "response__round__province", "response__agency")
    found = jobs.filter(public_id=public_id).first()
    if found is None or found.response is None or not may_have(user, found.response, Kind(found.kind)):
        raise Http404
    return found


def may_have(user: User, response: Response, kind: Kind) -> bool:
    """Whether the person may make and download this kind of file of the response."""
    return access.may(user, response, kind.capability)


def kinds_for(user: User, response: Response) -> list[Kind]:
    """The kinds of files of the response that the person may have."""
    return [kind for kind in Kind if may_have(user, response, kind)]
