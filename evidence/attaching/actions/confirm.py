"""Confirming evidence that was carried from an earlier year: until then it does not count."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dgready.typed.characters import clean_line
from evidence.attaching.actions.current import lock_attachment
from evidence.attaching.confirming import confirm_hindrance
from evidence.attaching.place_window import place_window
from evidence.events import record_evidence_event
from evidence.files.refusal import EvidenceRefused
from evidence.models import MAX_REASON_LENGTH, Attachment
from survey.answering import actions as answers
from survey.journal import actions as journal
from survey.models import Event, Response


def confirm_evidence(*, by: User, attachment: Attachment, reason: str = "") -> Event | None:
    """Confirms carried evidence for this year; None where nothing is to be confirmed.

    `reason`: why a document from outside the days asked for is used. Raises EvidenceRefused where its date is missing
    ("date") or a reason is ("reason"), NotEditable.
    """
    reason = clean_line(reason)
    if len(reason) > MAX_REASON_LENGTH:
        raise EvidenceRefused("reason", _("ข้อความยาวเกิน %(limit)d ตัวอักษร") % {"limit": MAX_REASON_LENGTH})
    with transaction.atomic():
        locked, attachment = lock_attachment(attachment)
        if not attachment.to_confirm:
            return None
        hindrance = _hindrance(locked, attachment)
        if hindrance == "undated":
            raise EvidenceRefused("date", _("ข้อนี้กำหนดช่วงเวลาของหลักฐาน โปรดระบุวันที่ของเอกสารก่อนยืนยัน"))
        if hindrance == "outside" and not reason:
            raise EvidenceRefused("reason", _("เอกสารลงวันที่นอกช่วงที่กำหนด โปรดแนบเอกสารที่ใหม่กว่า หรือเขียนเหตุผลที่ยังใช้ฉบับนี้"))
        return _record(by, locked, attachment, reason)


def confirm_by_change(by: User, locked: Response, attachment: Attachment) -> None:
    """Confirms carried evidence whose marks or date a person just changed, unless something stands against it.

    In the caller's transaction; an event of its own.
    """
    if attachment.to_confirm and not _hindrance(locked, attachment):
        _record(by, locked, attachment, "")


def confirm_many(*, by: User, response: Response, attachments: Iterable[Attachment]) -> list[Event]:
    """Confirms several attachments of a response at once; those with a hindrance are left. Raises NotEditable."""
    with transaction.atomic():
        events = []
        for attachment in attachments:
            if attachment.response_id != response.pk:
                raise ValueError("attachments of another response")
            try:
                events.append(confirm_evidence(by=by, attachment=attachment))
            except EvidenceRefused:
                continue
        return [event for event in events if event is not None]


def undo_confirmations(*, by: User, response: Response, events: Iterable[Event]) -> int:
    """Takes confirmations back; `events` are those of confirming. How many wait again. Raises NotEditable."""
    with transaction.atomic():
        locked = journal.lock_response(response.pk)
        keys = [event.data["attachment"] for event in events]
        rows = Attachment.objects.filter(response=locked, public_id__in=keys, removed_at=None, to_confirm=False)
        waiting = list(rows.select_related("file", "question", "response").order_by("pk"))
        for attachment in waiting:
            answers.require_editable(locked, attachment.question)
            attachment.to_confirm = True
            attachment.save(update_fields=["to_confirm"])
            record_evidence_event(by, response, locked, "evidence.unconfirm", attachment, after={"to_confirm": True})
        return len(waiting)


def _hindrance(locked: Response, attachment: Attachment) -> str:
    return confirm_hindrance(attachment.document_date, place_window(locked, attachment.address))


def _record(by: User, locked: Response, attachment: Attachment, reason: str) -> Event:
    attachment.to_confirm = False
    attachment.save(update_fields=["to_confirm"])
    more = {"text": reason} if reason else {}
    before = {"to_confirm": True}
    return record_evidence_event(
        by, attachment.response, locked, "evidence.confirm", attachment, before=before, more=more
    )
