"""The national report in the background: the paper and the workbook of what a reader chose."""

from __future__ import annotations

from pathlib import Path

from nation.national.job_params import job_population
from reports.content.national import gather_national_paper
from reports.documents.national import write_national_pdf
from reports.jobs.actions import ProgressReporter
from reports.jobs.making.params import job_language
from reports.models import Job, ReportKind
from reports.workbooks.national import write_national_workbook


def make_national_file(job: Job, path: Path, progress: ProgressReporter) -> str:
    """The file of a job about all provinces. Raises ReportError."""
    paper = gather_national_paper(job_population(job.params), job_language(job))
    progress(5, 100)
    if job.kind == ReportKind.NATIONAL_SHEET:
        write_national_workbook(paper, path)
        return f"{paper.file_stem}.xlsx"
    write_national_pdf(paper, path, progress)
    return f"{paper.file_stem}.pdf"
