"""What a job was asked with: language, approved version, pillar, agency."""

from __future__ import annotations

from typing import Final

from accounts.models import Agency
from reports.errors import ReportError
from reports.models import Job, ReportKind
from survey.models import FrozenResponse, Response

ANSWER: Final = "answer"  # of a journal, the scope of the provincial answer alone


def job_language(job: Job) -> str:
    return str(job.params.get("language", "th"))


def job_version(job: Job) -> int | None:
    """The approved version that is asked for, superseded or not; None for the answer as it stands."""
    number = job.params.get("version")
    return int(number) if number else None


def job_pillar(job: Job) -> str:
    """The number of the pillar that is asked for; "" for all."""
    return str(job.params.get("pillar", ""))


def printed_version(job: Job, response: Response) -> int | None:
    """The number of the approved version that the file tells of: the one asked for, else that in force. One query."""
    if not ReportKind(job.kind).is_of_version:
        return None
    number = job_version(job)
    if number is not None or response.state != Response.State.APPROVED:
        return number
    rows = FrozenResponse.objects.filter(response=response, voided_at=None)
    return rows.values_list("number", flat=True).first()


def job_agency(job: Job, response: Response) -> Agency | None:
    """The agency whose part is asked for: that of a contribution, or the one that is named."""
    if response.agency is not None or not job.params.get("agency"):
        return response.agency
    found = Agency.objects.filter(province=response.round.province_id, code__iexact=job.params["agency"]).first()
    if found is None:
        raise ReportError("gone")
    return found
