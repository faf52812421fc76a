"""Marks of an attachment: the pages and the passage that support the answer."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dgready.thai import normalise_text
from evidence.attaching.actions.current import lock_attachment
from evidence.attaching.actions.events import record_evidence_event
from evidence.attaching.page_references import PageReferenceError, parse_page_reference
from evidence.files.refusal import EvidenceRefused
from evidence.models import MAX_QUOTE_LENGTH, Attachment, File, FileKind, Mark


def save_mark(*, by: User, attachment: Attachment, pages: str, quote: str, mark: Mark | None = None) -> Mark:
    """Adds a mark, or changes `mark`: pages and the passage there. Raises EvidenceRefused and NotEditable."""
    new = _clean_mark(attachment, pages, quote)
    with transaction.atomic():
        locked, attachment = lock_attachment(attachment)
        if mark is None:
            created = Mark.objects.create(attachment=attachment, by=by, at=timezone.now(), **new)
            record_evidence_event(by, attachment.response, locked, "evidence.mark", attachment, after=new)
            return created
        mark = Mark.objects.get(pk=mark.pk, attachment=attachment)
        old = {"pages": mark.pages, "quote": mark.quote}
        if old == new:
            return mark
        mark.pages, mark.quote, mark.by, mark.at = new["pages"], new["quote"], by, timezone.now()
        mark.save()
        record_evidence_event(by, attachment.response, locked, "evidence.mark", attachment, before=old, after=new)
        return mark


def delete_mark(*, by: User, mark: Mark) -> None:
    """Removes a mark; what it said stays in the journal. Raises NotEditable."""
    with transaction.atomic():
        locked, attachment = lock_attachment(mark.attachment)
        existing = Mark.objects.filter(pk=mark.pk).first()
        if existing is None:
            return
        old = {"pages": existing.pages, "quote": existing.quote}
        existing.delete()
        record_evidence_event(by, attachment.response, locked, "evidence.unmark", attachment, before=old)


def _clean_mark(attachment: Attachment, pages: str, quote: str) -> dict[str, str]:
    file = attachment.file
    if file is None:
        raise EvidenceRefused("url_mark", _("ที่อยู่เว็บไม่ต้องทำเครื่องหมาย"))
    quote = normalise_text(quote).replace("\x00", "").replace("\r\n", "\n").strip()
    if not quote:
        raise EvidenceRefused("quote", _("คัดข้อความในเอกสารที่สนับสนุนคำตอบมาด้วย"))
    if len(quote) > MAX_QUOTE_LENGTH:
        raise EvidenceRefused("quote", _("ข้อความยาวเกิน %(limit)d ตัวอักษร") % {"limit": MAX_QUOTE_LENGTH})
    if FileKind(file.kind).is_image:
        return {"pages": "1", "quote": quote}
    try:
        return {"pages": parse_page_reference(pages, file.pages), "quote": quote}
    except PageReferenceError as error:
        raise _page_reference_refusal(error, file) from error


def _page_reference_refusal(error: PageReferenceError, file: File) -> EvidenceRefused:
    if error.reason == "beyond" and file.pages:
        return EvidenceRefused("pages", _("เอกสารนี้มี %(pages)d หน้า") % {"pages": file.pages})
    if error.reason == "order":
        return EvidenceRefused("pages", _("เลขหน้าเริ่มที่ 1 และช่วงหน้าต้องเรียงจากน้อยไปมาก"))
    return EvidenceRefused("pages", _("ระบุหน้าเป็นตัวเลข เช่น 3 หรือ 3-5, 8"))
