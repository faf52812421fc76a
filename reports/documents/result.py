"""The report of a year's result, in DGA's manner."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reports.content.imprint import Imprint
from reports.content.result_report import YearResult
from reports.documents.archive import Enclosure
from reports.documents.charts import printed_bars, printed_radar
from reports.documents.paper import Progress, no_progress, paper_html, write_paper

TEMPLATE = "reports/documents/result.html"


def result_html(result: YearResult, imprint: Imprint) -> str:
    """The document as HTML."""
    context = {"result": result, "bars": printed_bars(result.pillars), "radar": printed_radar(result.pillars)}
    return paper_html(TEMPLATE, imprint, context)


def write_result_pdf(
    result: YearResult,
    imprint: Imprint,
    path: Path,
    progress: Progress = no_progress,
    enclosures: Sequence[Enclosure] = (),
) -> None:
    """Writes the PDF to `path`, with the files of an approved answer attached. Raises ReportError."""
    write_paper(result_html(result, imprint), path, progress, enclosures)
