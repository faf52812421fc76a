"""Asking for files of many provinces at once: one job for each answer, as its own page would ask for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import SignedInRequest
from nation.bulk.forms import FileKind
from reports.access import accessible_report_kinds
from reports.jobs.actions import start_job
from reports.jobs.views import language_params
from reports.models import ReportKind
from survey.models import Response

# The workbook of DGA reads Thai; that of the scores speaks the reader's language.
REPORT_KINDS: Final[Mapping[str, ReportKind]] = {
    FileKind.ANSWERS: ReportKind.DGA,
    FileKind.SCORES: ReportKind.SCORE_SHEET,
}


def ask_for_files(request: SignedInRequest, year: int, codes: Collection[str], what: str) -> HttpResponse:
    """Starts the jobs and leads to the page that shows all of them; the same request gives the same jobs."""
    kind = REPORT_KINDS[what]
    params = {} if kind is ReportKind.DGA else language_params()
    answers = Response.objects.filter(agency=None, round__year=year, round__province__code__in=codes)
    answers = answers.select_related("round__province", "round__instrument").defer("round__instrument__source")
    asked = 0
    for answer in answers.order_by("round__province__sort_key"):
        if kind in accessible_report_kinds(request.user, answer):
            start_job(by=request.user, kind=kind, response=answer, params=params)
            asked += 1
    text = ngettext("ขอไฟล์ของ %(n)d จังหวัดแล้ว", "ขอไฟล์ของ %(n)d จังหวัดแล้ว", asked) % {"n": asked}
    if asked < len(codes):
        text += " " + _("จังหวัดที่ยังไม่ได้เปิดรอบของปีนี้ไม่มีไฟล์: %(n)s จังหวัด") % {"n": len(codes) - asked}
    messages.success(request, text)
    return redirect("reports:jobs")
