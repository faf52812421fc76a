"""Files of letters: to the agencies or one of them, to DGA, to the governor."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from reports.errors import ReportError
from reports.jobs.actions import ProgressReporter
from reports.jobs.making.params import job_agency, job_language
from reports.letters.letters import LetterRequest, gather_letters
from reports.letters.paper import write_letters_pdf
from reports.models import Job, LetterKind
from survey.models import Response


def make_letters(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """The letters that were asked for, to all agencies or to one, with the number and day that were typed."""
    if not response.is_provincial:
        raise ReportError("gone")
    kind = LetterKind(job.params.get("letter", LetterKind.INVITE))
    agency = job_agency(job, response) if kind.is_of_agencies else None
    day = date.fromisoformat(job.params["day"]) if job.params.get("day") else None
    asked = LetterRequest(kind, job_language(job), str(job.params.get("number", "")), day)
    found = gather_letters(response, asked, agency)
    progress(5, 100)
    write_letters_pdf(response, found, asked.language, path, progress)
    parts = [
        response.round.province.code,
        str(response.round.year),
        agency.code if agency else "",
        "letter",
        kind.value,
    ]
    return f"dgready-{'-'.join(part for part in parts if part)}.pdf"
