"""The paper "for the meeting": agenda, score in brief, each sub-pillar with its draft answers, open points."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation

from reports.content.agenda import Agenda
from reports.documents.render import write_pdf
from scoring.scheme.registry import level_names

TEMPLATE = "reports/documents/committee.html"
EXPECTED = 10  # pages, for the progress bar only
LAID_OUT, DRAWN = 75, 92


def html(agenda: Agenda) -> str:
    """The document as HTML."""
    language = agenda.paper.language
    with translation.override(language):
        context = {
            "agenda": agenda,
            "paper": agenda.paper,
            "score": agenda.paper.score,
            "levels": {level: name.name.to(language) for level, name in level_names().items()},
        }
        return render_to_string(TEMPLATE, context)


def write(agenda: Agenda, path: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Writes the PDF to `path`. Raises ReportError."""

    def laid_out(number: int) -> None:
        progress(10 + (LAID_OUT - 10) * min(number, EXPECTED) // EXPECTED, 100)

    write_pdf(html(agenda), path, laid_out=laid_out, drawn=lambda: progress(DRAWN, 100))
