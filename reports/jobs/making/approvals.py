"""Files of an approval: its certificate."""

from __future__ import annotations

from pathlib import Path

from django.utils import translation

from reports.content.certificate import gather_certificate
from reports.documents.certificate import write_certificate_pdf
from reports.jobs.actions import ProgressReporter
from reports.jobs.making.params import job_language
from reports.models import Job
from survey.models import Response


def make_certificate(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """The certificate of the version in force; the job says how it is signed. Raises ReportError, OSError."""
    certificate = gather_certificate(response, job_language(job))
    standing = write_certificate_pdf(certificate, path, progress)
    if standing is not None:
        with translation.override(certificate.language):
            job.message = standing.text()
    return f"dgready-{certificate.name}-certificate.pdf"
