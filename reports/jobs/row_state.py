"""What the row of a finished job, or of a download, shows, to be compared: a list of the same rows is kept as HTML."""

from __future__ import annotations

from collections.abc import Hashable

from accounts.models import User
from reports.models import Download, Job


def job_state(job: Job) -> Hashable:
    """All that the row of a job shows once it has ended; then nobody can take it back, whoever reads."""
    of_file = (job.file_name, job.size, job.sha256, job.version, job.voided_at, job.of_draft)
    told = (job.kind, job.state, job.message, job.created_at, job.finished_at, job.askers)
    return job.public_id, _person(job.by), _person(job.cancelled_by), of_file, told


def download_state(download: Download) -> Hashable:
    """All that the row of a download shows."""
    job = download.job
    return download.at, _person(download.by), job.file_name, job.version, job.sha256, download.voided_at  # type: ignore[attr-defined]


def _person(user: User | None) -> Hashable:
    return user and (user.get_full_name(), user.email)
