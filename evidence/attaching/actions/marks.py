"""Marks of an attachment: the pages and the passage that support the answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dgready.typed.characters import clean_lines
from dgready.typed.pages import MESSAGES as PAGE_MESSAGES
from dgready.typed.pages import read_pages
from dgready.typed.result import Refusal
from evidence.attaching.actions.current import lock_attachment
from evidence.attaching.actions.typed import require_understood
from evidence.events import record_evidence_event
from evidence.files.refusal import EvidenceRefused
from evidence.models import MAX_QUOTE_LENGTH, Attachment, FileKind, Mark
from survey.models import Event


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


def delete_mark(*, by: User, mark: Mark) -> Event | None:
    """Removes a mark; its event holds what `restore_mark` needs. None where it was gone already. Raises NotEditable."""
    with transaction.atomic():
        locked, attachment = lock_attachment(mark.attachment)
        existing = Mark.objects.filter(pk=mark.pk).first()
        if existing is None:
            return None
        old = {"pages": existing.pages, "quote": existing.quote}
        made = {"by": existing.by_id, "at": existing.at.isoformat()}
        existing.delete()
        return record_evidence_event(
            by, attachment.response, locked, "evidence.unmark", attachment, before=old, more={"mark": made}
        )


def restore_mark(*, by: User, attachment: Attachment, removal: Event) -> Mark:
    """Brings a removed mark back as it was; `removal`: the event of its removal.

    Raises EvidenceRefused where the same is marked, and NotEditable.
    """
    old, made = removal.data["before"], removal.data.get("mark", {})
    with transaction.atomic():
        locked, attachment = lock_attachment(attachment)
        if Mark.objects.filter(attachment=attachment, **old).exists():
            raise EvidenceRefused("standing", _("เครื่องหมายเดียวกันมีอยู่แล้ว"))
        who = {"by_id": made.get("by", removal.by_id), "at": datetime.fromisoformat(made["at"]) if made else removal.at}
        mark = Mark.objects.create(attachment=attachment, **old, **who)
        record_evidence_event(by, attachment.response, locked, "evidence.remark", attachment, after=old)
        return mark


def _clean_mark(attachment: Attachment, pages: str, quote: str) -> dict[str, str]:
    file = attachment.file
    if file is None:
        raise EvidenceRefused("url_mark", _("ที่อยู่เว็บไม่ต้องทำเครื่องหมาย"))
    quote = clean_lines(quote)
    if not quote:
        raise EvidenceRefused("quote", _("คัดข้อความในเอกสารที่สนับสนุนคำตอบมาด้วย"))
    if len(quote) > MAX_QUOTE_LENGTH:
        raise EvidenceRefused("quote", _("ข้อความยาวเกิน %(limit)d ตัวอักษร") % {"limit": MAX_QUOTE_LENGTH})
    if FileKind(file.kind).is_image:
        return {"pages": "1", "quote": quote}
    understood = read_pages(pages, last=file.pages) or Refusal("form", PAGE_MESSAGES["form"])
    return {"pages": require_understood("pages", understood), "quote": quote}
