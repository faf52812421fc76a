"""Views for one evidence place: show, attach, mark, date, remove and restore."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import localize_text
from dgready.posting import post_only
from dgready.store_away import StoreAwayError, ask_to_retry, store_away_text
from dgready.typed.dates import read_date
from dgready.typed.result import Refusal
from evidence import access
from evidence.attaching import actions
from evidence.attaching.views.panel import EvidencePanel
from evidence.attaching.views.undoing import mark_removal, read_undo, undo_removal, undo_unmarking
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment, Mark
from evidence.placing.views.choices import place_chosen
from survey.access import get_response
from survey.answering.actions import NotEditable

reads = allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
edits = allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)


@require_http_methods(["GET", "HEAD", "POST"])
@reads
def slot(request: SignedInRequest, pk: int, item_id: str) -> HttpResponse:
    """The place `?at=ADDRESS` of a question; POST attaches files, a web address, or a document of the library."""
    adding = request.method == "POST"
    response = get_response(request.user, pk, Capability.ANSWER_EDIT if adding else Capability.RESPONSE_READ)
    question, place = access.get_place(response, item_id, request.GET.get("at", ""))
    panel = EvidencePanel(request, response, question, place)
    if not adding:
        panel.undo = read_undo(response, place.address, request.GET)
        return panel.show()
    if not panel.is_editable:
        return panel.not_editable()
    if chosen := request.POST.get("document", ""):
        return place_chosen(panel, chosen)
    if url := request.POST.get("url", "").strip():
        return _attach_url(panel, url)
    return _attach_files(panel, request.FILES.getlist("files"))


def _attach_url(panel: EvidencePanel, url: str) -> HttpResponse:
    panel.url_sent = url

    def attach() -> None:
        panel.say_understood(url, _attach_to_place(panel, url=url).attachment.url or "")

    return panel.attempt(attach, _("เพิ่มที่อยู่เว็บแล้ว"))


def _attach_to_place(panel: EvidencePanel, **content: Any) -> actions.AttachResult:
    """Attaches to the panel's place."""
    return actions.attach_evidence(
        by=panel.request.user,
        response=panel.response,
        question=panel.question,
        address=panel.place.address,
        **content,
    )


def _attach_files(panel: EvidencePanel, files: list[UploadedFile]) -> HttpResponse:
    if not files:
        panel.problem = _("ยังไม่ได้เลือกไฟล์")
        return panel.show(422)
    results: list[actions.AttachResult] = []
    for file in files:
        try:
            results.append(_attach_to_place(panel, upload=file, name=file.name or ""))
        except EvidenceRefused as refused:
            panel.refusals.append((file.name or "", refused))
        except StoreAwayError:
            return _ask_to_attach_again(panel, results, files[len(results) + len(panel.refusals) :])
        except NotEditable:
            return panel.not_editable()
    message = _attached_message(results)
    if panel.refusals:
        panel.notice = message
        return panel.show(422)
    return panel.saved(message)


def _ask_to_attach_again(
    panel: EvidencePanel, results: list[actions.AttachResult], files: list[UploadedFile]
) -> HttpResponse:
    """The panel with the files that the store did not take, 503; those before them are attached."""
    panel.refusals += [(file.name or "", EvidenceRefused("store", store_away_text())) for file in files]
    panel.notice = _attached_message(results)
    return ask_to_retry(panel.show(503))


def _attached_message(results: list[actions.AttachResult]) -> str:
    new = sum(a.created for a in results)
    if results and not new:
        return _("ไฟล์นี้แนบไว้ที่ข้อนี้อยู่แล้ว")
    if not new:
        return ""
    message = ngettext("แนบไฟล์แล้ว %(n)d ไฟล์", "แนบไฟล์แล้ว %(n)d ไฟล์", new) % {"n": new}
    if any(a.converted for a in results):
        message += " " + _("ภาพ HEIC เก็บเป็น JPEG เพื่อให้ทุกคนเปิดดูได้")
    return message


