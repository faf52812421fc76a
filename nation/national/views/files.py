"""The national report as files: PDF and workbook made in the background, CSV and JSON at once."""

from __future__ import annotations

import json

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest
from dgready.posting import post_only
from nation.national.choices import ReportChoice
from nation.national.job_params import job_params
from nation.national.views.common import AskedReport, get_asked_report
from nation.national.views.pages import reads_nation
from reports.jobs.actions import start_job
from reports.jobs.views import language_params
from reports.models import ReportKind
from reports.workbooks.national_csv import national_csv


@post_only("nation:report", "year")
@reads_nation
def make(request: SignedInRequest, year: int) -> HttpResponse:
    """Starts making the PDF or the workbook of what was chosen."""
    asked = get_asked_report(request, year, request.POST)
    kind = next((kind for kind in ReportKind if kind.is_of_nation and kind.value == request.POST.get("kind")), None)
    if kind is None:
        raise Http404
    params = job_params(asked.choice.population) | language_params()
    job = start_job(by=request.user, kind=kind, params=params)
    return redirect("reports:job", job.public_id)


@require_safe
@reads_nation
def as_csv(request: SignedInRequest, year: int) -> HttpResponse:
    """Every figure as a line of CSV."""
    asked = get_asked_report(request, year)
    return _file(asked, national_csv(asked.report), "text/csv; charset=utf-8", "csv")


@require_safe
@reads_nation
def as_json(request: SignedInRequest, year: int) -> HttpResponse:
    """The whole report as JSON."""
    asked = get_asked_report(request, year)
    content = json.dumps(asked.report.json(), ensure_ascii=False, indent=1).encode()
    return _file(asked, content, "application/json", "json")


def _file(asked: AskedReport, content: bytes, media_type: str, suffix: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{file_stem(asked.choice)}.{suffix}"'
    response["Cache-Control"] = "private, no-store"
    return response


def file_stem(choice: ReportChoice) -> str:
    """The name of a file of the report, without its suffix."""
    population = choice.population
    return "-".join(filter(None, ["dgready-national", str(population.year), population.group, population.member]))
