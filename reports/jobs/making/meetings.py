"""Files of a committee's meeting: the agenda, the paper on the table, the minutes, the resolutions."""

from __future__ import annotations

from pathlib import Path

from accounts.actions import NotAllowed
from dgready.stored_files import StoredFileFault
from reports.content.agenda import gather_agenda
from reports.documents.committee import AGENDA, MINUTES, RESOLUTIONS, write_committee_pdf
from reports.errors import ReportError
from reports.jobs.actions import ProgressReporter
from reports.jobs.making.params import job_language
from reports.models import Job, ReportKind
from reports.system.file_faults import report_file_fault
from survey.committee.actions.papers import table_paper
from survey.committee.papers import copy_paper
from survey.models import Meeting, Response, TabledPaper
from survey.workflow.refusal import TransitionRefused

RECORD_PAPERS = {ReportKind.AGENDA: AGENDA, ReportKind.MINUTES: MINUTES, ReportKind.RESOLUTIONS: RESOLUTIONS}


def make_committee_paper(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """The paper for the table; with `table` it is kept as tabled, and a second try gives the paper that is kept."""
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
    agenda = gather_agenda(response, job.params.get("meeting"), job_language(job))
    write_committee_pdf(agenda, path, progress)
    if job.params.get("table") and job.by is not None:
        try:
            meeting = Meeting.objects.select_related("round__province").get(pk=job.params["meeting"])
            table_paper(by=job.by, meeting=meeting, path=path, version=version, source=source)
        except (Meeting.DoesNotExist, NotAllowed, TransitionRefused) as error:
            raise ReportError("untabled") from error
    return f"dgready-{agenda.report.name}-committee.pdf"


def make_meeting_record(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """The agenda, the minutes or the resolutions of a meeting that is on record."""
    agenda = gather_agenda(response, job.params.get("meeting"), job_language(job))
    if agenda.record is None:
        raise ReportError("gone")
    write_committee_pdf(agenda, path, progress, RECORD_PAPERS[ReportKind(job.kind)])
    return f"dgready-{agenda.report.name}-{job.kind}.pdf"
