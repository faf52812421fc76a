"""The makers of job files, one per kind of report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from accounts.actions import NotAllowed
from accounts.roles import Capability
from dgready.stored_files import StoredFileFault
from reports.content.agenda import gather_agenda
from reports.content.certificate import gather_certificate
from reports.content.queries import gather_report
from reports.content.report import ResponseReport
from reports.documents.certificate import write_certificate_pdf
from reports.documents.committee import MINUTES, RESOLUTIONS, write_committee_pdf
from reports.documents.result import write_result_pdf
from reports.documents.score_report import write_score_report_pdf
from reports.documents.score_tree import ScoreReport
from reports.errors import ReportError
from reports.jobs.actions import ProgressReporter
from reports.models import Job, ReportKind
from reports.system.file_faults import report_file_fault
from reports.workbooks.dga import write_dga_workbook
from reports.workbooks.score_report import write_score_workbook
from scoring.engine.queries import score_response
from scoring.models import ActionPlan
from scoring.planning.queries import list_followed_actions
from scoring.scheme.registry import MissingScheme
from survey.committee.actions.papers import table_paper
from survey.committee.papers import copy_paper
from survey.models import Meeting, Response, TabledPaper
from survey.workflow.refusal import TransitionRefused

ReportWriter = Callable[[ResponseReport, Path, ProgressReporter], None]

REPORT_WRITERS: dict[ReportKind, tuple[str, ReportWriter]] = {
    ReportKind.RESULT: ("dgready-{name}-result.pdf", write_result_pdf),
    ReportKind.DGA: ("dgready-{name}-dga.xlsx", write_dga_workbook),
}


def write_report(kind: ReportKind, report: ResponseReport, path: Path, progress: ProgressReporter) -> str:
    """Writes a report of that kind to `path` and returns its file name for download. Raises ReportError."""
    name_pattern, writer = REPORT_WRITERS[kind]
    writer(report, path, progress)
    return name_pattern.format(name=report.name)


def make_job_file(job: Job, path: Path, progress: ProgressReporter) -> str:
    """Makes the file of a job at `path` and returns its name for download. Raises ReportError, JobStopped."""
    if job.response is None:
        raise ReportError("gone")
    progress(1, 100)
    if job.kind in JOB_MAKERS:
        return JOB_MAKERS[ReportKind(job.kind)](job, job.response, path, progress)
    report = gather_report(job.response, _job_language(job))
    progress(5, 100)
    return write_report(ReportKind(job.kind), report, path, progress)


def _job_language(job: Job) -> str:
    return str(job.params.get("language", "th"))


def _make_committee_file(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """The agenda; with `table` it is kept as the paper on the table, and a second try gives the paper that is kept."""
    source = f"job:{job.public_id}"
    kept = TabledPaper.objects.filter(source=source).first()
    if kept is not None:
        try:
            copy_paper(kept, path)
        except StoredFileFault as fault:
            name = f"dgready-{response.round.province.code}-{response.round.year}-tabled.pdf"
            report_file_fault(fault, what=name, province=response.round.province)
            raise ReportError("altered") from fault
        return f"dgready-{response.round.province.code}-{response.round.year}-tabled.pdf"
    version = Response.objects.values_list("version", flat=True).get(pk=response.pk)  # before the answers are read
    agenda = gather_agenda(
        response, job.params.get("meeting"), _job_language(job), opinions=_reads_opinions(job, response)
    )
    write_committee_pdf(agenda, path, progress)
    if job.params.get("table") and job.by is not None:
        try:
            meeting = Meeting.objects.select_related("round__province").get(pk=job.params["meeting"])
            table_paper(by=job.by, meeting=meeting, path=path, version=version, source=source)
        except (Meeting.DoesNotExist, NotAllowed, TransitionRefused) as error:
            raise ReportError("untabled") from error
    return f"dgready-{agenda.report.name}-committee.pdf"


def _make_meeting_file(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    agenda = gather_agenda(
        response, job.params.get("meeting"), _job_language(job), opinions=_reads_opinions(job, response)
    )
    if agenda.record is None:
        raise ReportError("gone")
    write_committee_pdf(agenda, path, progress, MINUTES if job.kind == ReportKind.MINUTES else RESOLUTIONS)
    return f"dgready-{agenda.report.name}-{job.kind}.pdf"


def _reads_opinions(job: Job, response: Response) -> bool:
    """Whether who asked may read what members think before the meeting is concluded."""
    return job.by is not None and job.by.has(Capability.ENDORSE, province_id=response.round.province_id)


def _make_certificate(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    certificate = gather_certificate(response, _job_language(job))
    write_certificate_pdf(certificate, path, progress)
    return f"dgready-{certificate.name}-certificate.pdf"


def _make_score_report(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """The reasons of the score, or an action plan with them, as PDF or workbook."""
    kind = ReportKind(job.kind)
    try:
        scored = score_response(response)
    except MissingScheme as error:
        raise ReportError("unscored") from error
    plan = _get_plan(job, response) if kind.is_of_plan else None
    actions = list_followed_actions(plan, response) if plan else ()
    report = ScoreReport(response, scored.sheet, scored.ranges, plan, actions, _job_language(job))
    progress(5, 100)
    name = f"dgready-{response.round.province.code}-{response.round.year}-{'plan' if plan else 'score'}"
    if kind in (ReportKind.SCORE_SHEET, ReportKind.PLAN_SHEET):
        write_score_workbook(report, path)
        return f"{name}.xlsx"
    write_score_report_pdf(report, path, progress)
    return f"{name}.pdf"


def _get_plan(job: Job, response: Response) -> ActionPlan:
    plans = ActionPlan.objects.filter(response=response, pk=job.params.get("plan"), dropped_at=None)
    plan = plans.select_related("made_by").first()
    if plan is None:
        raise ReportError("gone")
    return plan


# Reports that need more, or less, than the whole answer.
JOB_MAKERS: dict[ReportKind, Callable[[Job, Response, Path, ProgressReporter], str]] = {
    ReportKind.COMMITTEE: _make_committee_file,
    ReportKind.MINUTES: _make_meeting_file,
    ReportKind.RESOLUTIONS: _make_meeting_file,
    ReportKind.CERTIFICATE: _make_certificate,
    ReportKind.REASONS: _make_score_report,
    ReportKind.SCORE_SHEET: _make_score_report,
    ReportKind.PLAN: _make_score_report,
    ReportKind.PLAN_SHEET: _make_score_report,
}
