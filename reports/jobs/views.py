"""Views for the reports of a response: start a job, show its progress, cancel it, download its file."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.conf import DEFAULT_STORAGE_ALIAS
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.posting import post_only
from reports import access
from reports.jobs import actions as jobs
from reports.jobs import queries
from reports.models import JobState, ReportKind
from reports.system.views.stored_file import WantedFile, stored_file_answer
from survey.access import get_response
from survey.models import Response

reads = allow(Capability.REPORT_READ, Capability.EXPORT)

KIND_DESCRIPTIONS = {
    ReportKind.RESULT: gettext_lazy("คะแนน คำตอบทุกข้อ และรายการหลักฐาน จัดหน้าสำหรับพิมพ์"),
    ReportKind.DGA: gettext_lazy("คำตอบทุกข้อแยกแผ่นงานตามตัวชี้วัด รายการทั้งหมด และคะแนน"),
    ReportKind.COMMITTEE: gettext_lazy("คำตอบร่างโดยย่อ สิ่งที่เปลี่ยนจากปีก่อน รายการค้าง และคะแนนประมาณการ สำหรับโต๊ะประชุม"),
    ReportKind.MINUTES: gettext_lazy("ผู้เข้าประชุม ผู้มาแทน ความเห็นของกรรมการ มติรายตัวชี้วัดย่อย และการแก้ไขรายงาน"),
    ReportKind.RESOLUTIONS: gettext_lazy("มติรายตัวชี้วัดย่อย ผลของการประชุม และองค์ประชุม สำหรับแจ้งหน่วยงาน"),
    ReportKind.REASONS: gettext_lazy("นับอะไรแล้ว ไม่นับอะไรเพราะอะไร และที่มาของทุกเกณฑ์ พร้อมช่วงคะแนนที่เป็นไปได้"),
    ReportKind.SCORE_SHEET: gettext_lazy("คะแนนและเหตุผลทุกเกณฑ์เป็นตาราง พร้อมข้อเสนอแนะ สำหรับคำนวณหรือกรองต่อ"),
    ReportKind.CERTIFICATE: gettext_lazy("หน้าเดียวพร้อมรหัส QR สำหรับตรวจสอบ ลงลายมือชื่ออิเล็กทรอนิกส์เมื่อตั้งใบรับรองไว้"),
}


def _response_and_kinds(request: SignedInRequest, pk: int) -> tuple[Response, list[ReportKind]]:
    """The response and the kinds of its files the person may have; Http404 when there is none."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    if not (kinds := access.accessible_report_kinds(request.user, response)):
        raise Http404
    return response, kinds


def _is_offered(kind: ReportKind, response: Response) -> bool:
    """Whether there is anything to make: a certificate of what is approved, a meeting about the province's answer."""
    if kind.is_of_meeting or kind.is_of_plan:
        return False
    if kind is ReportKind.CERTIFICATE:
        return response.state == Response.State.APPROVED
    return response.is_provincial or not (kind.is_of_score or kind is ReportKind.COMMITTEE)


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
    response_jobs = list(queries.latest_jobs(response, kinds))
    context = {
        "response": response,
        "round": response.round,
        "kinds": [(kind, KIND_DESCRIPTIONS[kind]) for kind in _offered_kinds(kinds, response)],
        "jobs": response_jobs,
        "waiting": any(job.is_active for job in response_jobs),
        "downloads": queries.latest_downloads(response, kinds),
        "frozen": response.state == Response.State.APPROVED,
    }
    return render(request, "reports/jobs/jobs.html", context)


@post_only("reports:list", "pk")
@reads
def make(request: SignedInRequest, pk: int) -> HttpResponse:
    """Starts making a report."""
    response, kinds = _response_and_kinds(request, pk)
    kind = next((k for k in kinds if k.value == request.POST.get("kind")), None)
    if kind is None or (kind.is_of_score and not response.is_provincial):
        raise Http404
    params = language_params() if kind.is_of_score else {}
    job = jobs.start_job(by=request.user, kind=kind, response=response, params=params)
    return redirect(f"{reverse('reports:list', args=[pk])}#job-{job.public_id}")


def language_params() -> dict[str, str]:
    """The parameters of a job whose file speaks the reader's language; Thai needs none."""
    return {"language": "en"} if reader_language() == "en" else {}


@post_only("reports:job", "public_id")
@reads
def again(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Starts a job of one that failed, was cancelled or is stuck, with all that was asked for then."""
    earlier = access.get_job(request.user, public_id)
    started = jobs.start_job(
        by=request.user, kind=ReportKind(earlier.kind), response=earlier.response, params=earlier.params
    )
    return redirect("reports:job", started.public_id)


@require_safe
@reads
@never_cache
def job(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The progress of a job: its line for htmx, else a page of its own."""
    requested_job = access.get_job(request.user, public_id)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "reports/jobs/_job.html", {"job": requested_job, "fragment": True})
    return render(request, "reports/jobs/job.html", {"job": requested_job, "response": requested_job.response})


@post_only("reports:job", "public_id")
@reads
def cancel(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Cancels a job that waits or runs."""
    requested_job = access.get_job(request.user, public_id)
    if jobs.cancel_job(by=request.user, job=requested_job):
        messages.success(request, _("ยกเลิกแล้ว"))
    else:
        messages.info(request, _("งานนี้จบแล้ว จึงยกเลิกไม่ได้"))
    return redirect("reports:list", requested_job.response_id)


@require_GET
@reads
def download(request: SignedInRequest, public_id: UUID) -> HttpResponseBase:
    """The file, always to be saved, never to be shown as part of this site; each download is recorded."""
    requested_job = access.get_job(request.user, public_id)
    if requested_job.state != JobState.DONE:
        raise Http404
    wanted = WantedFile(
        store=DEFAULT_STORAGE_ALIAS,
        stored=requested_job.stored,
        sha256=requested_job.sha256,
        name=requested_job.file_name,
        media_type=ReportKind(requested_job.kind).media_type,
        back=reverse("reports:list", args=[requested_job.response_id]),
        province=requested_job.response.round.province if requested_job.response else None,
    )
    answer = stored_file_answer(request, wanted)
    if answer.status_code == HTTPStatus.OK:
        jobs.record_download(by=request.user, job=requested_job)
    return answer
