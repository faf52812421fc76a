"""Files of evidence: binder, bundle and index of all or a part."""

from __future__ import annotations

from pathlib import Path

from reports.handover.gathering import gather_package
from reports.handover.package import Scope
from reports.handover.writers import write_package
from reports.jobs.actions import ProgressReporter
from reports.jobs.making.params import job_language
from reports.models import Job, ReportKind
from survey.models import Response

HANDOVER_FORMS = {
    ReportKind.BINDER: "binder.pdf",
    ReportKind.BUNDLE: "bundle.zip",
    ReportKind.INDEX: "index.pdf",
    ReportKind.INDEX_SHEET: "index.xlsx",
}


def make_evidence_file(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """The binder, bundle or index of the part that was asked for."""
    scope = Scope(pillar=str(job.params.get("pillar", "")), question=str(job.params.get("question", "")))
    package = gather_package(response, scope, job_language(job))
    return write_package(HANDOVER_FORMS[ReportKind(job.kind)], package, path, progress, response.round.province)
