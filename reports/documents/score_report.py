"""The papers "reasons of the score" and "action plan": the explanation of a score, and a plan with its actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from reports.content.imprint import response_imprint
from reports.content.pillar import pillar_title
from reports.documents.paper import Progress, no_progress, paper_html, write_paper
from reports.documents.score_tree import ScoreReport, score_tree
from scoring.headline.first_steps import FirstStep
from scoring.headline.presentation import list_estimates
from survey.instrument.queries import compiled_instrument

TEMPLATE = "reports/documents/plan.html"


def score_report_html(report: ScoreReport) -> str:
    """The document as HTML: the plan with its recommendations, or without a plan the whole explanation."""
    with translation.override(report.language):
        pillars = score_tree(report)
        title = report.plan.name if report.plan else _("เหตุผลของคะแนน")
        part = pillar_title(compiled_instrument(report.response.round.instrument), report.pillar, report.language)
        planned = {action.action.sub_pillar for action in report.actions}
        context = {
            "sheet": report.sheet,
            "span": report.spread.total,
            "pillars": pillars if report.plan is None else (),
            "advised": [s for p in pillars for s in p.subs if s.recommendations and s.score.code in planned],
            "plan": report.plan,
            "actions": report.actions,
            "language": report.language,
            "sentence": report.headline.sentence.text.to(report.language) if report.headline else "",
            "steps": [(s.text.to(report.language), s.gain.to(report.language)) for s in _first_steps(report)],
            "estimates": [one for one in list_estimates(report.sheet) if one.code in _shown_codes(report)],
        }
        imprint = response_imprint(report.response, title, report.language)
        imprint = replace(imprint, subject=" · ".join(filter(None, [imprint.subject, part])))
        return paper_html(TEMPLATE, imprint, context)


def _first_steps(report: ScoreReport) -> Sequence[FirstStep]:
    """What to do first in what is shown; a plan says itself what to do."""
    steps = report.headline.steps if report.headline and report.plan is None else ()
    return [step for step in steps if step.sub_pillar in _shown_codes(report)]


def _shown_codes(report: ScoreReport) -> set[str]:
    return {sub.code for pillar in report.shown_pillars for sub in pillar.sub_pillars}


def write_score_report_pdf(report: ScoreReport, path: Path, progress: Progress = no_progress) -> None:
    """Writes the PDF to `path`. Raises ReportError, and what `progress` raises."""
    write_paper(score_report_html(report), path, progress)
