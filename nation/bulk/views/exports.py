"""Asking for files of many provinces at once: one job with one progress, and one ZIP at its end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from accounts.access import SignedInRequest
from dgready.language import reader_language
from nation.bulk.forms import FileKind
from reports.jobs.many import may_have_many, start_many
from reports.models import ReportKind

REPORT_KINDS: Final[Mapping[str, ReportKind]] = {
    FileKind.ANSWERS: ReportKind.DGA,
    FileKind.SCORES: ReportKind.SCORE_SHEET,
}


def ask_for_files(request: SignedInRequest, year: int, codes: Collection[str], what: str) -> HttpResponse:
    """Starts the job and leads to its progress; the same request, while it runs, gives the same job.

    Provinces without a round are named with the file. Http404 for who may not have every province's files.
    """
    kind = REPORT_KINDS[what]
    if not may_have_many(request.user, kind):
        raise Http404
    # The workbook of DGA reads Thai; that of the scores speaks the reader's language.
    language = "th" if kind is ReportKind.DGA else reader_language()
    job = start_many(by=request.user, kind=kind, year=year, codes=codes, language=language)
    text = ngettext("กำลังรวมไฟล์ของ %(n)d จังหวัดเป็น ZIP เดียว", "กำลังรวมไฟล์ของ %(n)d จังหวัดเป็น ZIP เดียว", len(codes))
    messages.success(request, text % {"n": len(codes)})
    return redirect("reports:job", job.public_id)
