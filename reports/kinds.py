"""What makes each kind of file: one line per kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reports.documents import result
from reports.errors import ReportError
from reports.jobs import Progress
from reports.models import Job, Kind
from reports.paper import Paper
from reports.source import gather
from reports.workbooks import dga

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
    paper = gather(job.response, str(job.params.get("language", "th")))
    progress(5, 100)
    return write(Kind(job.kind), paper, path, progress)
