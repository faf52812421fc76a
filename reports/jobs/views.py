"""Views for the reports of a response: start a job, show its progress, cancel it, download its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import DEFAULT_STORAGE_ALIAS
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from accounts.access import SignedInRequest, allow
from accounts.made_once import made_once
from accounts.roles import Capability
from accounts.second_factor.gate import again_answer
from accounts.security_log.actions import record_file
from dgready.downloads import begins_file
from dgready.language import reader_language
from dgready.lazy_values import LazyValues
from dgready.middleware import mark_as_poll
from dgready.posting import post_only
from dgready.thai import format_datetime
from reports import access
from reports.handover.views.choices import handover_choices
from reports.jobs import actions as jobs
from reports.jobs import queries
from reports.jobs.addresses import files_address
from reports.jobs.choices import PaperChoice, PaperChoices
from reports.jobs.kind_texts import KIND_DESCRIPTIONS
from reports.jobs.requests import CancelOutcome, cancel_job
from reports.jobs.row_state import download_state, job_state
from reports.models import Job, JobState, ReportKind
from reports.system.views.stored_file import WantedFile, stored_file_answer
from scoring.kpi.registry import get_kpi_scheme
from survey.access import get_response, has_response_capability
from survey.models import Response

reads = allow(Capability.REPORT_READ, Capability.EXPORT)


def _response_and_kinds(request: SignedInRequest, pk: int) -> tuple[Response, list[ReportKind]]:
    """The response and the kinds of its files the person may have; Http404 when there is none."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    if not (kinds := access.accessible_report_kinds(request.user, response)):
        raise Http404
    return response, kinds


def _is_offered(kind: ReportKind, response: Response) -> bool:
    """Whether there is anything to make: a certificate of what is approved, a meeting about the province's answer."""
    if kind.is_of_meeting or kind.is_of_plan or kind.is_of_evidence or kind is ReportKind.LETTERS:
        return False
    if kind is ReportKind.CERTIFICATE:
        return response.state == Response.State.APPROVED
    if kind is ReportKind.KPI and get_kpi_scheme(response.round.year) is None:
        return False
    return response.is_provincial or not (kind.is_of_score or kind in (ReportKind.COMMITTEE, ReportKind.RESULT))


def _offered_kinds(kinds: list[ReportKind], response: Response) -> list[ReportKind]:
    """What can be made, the certificate of an approved answer first."""
    offered = [kind for kind in kinds if _is_offered(kind, response)]
    return sorted(offered, key=lambda kind: kind is not ReportKind.CERTIFICATE)


@require_safe
@reads
@never_cache
def listing(request: SignedInRequest, pk: int) -> HttpResponse:
    """The reports that can be made, those made, and who downloaded them."""
    response, kinds = _response_and_kinds(request, pk)
    response_jobs = queries.latest_jobs(response, kinds, request.user)
    choices, handover = PaperChoices(request.user, response), handover_choices(request.user, response)
    offered = tuple((kind, choices.of(kind)) for kind in _offered_kinds(kinds, response))
    downloads, more_downloads = queries.latest_downloads(response, kinds)
    context = {
        "response": response,
        "round": response.round,
        "papers": LazyValues((response.pk, offered), lambda: _papers(response, offered)),
        "jobs": response_jobs,
        "finished": LazyValues(
            tuple(map(job_state, response_jobs)), lambda: {"jobs": response_jobs, "request": request}
        ),
        "waiting": any(job.is_active for job in response_jobs),
        "taken": LazyValues(
            (tuple(map(download_state, downloads)), more_downloads),
            lambda: {"downloads": downloads, "more_downloads": more_downloads},
        ),
        "frozen": response.state == Response.State.APPROVED,
        "handover": handover,
        "panel": LazyValues(
            (response.pk, handover and handover.state), lambda: {"response": response, "handover": handover}
        ),
        "may_letters": response.is_provincial and ReportKind.LETTERS in kinds,
        "may_bulk": response.is_provincial and has_response_capability(request.user, response, Capability.ANSWER_EDIT),
    }
    return render(request, "reports/jobs/jobs.html", context)


def _papers(response: Response, offered: Iterable[tuple[ReportKind, tuple[PaperChoice, ...]]]) -> dict[str, Any]:
    """What can be made, in words of the respondent."""
    province = response.round.province
    cards = [
        {
            "value": kind.value,
            "label": kind.label_for(province.kind),
            "about": str(KIND_DESCRIPTIONS[kind]) % province.words,
            "choices": some,
        }
        for kind, some in offered
    ]
    return {"response": response, "kinds": cards}


