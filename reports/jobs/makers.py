"""Which maker makes the file of which kind of report; the makers are in `making`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reports.errors import ReportError
from reports.jobs.actions import ProgressReporter
from reports.jobs.making.answers import make_form, make_report, make_result_file
from reports.jobs.making.approvals import make_certificate
from reports.jobs.making.handover import HANDOVER_FORMS, make_evidence_file
from reports.jobs.making.journal import make_journal
from reports.jobs.making.letters import make_letters
from reports.jobs.making.many import make_many_files
from reports.jobs.making.meetings import make_committee_paper, make_meeting_record
from reports.jobs.making.nation import make_national_file
from reports.jobs.making.params import printed_version
from reports.jobs.making.scores import make_score_report
from reports.jobs.making.sheets import make_brief, make_kpi_sheet
from reports.models import Job, ReportKind
from survey.models import Response

JobMaker = Callable[[Job, Response, Path, ProgressReporter], str]
"""Writes the file of a job to a path and returns its name for download. Raises ReportError, JobStopped."""

JOB_MAKERS: dict[ReportKind, JobMaker] = {
    ReportKind.RESULT: make_result_file,
    ReportKind.QUESTIONNAIRE: make_report,
    ReportKind.BLANK: make_form,
    ReportKind.ASSIGNMENTS: make_form,
    ReportKind.DGA: make_report,
    ReportKind.BRIEF: make_brief,
    ReportKind.KPI: make_kpi_sheet,
    ReportKind.JOURNAL: make_journal,
    ReportKind.LETTERS: make_letters,
    ReportKind.AGENDA: make_meeting_record,
    ReportKind.COMMITTEE: make_committee_paper,
    ReportKind.MINUTES: make_meeting_record,
    ReportKind.RESOLUTIONS: make_meeting_record,
    ReportKind.CERTIFICATE: make_certificate,
    ReportKind.REASONS: make_score_report,
    ReportKind.SCORE_SHEET: make_score_report,
    ReportKind.PLAN: make_score_report,
    ReportKind.PLAN_SHEET: make_score_report,
    **dict.fromkeys(HANDOVER_FORMS, make_evidence_file),
}


def make_job_file(job: Job, path: Path, progress: ProgressReporter) -> str:
    """Makes the file of a job at `path` and returns its name for download. Raises ReportError, JobStopped.

    `job.version` then says which approved version the file tells of, `job.message` what is to be said of it.
    """
    progress(1, 100)
    if ReportKind(job.kind).is_of_nation:
        return make_national_file(job, path, progress)
    if job.is_of_many:
        return make_many_files(job, path, progress, JOB_MAKERS[ReportKind(job.kind)])
    if job.response is None:
        raise ReportError("gone")
    job.version = printed_version(job, job.response)
    return JOB_MAKERS[ReportKind(job.kind)](job, job.response, path, progress)
