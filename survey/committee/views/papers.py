"""Views of a meeting's papers: making them, and the paper on the table as it was."""

from __future__ import annotations

from uuid import UUID

from django.conf import DEFAULT_STORAGE_ALIAS
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.posting import post_only
from reports.jobs import actions as jobs
from reports.jobs.views import language_params
from reports.models import ReportKind
from reports.system.views.stored_file import WantedFile, stored_file_answer
from survey.committee.queries import get_meeting_and_response
from survey.models import TabledPaper

_PAPERS = (ReportKind.AGENDA, ReportKind.COMMITTEE, ReportKind.MINUTES, ReportKind.RESOLUTIONS)
KINDS = {kind.value: kind for kind in _PAPERS}


@post_only("survey:meeting", "code", "year", "pk")
@allow(Capability.REPORT_READ)
def paper(request: SignedInRequest, code: str, year: int, pk: int) -> HttpResponse:
    """Starts the job that makes a paper of the meeting: agenda, paper for the table, minutes or resolutions.

    What the secretariat makes for the table before the conclusion (`table`) is kept as it was tabled.
    """
    meeting, response = get_meeting_and_response(request.user, code, year, pk, Capability.REPORT_READ)
    kind = KINDS.get(request.POST.get("kind", ""), ReportKind.COMMITTEE)
    params: dict[str, object] = {"meeting": meeting.pk}
    may_table = request.user.has(Capability.ENDORSE, province_id=meeting.round.province_id)
    if kind is ReportKind.COMMITTEE and "table" in request.POST and may_table and meeting.concluded_at is None:
        params["table"] = True  # and in Thai: it is kept for all members
    else:
        params |= language_params()
    job = jobs.start_job(by=request.user, kind=kind, response=response, params=params)
    return redirect("reports:job", job.public_id)


@require_safe
@allow(Capability.REPORT_READ)
def tabled(request: SignedInRequest, code: str, year: int, pk: int, public_id: UUID) -> HttpResponseBase:
    """The paper on the table, byte by byte as it was; never another than was tabled."""
    cap = Capability.REPORT_READ
    meeting, _response = get_meeting_and_response(request.user, code, year, pk, cap, called_off=True)
    kept = TabledPaper.objects.filter(meeting=meeting, public_id=public_id).first()
    if kept is None:
        raise Http404
    wanted = WantedFile(
        store=DEFAULT_STORAGE_ALIAS,
        stored=kept.stored,
        sha256=kept.sha256,
        name=f"dgready-{meeting.round.province.code}-{meeting.round.year}-tabled-{kept.sha256[:8]}.pdf",
        media_type="application/pdf",
        back=reverse("survey:meeting", args=[code, year, pk]),
        province=meeting.round.province,
        shown=True,
    )
    return stored_file_answer(request, wanted)
