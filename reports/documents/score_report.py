"""The document "reasons of the score and action plan": the explanation of a score, and a plan with its actions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils import translation

from reports.documents.render import write_pdf
from reports.documents.score_tree import ScoreReport, score_tree

if TYPE_CHECKING:
    from reports.jobs.actions import ProgressReporter

TEMPLATE = "reports/documents/plan.html"


def score_report_html(report: ScoreReport) -> str:
    """The document as HTML: the plan with its recommendations, or without a plan the whole explanation."""
    with translation.override(report.language):
        pillars = score_tree(report)
        planned = {action.action.sub_pillar for action in report.actions}
        context = {
            "response": report.response,
            "sheet": report.sheet,
            "span": report.spread.total,
            "pillars": pillars if report.plan is None else (),
            "advised": [s for p in pillars for s in p.subs if s.recommendations and s.score.code in planned],
            "plan": report.plan,
            "actions": report.actions,
            "language": report.language,
        }
        return render_to_string(TEMPLATE, context)


def write_score_report_pdf(report: ScoreReport, path: Path, progress: ProgressReporter | None = None) -> None:
    """Writes the PDF to `path`. Raises ReportError, and JobStopped where `progress` does."""
    html = score_report_html(report)
    if progress is None:
        write_pdf(html, path)
        return
    pages = html.count("criterion") // 12 + 1  # a guess, only for the bar
    progress(15, 100)
    write_pdf(
        html,
        path,
        laid_out=lambda page: progress(20 + min(55, page * 55 // pages), 100),
        drawn=lambda: progress(90, 100),
    )
