"""The documents of a meeting: its agenda with the draft answers in brief, its minutes, its resolutions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation

from reports.content.committee_agenda import Agenda
from reports.documents.render import write_pdf
from scoring.scheme.registry import get_level_names

AGENDA, MINUTES, RESOLUTIONS = "committee", "minutes", "resolutions"
EXPECTED_PAGES = 10  # pages, for the progress bar only
LAYOUT_PERCENT, DRAWING_PERCENT = 75, 92


def committee_html(agenda: Agenda, paper: str = AGENDA) -> str:
    """One of the documents as HTML."""
    language = agenda.report.language
    with translation.override(language):
        context = {
            "agenda": agenda,
            "report": agenda.report,
            "score": agenda.report.score,
            "levels": {level: name.name.to(language) for level, name in get_level_names().items()},
        }
        return render_to_string(f"reports/documents/{paper}.html", context)


def write_committee_pdf(
    agenda: Agenda,
    path: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    paper: str = AGENDA,
) -> None:
    """Writes the PDF to `path`. Raises ReportError."""

    def laid_out(number: int) -> None:
        progress(10 + (LAYOUT_PERCENT - 10) * min(number, EXPECTED_PAGES) // EXPECTED_PAGES, 100)

    write_pdf(committee_html(agenda, paper), path, laid_out=laid_out, drawn=lambda: progress(DRAWING_PERCENT, 100))
