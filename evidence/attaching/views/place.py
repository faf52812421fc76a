"""One evidence place: see it, attach to it, mark, date, remove and put back what is attached."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.posting import post_only
from evidence import access
from evidence.attaching import actions, dates
from evidence.attaching.views.panel import EvidencePanel
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment, Mark
from survey.access import get_response
from survey.answering.actions import NotEditable

reads = allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
edits = allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)


@require_http_methods(["GET", "HEAD", "POST"])
@reads
def slot(request: SignedInRequest, pk: int, item_id: str) -> HttpResponse:
    """The place `?at=ADDRESS` of a question; POST attaches files, or a web address."""
    adding = request.method == "POST"
    response = get_response(request.user, pk, Capability.ANSWER_EDIT if adding else Capability.RESPONSE_READ)
    question, place = access.get_place(response, item_id, request.GET.get("at", ""))
    panel = EvidencePanel(request, response, question, place)
    if not adding:
        return panel.show()
    if not panel.is_editable:
        return panel.out_of_hand()
    if url := request.POST.get("url", "").strip():
        return _attach_url(panel, url)
    return _attach_files(panel, request.FILES.getlist("files"))


def _attach_url(panel: EvidencePanel, url: str) -> HttpResponse:
    panel.url_sent = url
    return panel.attempt(lambda: _attach_to_place(panel, url=url), _("เพิ่มที่อยู่เว็บแล้ว"))


def _attach_to_place(panel: EvidencePanel, **given: Any) -> actions.AttachResult:
    """Attaches to the panel's place."""
    return actions.attach_evidence(
        by=panel.request.user,
        response=panel.response,
        question=panel.question,
        address=panel.place.address,
        **given,
    )


def _attach_files(panel: EvidencePanel, files: list[UploadedFile]) -> HttpResponse:
    if not files:
        panel.problem = _("ยังไม่ได้เลือกไฟล์")
        return panel.show(422)
    done: list[actions.AttachResult] = []
    for file in files:
        try:
            done.append(_attach_to_place(panel, upload=file, name=file.name or ""))
        except EvidenceRefused as refused:
            panel.refusals.append((file.name or "", refused))
        except NotEditable:
            return panel.out_of_hand()
    note = _attached_message(done)
    if panel.refusals:
        panel.note = note
        return panel.show(422)
    return panel.done(note)


def _attached_message(done: list[actions.AttachResult]) -> str:
    new = sum(a.created for a in done)
    if done and not new:
        return _("ไฟล์นี้แนบไว้ที่ข้อนี้อยู่แล้ว")
    return ngettext("แนบไฟล์แล้ว %(n)d ไฟล์", "แนบไฟล์แล้ว %(n)d ไฟล์", new) % {"n": new} if new else ""


def _panel_of_attachment(request: SignedInRequest, pk: int, public_id: UUID) -> tuple[EvidencePanel, Attachment]:
    attachment = access.get_attachment(request.user, pk, public_id, Capability.ANSWER_EDIT)
    question = attachment.question
    _question, place = access.get_place(attachment.response, question.item_id, attachment.address)
    return EvidencePanel(request, attachment.response, question, place), attachment


def _get_mark(attachment: Attachment, mark_id: int) -> Mark:
    found = Mark.objects.filter(pk=mark_id, attachment=attachment).first()
    if found is None:
        raise Http404
    found.attachment = attachment
    return found


@post_only("evidence:listing", "pk")
@edits
def marks(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Adds a mark."""
    panel, attachment = _panel_of_attachment(request, pk, public_id)
    return _save_mark(panel, attachment, None, _("ทำเครื่องหมายแล้ว"))


@post_only("evidence:listing", "pk")
@edits
def mark(request: SignedInRequest, pk: int, public_id: UUID, mark_id: int) -> HttpResponse:
    """Changes a mark, or removes it (`delete`)."""
    panel, attachment = _panel_of_attachment(request, pk, public_id)
    standing = _get_mark(attachment, mark_id)
    if "delete" in request.POST:
        return panel.attempt(lambda: actions.delete_mark(by=request.user, mark=standing), _("ลบเครื่องหมายแล้ว"))
    return _save_mark(panel, attachment, standing, _("แก้ไขเครื่องหมายแล้ว"))


def _save_mark(panel: EvidencePanel, attachment: Attachment, standing: Mark | None, note: str) -> HttpResponse:
    sent = panel.request.POST

    def act() -> None:
        actions.save_mark(
            by=panel.request.user,
            attachment=attachment,
            pages=sent.get("pages", ""),
            quote=sent.get("quote", ""),
            mark=standing,
        )

    form = f"m{standing.pk}" if standing else f"n{attachment.public_id}"
    return panel.attempt(act, note, form, str(attachment.public_id))


@post_only("evidence:listing", "pk")
@edits
def date(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Notes the date the document bears."""
    panel, attachment = _panel_of_attachment(request, pk, public_id)

    def act() -> None:
        try:
            day = dates.parse_document_date(request.POST.get("date", ""))
        except ValueError as error:
            raise EvidenceRefused("date", _("เขียนวันที่เป็น วัน/เดือน/ปี พ.ศ. เช่น 12/6/2568")) from error
        actions.set_document_date(by=request.user, attachment=attachment, document_date=day)

    return panel.attempt(act, _("บันทึกวันที่ของเอกสารแล้ว"), f"d{public_id}", str(public_id))


@post_only("evidence:listing", "pk")
@edits
def remove(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Takes an attachment off its place."""
    panel, attachment = _panel_of_attachment(request, pk, public_id)
    return panel.attempt(
        lambda: actions.remove_attachment(by=request.user, attachment=attachment),
        _("นำ %(name)s ออกแล้ว นำกลับได้จากรายการด้านล่าง") % {"name": attachment.name},
    )


@post_only("evidence:listing", "pk")
@edits
def restore(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Puts a removed attachment back."""
    panel, attachment = _panel_of_attachment(request, pk, public_id)
    return panel.attempt(
        lambda: actions.restore_attachment(by=request.user, attachment=attachment),
        _("นำ %(name)s กลับมาแล้ว") % {"name": attachment.name},
    )
