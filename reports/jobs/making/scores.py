"""Files of a score: its reasons, an action plan."""

from __future__ import annotations

from pathlib import Path

from reports.documents.score_report import write_score_report_pdf
from reports.documents.score_tree import ScoreReport
from reports.errors import ReportError
from reports.jobs.actions import ProgressReporter
from reports.jobs.making.params import job_language, job_pillar
from reports.models import Job, ReportKind
from reports.workbooks.score_report import write_score_workbook
from scoring.engine.queries import score_response
from scoring.headline.queries import read_headline, read_year_results
from scoring.models import ActionPlan
from scoring.planning.queries import list_followed_actions
from scoring.scheme.registry import MissingScheme
from survey.models import Response


def make_score_report(job: Job, response: Response, path: Path, progress: ProgressReporter) -> str:
    """The reasons of the score, or an action plan with them, as PDF or workbook."""
    kind = ReportKind(job.kind)
    try:
        scored = score_response(response)
    except MissingScheme as error:
        raise ReportError("unscored") from error
    plan = _get_plan(job, response) if kind.is_of_plan else None
    actions = list_followed_actions(plan, response) if plan else ()
    headline = read_headline(response, read_year_results(response)) if response.is_provincial else None
    pillar = job_pillar(job) if kind is ReportKind.REASONS else ""
    report = ScoreReport(response, scored.sheet, scored.ranges, plan, actions, job_language(job), headline, pillar)
    progress(5, 100)
    name = f"dgready-{response.round.province.code}-{response.round.year}-{'plan' if plan else 'score'}"
    name += f"-p{pillar}" if pillar else ""
    if kind in (ReportKind.SCORE_SHEET, ReportKind.PLAN_SHEET):
        write_score_workbook(report, path)
        return f"{name}.xlsx"
    write_score_report_pdf(report, path, progress)
    return f"{name}.pdf"


def _get_plan(job: Job, response: Response) -> ActionPlan:
    """The plan that is asked for, else the newest one."""
    plans = ActionPlan.objects.filter(response=response, dropped_at=None).select_related("made_by")
    if job.params.get("plan"):
        plans = plans.filter(pk=job.params["plan"])
    plan = plans.order_by("-made_at", "-pk").first()
    if plan is None:
        raise ReportError("unplanned" if not job.params.get("plan") else "gone")
    return plan
