"""What makes each kind of file: one line per kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reports.content.agenda import gather_agenda
from reports.content.certificate import gather_certificate
from reports.content.queries import gather_report
from reports.content.report import ResponseReport
from reports.documents import certificate, committee, result
from reports.documents import score_report as plan
from reports.errors import ReportError
from reports.jobs.actions import ProgressReporter
from reports.models import Job, ReportKind
from reports.workbooks import dga
from scoring.engine.queries import score_response
from scoring.scheme.registry import MissingScheme
from survey.models import Response

ReportWriter = Callable[[ResponseReport, Path, ProgressReporter], None]

REPORT_WRITERS: dict[ReportKind, tuple[str, ReportWriter]] = {
    ReportKind.RESULT: ("dgready-{name}-result.pdf", result.write_result_pdf),
    ReportKind.DGA: ("dgready-{name}-dga.xlsx", dga.write_dga_workbook),
}


def write_report(kind: ReportKind, paper: ResponseReport, path: Path, progress: ProgressReporter) -> str:
    """Writes a paper of that kind to `path`; the name it is downloaded by. Raises ReportError."""
    name, writer = REPORT_WRITERS[kind]
    writer(paper, path, progress)
    return name.format(name=paper.name)


def make_job_file(job: Job, path: Path, progress: ProgressReporter) -> str:
    """Makes the file of a job at `path`; its name. Raises ReportError, jobs.Stopped."""
    if job.response is None:
        raise ReportError("gone")
    progress(1, 100)
    if job.kind in JOB_MAKERS:
        return JOB_MAKERS[ReportKind(job.kind)](job, job.response, path, progress)
    paper = gather_report(job.response, _job_language(job))
    progress(5, 100)
    return write_report(ReportKind(job.kind), paper, path, progress)


def _job_language(job: Job) -> str:
    return str(job.params.get("language", "th"))


def _make_committee_file(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    agenda = gather_agenda(response, job.params.get("meeting"), _job_language(job))
    committee.write_committee_pdf(agenda, path, progress)
    return f"dgready-{agenda.paper.name}-committee.pdf"


def _make_certificate(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    found = gather_certificate(response, _job_language(job))
    certificate.write_certificate_pdf(found, path, progress)
    return f"dgready-{found.name}-certificate.pdf"


def _make_score_report(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    try:
        found = score_response(response)
    except MissingScheme as error:
        raise ReportError("unscored") from error
    progress(5, 100)
    plan.write_score_report_pdf(
        plan.ScoreReport(response, found.sheet, found.ranges, None, (), _job_language(job)), path, progress
    )
    return f"dgready-{response.round.province.code}-{response.round.year}-score.pdf"


# Papers that need more, or less, than the whole answer.
JOB_MAKERS: dict[ReportKind, Callable[[Job, Response, Path, ProgressReporter], str]] = {
    ReportKind.COMMITTEE: _make_committee_file,
    ReportKind.CERTIFICATE: _make_certificate,
    ReportKind.REASONS: _make_score_report,
}