def panel_of_attachment(request: SignedInRequest, pk: int, public_id: UUID) -> tuple[EvidencePanel, Attachment]:
    """The panel of an attachment that the person may change, and the attachment; Http404."""
    attachment = access.get_attachment(request.user, pk, public_id, Capability.ANSWER_EDIT)
    question = attachment.question
    _question, place = access.get_place(attachment.response, question.item_id, attachment.address)
    return EvidencePanel(request, attachment.response, question, place), attachment


def _get_mark(attachment: Attachment, mark_id: int) -> Mark:
    mark = Mark.objects.filter(pk=mark_id, attachment=attachment).first()
    if mark is None:
        raise Http404
    mark.attachment = attachment
    return mark


@post_only("evidence:listing", "pk")
@edits
def marks(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Adds a mark."""
    panel, attachment = panel_of_attachment(request, pk, public_id)
    return _save_mark(panel, attachment, None, _("ทำเครื่องหมายแล้ว"))


@post_only("evidence:listing", "pk")
@edits
def mark(request: SignedInRequest, pk: int, public_id: UUID, mark_id: int) -> HttpResponse:
    """Changes a mark, or removes it (`delete`)."""
    panel, attachment = panel_of_attachment(request, pk, public_id)
    existing = _get_mark(attachment, mark_id)
    if "delete" not in request.POST:
        return _save_mark(panel, attachment, existing, _("แก้ไขเครื่องหมายแล้ว"))

    def delete() -> None:
        removal = actions.delete_mark(by=request.user, mark=existing)
        panel.undo = undo_unmarking(attachment, removal) if removal else None

    return panel.attempt(delete, _("ลบเครื่องหมายแล้ว"))


@post_only("evidence:listing", "pk")
@edits
def mark_restore(request: SignedInRequest, pk: int, public_id: UUID, number: int) -> HttpResponse:
    """Brings a removed mark back; `number`: the event of its removal."""
    panel, attachment = panel_of_attachment(request, pk, public_id)
    removal = mark_removal(attachment.response, str(number), attachment)
    if removal is None:
        raise Http404
    return panel.attempt(
        lambda: actions.restore_mark(by=request.user, attachment=attachment, removal=removal),
        _("นำเครื่องหมายกลับมาแล้ว"),
    )


def _save_mark(panel: EvidencePanel, attachment: Attachment, existing: Mark | None, message: str) -> HttpResponse:
    sent = panel.request.POST

    def save() -> None:
        saved = actions.save_mark(
            by=panel.request.user,
            attachment=attachment,
            pages=sent.get("pages", ""),
            quote=sent.get("quote", ""),
            areas=sent.get("areas", existing.areas if existing else ""),
            note=sent.get("note", existing.note if existing else ""),
            mark=existing,
        )
        panel.say_understood(sent.get("pages", ""), saved.pages)

    form_id = f"m{existing.pk}" if existing else f"n{attachment.public_id}"
    return panel.attempt(save, message, form_id, str(attachment.public_id))


@post_only("evidence:listing", "pk")
@edits
def date(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Records the date printed on the document."""
    panel, attachment = panel_of_attachment(request, pk, public_id)

    def save() -> None:
        result = read_date(request.POST.get("date", ""), near=timezone.localdate())
        if isinstance(result, Refusal):
            raise EvidenceRefused("date", localize_text(result.reason))
        document_date = result.value if result else None
        actions.set_document_date(by=request.user, attachment=attachment, document_date=document_date)

    return panel.attempt(save, _("บันทึกวันที่ของเอกสารแล้ว"), f"d{public_id}", str(public_id))


@post_only("evidence:listing", "pk")
@edits
def remove(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Removes an attachment from its place."""
    panel, attachment = panel_of_attachment(request, pk, public_id)

    def remove_it() -> None:
        actions.remove_attachment(by=request.user, attachment=attachment)
        panel.undo = undo_removal(attachment)

    return panel.attempt(remove_it, _("นำหลักฐานออกแล้ว"))


@post_only("evidence:listing", "pk")
@edits
def restore(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Restores a removed attachment."""
    panel, attachment = panel_of_attachment(request, pk, public_id)
    return panel.attempt(
        lambda: actions.restore_attachment(by=request.user, attachment=attachment),
        _("นำ %(name)s กลับมาแล้ว") % {"name": attachment.name},
    )
