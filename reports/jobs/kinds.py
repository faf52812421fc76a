"""What makes each kind of file: one line per kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reports.content.agenda import gather_agenda
from reports.content.certificate import gather_certificate
from reports.content.paper import Paper
from reports.content.queries import gather
from reports.documents import certificate, committee, plan, result
from reports.errors import ReportError
from reports.jobs.actions import Progress
from reports.models import Job, Kind
from reports.workbooks import dga
from scoring.engine.queries import scored
from scoring.scheme.registry import MissingScheme
from survey.models import Response

Write = Callable[[Paper, Path, Progress], None]

PAPERS: dict[Kind, tuple[str, Write]] = {
    Kind.RESULT: ("dgready-{name}-result.pdf", result.write),
    Kind.DGA: ("dgready-{name}-dga.xlsx", dga.write),
}


def write(kind: Kind, paper: Paper, path: Path, progress: Progress) -> str:
    """Writes a paper of that kind to `path`; the name it is downloaded by. Raises ReportError."""
    name, writer = PAPERS[kind]
    writer(paper, path, progress)
    return name.format(name=paper.name)


def make(job: Job, path: Path, progress: Progress) -> str:
    """Makes the file of a job at `path`; its name. Raises ReportError, jobs.Stopped."""
    if job.response is None:
        raise ReportError("gone")
    progress(1, 100)
    if job.kind in GATHERED:
        return GATHERED[Kind(job.kind)](job, job.response, path, progress)
    paper = gather(job.response, _language(job))
    progress(5, 100)
    return write(Kind(job.kind), paper, path, progress)


def _language(job: Job) -> str:
    return str(job.params.get("language", "th"))


def _committee(job: Job, response: Response, path: Path, progress: Progress) -> str:
    agenda = gather_agenda(response, job.params.get("meeting"), _language(job))
    committee.write(agenda, path, progress)
    return f"dgready-{agenda.paper.name}-committee.pdf"


def _certificate(job: Job, response: Response, path: Path, progress: Progress) -> str:
    found = gather_certificate(response, _language(job))
    certificate.write(found, path, progress)
    return f"dgready-{found.name}-certificate.pdf"


def _reasons(job: Job, response: Response, path: Path, progress: Progress) -> str:
    try:
        found = scored(response)
    except MissingScheme as error:
        raise ReportError("unscored") from error
    progress(5, 100)
    plan.write(plan.Sheets(response, found.sheet, found.spread, None, (), _language(job)), path, progress)
    return f"dgready-{response.round.province.code}-{response.round.year}-score.pdf"


# Papers that need more, or less, than the whole answer.
GATHERED: dict[Kind, Callable[[Job, Response, Path, Progress], str]] = {
    Kind.COMMITTEE: _committee,
    Kind.CERTIFICATE: _certificate,
    Kind.REASONS: _reasons,
}
