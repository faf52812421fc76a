"""The national report as a paper: every block with its chart and table, section by section."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

from django.utils import translation

from nation.national.lines import list_sections
from nation.national.presentation import block_view, section_title
from reports.content.national import NationalPaper
from reports.documents.paper import Progress, no_progress, paper_html, write_paper

TEMPLATE = "reports/documents/national.html"


def national_html(paper: NationalPaper) -> str:
    """The document as HTML."""
    numbers = count(1)  # drawings on one paper must not name their fills the same
    with translation.override(paper.language):
        sections = [
            (
                section_title(section, paper.titles, paper.language),
                [
                    (f"c{next(numbers)}-", block_view(block, paper.language, by_agencies=paper.report.by_agencies))
                    for block in section.blocks
                ],
            )
            for section in list_sections(paper.report.blocks)
        ]
    context: dict[str, Any] = {
        "sections": sections,
        "counted": len(paper.report.provinces),
        "invited": paper.report.invited,
        "release": paper.release,
        "by_agencies": paper.report.by_agencies,
    }
    return paper_html(TEMPLATE, paper.imprint(), context)


def write_national_pdf(paper: NationalPaper, path: Path, progress: Progress = no_progress) -> int:
    """Writes the PDF to `path`; its pages. Raises ReportError."""
    return write_paper(national_html(paper), path, progress)
