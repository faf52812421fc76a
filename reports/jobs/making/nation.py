"""The national report in the background: the paper and the workbook of what a reader chose."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nation.facts.types import Population
from reports.content.national import gather_national_paper
from reports.documents.national import write_national_pdf
from reports.jobs.actions import ProgressReporter
from reports.jobs.making.params import job_language
from reports.models import Job, ReportKind
from reports.workbooks.national import write_national_workbook


def job_params(population: Population) -> dict[str, Any]:
    """The parameters of a job about a population."""
    told = {"group": population.group, "member": population.member, "submitted": population.submitted}
    return {"year": population.year, **{name: value for name, value in told.items() if value}}


def job_population(params: Mapping[str, Any]) -> Population:
    """The population that the parameters of a job tell."""
    return Population(
        year=int(params["year"]),
        group=str(params.get("group", "")),
        member=str(params.get("member", "")),
        submitted=bool(params.get("submitted")),
    )


def make_national_file(job: Job, path: Path, progress: ProgressReporter) -> str:
    """The file of a job about all provinces. Raises ReportError."""
    paper = gather_national_paper(job_population(job.params), job_language(job))
    progress(5, 100)
    if job.kind == ReportKind.NATIONAL_SHEET:
        write_national_workbook(paper, path)
        return f"{paper.file_stem}.xlsx"
    write_national_pdf(paper, path, progress)
    return f"{paper.file_stem}.pdf"