@post_only("reports:list", "pk")
@reads
def make(request: SignedInRequest, pk: int) -> HttpResponse:
    """Starts making a report."""
    response, kinds = _response_and_kinds(request, pk)
    kind = next((k for k in kinds if k.value == request.POST.get("kind")), None)
    if kind is None or kind.is_of_evidence or (kind.is_of_score and not response.is_provincial):
        raise Http404
    choices = PaperChoices(request.user, response)
    of_whom = choices.response_of(kind, request.POST)
    params = {} if kind is ReportKind.DGA else language_params()  # DGA reads Thai
    params |= choices.params(kind, request.POST)
    job = ask_for_file(request, kind, of_whom, params)
    return redirect(f"{reverse('reports:list', args=[of_whom.pk])}#job-{job.public_id}")


def ask_for_file(request: SignedInRequest, kind: ReportKind, response: Response, params: Mapping[str, Any]) -> Job:
    """Starts the job of a file for who asks; says so where the same file is made already."""
    job = jobs.start_job(by=request.user, kind=kind, response=response, params=params)
    if kind.holds_everything:
        place = response.round.province
        record_file(request=request, by=request.user, verb="export_file", what=kind.value, province=place)
    if job.state == JobState.DONE and job.finished_at:
        when = format_datetime(timezone.localtime(job.finished_at), reader_language(), "short")
        text = _("สร้างไว้แล้วเมื่อ {when} และคำตอบยังไม่เปลี่ยน ดาวน์โหลดได้เลย")
        messages.info(request, text.format(when=when))
    return job


def language_params() -> dict[str, Any]:
    """The parameters of a job whose file speaks the reader's language; Thai needs none."""
    return {"language": "en"} if reader_language() == "en" else {}


@post_only("reports:job", "public_id")
@reads
@made_once
def again(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Starts a job of one that ended or is stuck, with all that was asked for then; a file that is made stays."""
    earlier = access.get_job(request.user, public_id)
    kind = ReportKind(earlier.kind)
    started = jobs.start_job(by=request.user, kind=kind, response=earlier.response, params=earlier.params, anew=True)
    return redirect("reports:job", started.public_id)


@require_safe
@reads
@never_cache
def job(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The progress of a job: its line for htmx, which prolongs no session, else a page of its own."""
    requested_job = access.get_job(request.user, public_id)
    if request.htmx:  # type: ignore[attr-defined]
        mark_as_poll(request)
        return render(request, "reports/jobs/_job.html", {"job": requested_job, "fragment": True})
    return render(request, "reports/jobs/job.html", {"job": requested_job, "response": requested_job.response})


@post_only("reports:job", "public_id")
@reads
def cancel(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Takes the person off a job that waits or runs; 404 for who neither asked for it nor manages the rounds."""
    requested_job = access.get_job(request.user, public_id)
    if not access.may_cancel_job(request.user, requested_job):
        raise Http404
    manages = access.manages_job(request.user, requested_job)
    outcome = cancel_job(by=request.user, job=requested_job, manages=manages)
    if outcome is CancelOutcome.ENDED:
        messages.info(request, _("งานนี้จบแล้ว จึงยกเลิกไม่ได้"))
    elif outcome is CancelOutcome.LEFT:
        messages.success(request, _("ยกเลิกคำขอของท่านแล้ว ระบบยังสร้างไฟล์ต่อเพราะมีผู้อื่นรออยู่"))
    else:
        messages.success(request, _("ยกเลิกแล้ว"))
    if request.POST.get("from") == "jobs":
        return redirect("reports:jobs")
    return redirect(files_address(requested_job))


@require_GET
@reads
def download(request: SignedInRequest, public_id: UUID) -> HttpResponseBase:
    """The file, always to be saved, never to be shown as part of this site; each download is recorded.

    One that holds everything asks for the second factor again.
    """
    requested_job = access.get_job(request.user, public_id)
    if requested_job.state != JobState.DONE:
        raise Http404
    kind = ReportKind(requested_job.kind)
    if kind.holds_everything and (asking := again_answer(request)):
        return asking
    wanted = WantedFile(
        store=DEFAULT_STORAGE_ALIAS,
        stored=requested_job.stored,
        sha256=requested_job.sha256,
        name=requested_job.file_name,
        media_type=kind.media_type,
        back=files_address(requested_job),
        province=requested_job.response.round.province if requested_job.response else None,
    )
    answer = stored_file_answer(request, wanted)
    if begins_file(answer):
        jobs.record_download(by=request.user, job=requested_job)
        if kind.holds_everything:
            record_file(
                request=request, by=request.user, verb="download_file", what=kind.value, province=wanted.province
            )
    return answer
