"""The governor's one page as PDF: laid out closer and closer until it is one A4 page, whatever it says."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.respondents import chief_title, kind_of_code
from dgready.shorten import shorten
from reports.content.brief import GovernorBrief
from reports.content.imprint import report_imprint
from reports.content.scorecard import ScorecardRow
from reports.documents.paper import LAYOUT_PERCENT, Progress, no_progress, paper_html
from reports.documents.render import lay_out, save_pdf
from reports.errors import ReportError

TEMPLATE = "reports/documents/brief.html"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fit:
    """How close a page is laid out: a class of the stylesheet; letters of a text, contradictions, pillars at most."""

    style: str
    letters: int
    points: int
    pillars: int = 40


FITS: Final = (
    Fit("", 260, 5),
    Fit("fit-1", 200, 4),
    Fit("fit-2", 140, 3),
    Fit("fit-3", 90, 2),
    Fit("fit-4", 60, 2, 24),
)


def brief_html(brief: GovernorBrief, fit: Fit = FITS[0]) -> str:
    """The page as HTML, laid out as close as `fit` says."""
    with translation.override(brief.report.language):
        chief = chief_title(kind_of_code(brief.report.province_code))
        imprint = report_imprint(brief.report, _("สรุปสำหรับ%(chief)s") % {"chief": chief})
    imprint = replace(imprint, subject=shorten(imprint.subject, fit.letters))
    shown = [replace(p, text=shorten(p.text, fit.letters)) for p in brief.contradictions[: fit.points]]
    context = {
        "brief": brief,
        "score": brief.score,
        "result": brief.result,
        "official_pillars": _official_pillars(brief),
        "fit": fit.style,
        "steps": [(shorten(text, fit.letters), gain) for text, gain in brief.score.steps],
        "pillars": [_fitted(row, fit) for row in brief.score.pillars[: fit.pillars]],
        "more_pillars": max(len(brief.score.pillars) - fit.pillars, 0),
        "contradictions": shown,
        "more_contradictions": len(brief.contradictions) - len(shown),
        "kinds": brief.open_kinds,
        "kpi_steps": [replace(step, name=shorten(step.name, fit.letters // 2)) for step in brief.kpi_steps],
    }
    return paper_html(TEMPLATE, imprint, context)


def _official_pillars(brief: GovernorBrief) -> dict[str, Decimal]:
    """The published scores of the pillars, by code, to stand beside the estimates; none before they are published."""
    return {row.code: row.own for row in brief.result.pillars if brief.result.published and row.own is not None}


def _fitted(row: ScorecardRow, fit: Fit) -> ScorecardRow:
    return replace(row, name=shorten(row.name, fit.letters // 2))


def write_brief_pdf(brief: GovernorBrief, path: Path, progress: Progress = no_progress) -> None:
    """Writes the one page to `path`. Raises ReportError, also where it does not go on one page."""
    for number, fit in enumerate(FITS):
        progress(10 + (LAYOUT_PERCENT - 10) * number // len(FITS), 100)
        document = lay_out(brief_html(brief, fit))
        if len(document.pages) == 1:
            save_pdf(document, path)
            return
    log.error("a brief has %s pages", len(document.pages))
    raise ReportError("making")
