"""Marks of an attachment: the pages and the passage that support the answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dgready.typed.characters import clean_line, clean_lines
from dgready.typed.pages import MESSAGES as PAGE_MESSAGES
from dgready.typed.pages import read_pages
from dgready.typed.result import Refusal
from evidence.attaching.actions.confirm import confirm_by_change
from evidence.attaching.actions.current import lock_attachment
from evidence.attaching.actions.typed import require_understood
from evidence.attaching.actions.verdicts import withdraw_verdict
from evidence.attaching.areas import read_areas, write_areas
from evidence.checking.actions import state_of_new_mark
from evidence.events import mark_state, record_evidence_event
from evidence.files.refusal import EvidenceRefused
from evidence.models import MAX_QUOTE_LENGTH, MAX_REASON_LENGTH, Attachment, FileKind, Mark
from survey.models import Event


def save_mark(
    *,
    by: User,
    attachment: Attachment,
    pages: str,
    quote: str,
    areas: str = "",
    note: str = "",
    mark: Mark | None = None,
) -> Mark:
    """Adds a mark, or changes `mark`: pages and the passage there, or rectangles (evidence.attaching.areas) or a note.

    Carried evidence is confirmed with it, where nothing stands against that. Raises EvidenceRefused and NotEditable.
    """
    new = _clean_mark(attachment, pages, quote, areas, note)
    with transaction.atomic():
        locked, attachment = lock_attachment(attachment)
        if mark is None:
            state = _state(attachment, new)
            created = Mark.objects.create(attachment=attachment, by=by, at=timezone.now(), state=state, **new)
            after = mark_state(created)
            record_evidence_event(by, attachment.response, locked, "evidence.mark", attachment, after=after)
            withdraw_verdict(by, locked, attachment)
            confirm_by_change(by, locked, attachment)
            return created
        mark = Mark.objects.get(pk=mark.pk, attachment=attachment)
        if all(getattr(mark, name) == value for name, value in new.items()):
            return mark
        before = mark_state(mark)
        mark.by, mark.at, mark.state = by, timezone.now(), _state(attachment, new)
        for name, value in new.items():
            setattr(mark, name, value)
        mark.save()
        after = mark_state(mark)
        record_evidence_event(by, attachment.response, locked, "evidence.mark", attachment, before=before, after=after)
        withdraw_verdict(by, locked, attachment)
        confirm_by_change(by, locked, attachment)
        return mark


def delete_mark(*, by: User, mark: Mark) -> Event | None:
    """Removes a mark; its event holds what `restore_mark` needs. None where it was gone already. Raises NotEditable."""
    with transaction.atomic():
        locked, attachment = lock_attachment(mark.attachment)
        existing = Mark.objects.filter(pk=mark.pk).first()
        if existing is None:
            return None
        old = mark_state(existing)
        made = {"by": existing.by_id, "at": existing.at.isoformat()}
        existing.delete()
        removal = record_evidence_event(
            by, attachment.response, locked, "evidence.unmark", attachment, before=old, more={"mark": made}
        )
        withdraw_verdict(by, locked, attachment)
        return removal


def restore_mark(*, by: User, attachment: Attachment, removal: Event) -> Mark:
    """Brings a removed mark back, checked again; `removal`: the event of its removal.

    Raises EvidenceRefused where the same is marked, and NotEditable.
    """
    old, made = removal.data["before"], removal.data.get("mark", {})
    with transaction.atomic():
        locked, attachment = lock_attachment(attachment)
        passage = {name: old.get(name, "") for name in ("pages", "quote", "areas", "note")}
        if Mark.objects.filter(attachment=attachment, **passage).exists():
            raise EvidenceRefused("standing", _("เครื่องหมายเดียวกันมีอยู่แล้ว"))
        who = {"by_id": made.get("by", removal.by_id), "at": datetime.fromisoformat(made["at"]) if made else removal.at}
        mark = Mark.objects.create(attachment=attachment, state=_state(attachment, passage), **passage, **who)
        after = mark_state(mark)
        record_evidence_event(by, attachment.response, locked, "evidence.remark", attachment, after=after)
        withdraw_verdict(by, locked, attachment)
        return mark


def _state(attachment: Attachment, passage: dict[str, str]) -> str:
    """What becomes of a passage in the attachment's file, as far as that is read."""
    return state_of_new_mark(attachment.file_id, passage) if attachment.file_id is not None else ""


def _clean_mark(attachment: Attachment, pages: str, quote: str, areas: str, note: str) -> dict[str, str]:
    file = attachment.file
    if file is None:
        raise EvidenceRefused("url_mark", _("ที่อยู่เว็บไม่ต้องทำเครื่องหมาย"))
    quote, note = clean_lines(quote), clean_line(note)
    try:
        areas = write_areas(read_areas(areas))
    except ValueError as fault:
        raise EvidenceRefused("areas", _("กรอบที่วาดไว้ใช้ไม่ได้ โปรดวาดใหม่")) from fault
    if not (quote or areas or note):
        raise EvidenceRefused("quote", _("คัดข้อความในเอกสารที่สนับสนุนคำตอบมาด้วย"))
    if len(quote) > MAX_QUOTE_LENGTH:
        raise EvidenceRefused("quote", _("ข้อความยาวเกิน %(limit)d ตัวอักษร") % {"limit": MAX_QUOTE_LENGTH})
    if len(note) > MAX_REASON_LENGTH:
        raise EvidenceRefused("note", _("ข้อความยาวเกิน %(limit)d ตัวอักษร") % {"limit": MAX_REASON_LENGTH})
    passage = {"quote": quote, "areas": areas, "note": note}
    if FileKind(file.kind).is_image:
        return {"pages": "1", **passage}
    understood = read_pages(pages, last=file.pages) or Refusal("form", PAGE_MESSAGES["form"])
    return {"pages": require_understood("pages", understood), **passage}
