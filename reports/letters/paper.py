"""The PDF of letters: each letter on a page of its own, what it encloses after it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from reports.content.imprint import Imprint, PaperState, form_title, make_imprint
from reports.documents.paper import Progress, no_progress, paper_html, write_paper
from reports.letters.letters import LetterSet
from reports.models import LetterKind
from survey.models import Response


def letters_html(response: Response, found: LetterSet, language: str) -> str:
    """The letters as one HTML document."""
    return paper_html("reports/letters/paper.html", _imprint(response, found, language), {"letters": found.letters})


def write_letters_pdf(
    response: Response, found: LetterSet, language: str, path: Path, progress: Progress = no_progress
) -> None:
    """Writes the PDF to `path`. Raises ReportError."""
    write_paper(letters_html(response, found, language), path, progress)


def _imprint(response: Response, found: LetterSet, language: str) -> Imprint:
    """A letter has nothing to approve; but the one that sends an answer is a draft until the answer is approved."""
    with translation.override(language):
        imprint = make_imprint(
            found.kind.label_for(response.round.province.kind),
            subject=form_title(response, language),
            province=response.round.province.name,
            kind=response.round.province.kind,
            year=response.round.year,
            agency=found.agency,
            approval=found.approval if found.kind is LetterKind.COVER else None,
            language=language,
        )
        if found.kind is LetterKind.COVER:
            return imprint
        text = (
            _("ข้อความที่%(own)sแก้ไขมีเฉพาะภาษาไทย") % response.round.province.words if found.reworded else _("หนังสือราชการ")
        )
        return replace(imprint, state=PaperState.RECORD, state_text=text)
