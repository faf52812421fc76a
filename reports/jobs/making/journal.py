"""Files of a journal: its extract."""

from __future__ import annotations

from pathlib import Path

from reports.jobs.actions import ProgressReporter
from reports.jobs.making.params import ANSWER, job_language
from reports.journal.gathering import gather_extract
from reports.journal.pdf import write_extract_pdf
from reports.models import Job
from survey.journal.province_journal import read_filter
from survey.models import Response


def make_journal(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """The journal of the whole round for a province's answer, unless it alone is asked for; else of the response."""
    whole = response.is_provincial and job.params.get("scope") != ANSWER
    criteria = read_filter({name: str(value) for name, value in job.params.items()})
    extract = gather_extract(response, criteria, whole=whole, language=job_language(job))
    progress(5, 100)
    write_extract_pdf(extract, path, progress)
    round_, agency = response.round, f"-{response.agency.code}" if response.agency else ""
    return f"dgready-{round_.province.code}-{round_.year}{agency}-journal.pdf"
