"""Files of answers: the result of a year, the questionnaire, the workbook for DGA, the blank form, assignments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from accounts.models import Province
from reports.content.queries import gather_report
from reports.content.report import ResponseReport
from reports.content.results import gather_result_and_answers
from reports.documents.agency_papers import assignments_html, blank_html
from reports.documents.paper import write_paper
from reports.documents.questionnaire import write_questionnaire_pdf
from reports.documents.result import write_result_pdf
from reports.enclosures import gather_enclosures
from reports.jobs.actions import ProgressReporter
from reports.jobs.making.params import job_agency, job_language, job_pillar, job_version
from reports.models import Job, ReportKind
from reports.workbooks.dga import write_dga_workbook
from survey.models import Response

ReportWriter = Callable[[ResponseReport, Path, ProgressReporter], None]

REPORT_WRITERS: dict[ReportKind, tuple[str, ReportWriter]] = {
    ReportKind.QUESTIONNAIRE: ("dgready-{name}-questionnaire.pdf", write_questionnaire_pdf),
    ReportKind.DGA: ("dgready-{name}-dga.xlsx", write_dga_workbook),
}


def make_report(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """All that is answered, as PDF or as workbook for DGA. Raises ReportError."""
    pillar = job_pillar(job) if job.kind == ReportKind.QUESTIONNAIRE else ""
    report = gather_report(response, job_language(job), job_version(job), pillar)
    progress(5, 100)
    return write_report(ReportKind(job.kind), report, path, progress)


def write_report(kind: ReportKind, report: ResponseReport, path: Path, progress: ProgressReporter) -> str:
    """Writes a report of that kind to `path` and returns its file name for download. Raises ReportError."""
    name_pattern, writer = REPORT_WRITERS[kind]
    writer(report, path, progress)
    return name_pattern.format(name=report.name)


def make_result_file(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """The result of the response's year, or of another year of its province."""
    province, year = response.round.province, int(job.params.get("year") or response.round.year)
    name, job.version = make_result(province, year, job_language(job), path, progress, job_version(job))
    return name


def make_result(
    province: Province, year: int, language: str, path: Path, progress: ProgressReporter, number: int | None = None
) -> tuple[str, int | None]:
    """Writes the result of a province's year to `path`; its file name, and the approved version it tells of.

    That of an approved answer is an archive with the answer in it. Raises ReportError.
    """
    result, imprint, report = gather_result_and_answers(province, year, language, number)
    approval = report.approval if report else None
    enclosures = gather_enclosures(province, report) if report and approval else ()
    progress(5, 100)
    write_result_pdf(result, imprint, path, progress, enclosures)
    return f"dgready-{province.code}-{year}-result.pdf", approval.number if approval else None


def make_form(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """The blank form or the list of assignments, whole or the part of an agency."""
    agency = job_agency(job, response)
    make_html = blank_html if job.kind == ReportKind.BLANK else assignments_html
    pillar = job_pillar(job)
    html = make_html(response, agency, job_language(job), pillar)
    progress(5, 100)
    write_paper(html, path, progress)
    whose, part = agency.code if agency else "", f"p{pillar}" if pillar else ""
    parts = [response.round.province.code, str(response.round.year), whose, part, job.kind]
    return f"dgready-{'-'.join(one for one in parts if one)}.pdf"
