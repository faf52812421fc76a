"""Short papers about a province's score: the governor's one page, the KPI sheet for OPDC."""

from __future__ import annotations

from pathlib import Path

from reports.content.brief import gather_brief
from reports.content.kpi_sheet import gather_kpi_sheet
from reports.documents.brief import write_brief_pdf
from reports.documents.kpi_sheet import kpi_sheet_html
from reports.documents.paper import write_paper
from reports.jobs.actions import ProgressReporter
from reports.jobs.making.params import job_language
from reports.models import Job
from survey.models import Response


def make_brief(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """The governor's one page. Raises ReportError."""
    brief = gather_brief(response, job_language(job))
    progress(5, 100)
    write_brief_pdf(brief, path, progress)
    return f"dgready-{brief.report.name}-brief.pdf"


def make_kpi_sheet(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """The KPI sheet for OPDC. Raises ReportError."""
    html = kpi_sheet_html(*gather_kpi_sheet(response, job_language(job)))
    progress(5, 100)
    write_paper(html, path, progress)
    return f"dgready-{response.round.province.code}-{response.round.year}-kpi.pdf"
