"""Changes to an attachment as a whole: its date, removing it, restoring it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from evidence.attaching.actions.confirm import confirm_by_change
from evidence.attaching.actions.current import lock_attachment
from evidence.attaching.actions.verdicts import withdraw_verdict
from evidence.checking.actions import record_check
from evidence.checking.queries import known_text
from evidence.events import event_state, record_evidence_event
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment


def set_document_date(*, by: User, attachment: Attachment, document_date: date | None) -> None:
    """Records the date printed on the document; carried evidence is confirmed with it. Raises NotEditable."""
    with transaction.atomic():
        locked, attachment = lock_attachment(attachment)
        old = attachment.document_date
        if old == document_date:
            return
        attachment.document_date = document_date
        attachment.save(update_fields=["document_date"])
        record_evidence_event(
            by,
            attachment.response,
            locked,
            "evidence.date",
            attachment,
            before={"document_date": old.isoformat() if old else ""},
            after={"document_date": document_date.isoformat() if document_date else ""},
        )
        withdraw_verdict(by, locked, attachment)
        confirm_by_change(by, locked, attachment)


def remove_attachment(*, by: User, attachment: Attachment) -> None:
    """Marks an attachment as removed; file, marks and history stay, the verdict goes. Raises NotEditable."""
    with transaction.atomic():
        locked, attachment = lock_attachment(attachment, removed=None)
        if attachment.removed_at is not None:
            return
        attachment.removed_at, attachment.removed_by = timezone.now(), by
        attachment.save(update_fields=["removed_at", "removed_by"])
        record_evidence_event(
            by, attachment.response, locked, "evidence.remove", attachment, before=event_state(attachment)
        )
        withdraw_verdict(by, locked, attachment)


def restore_attachment(*, by: User, attachment: Attachment) -> None:
    """Restores a removed attachment with its marks, which are checked again.

    Raises EvidenceRefused where the same is attached, and NotEditable.
    """
    with transaction.atomic():
        locked, attachment = lock_attachment(attachment, removed=None)
        if attachment.removed_at is None:
            return
        same = Attachment.objects.filter(response=locked, address=attachment.address, removed_at=None)
        if same.filter(file=attachment.file_id, url=attachment.url).exists():
            raise EvidenceRefused("standing", _("ไฟล์เดียวกันแนบอยู่ที่ข้อนี้แล้ว"))
        attachment.removed_at = attachment.removed_by = None
        attachment.save(update_fields=["removed_at", "removed_by"])
        record_evidence_event(
            by, attachment.response, locked, "evidence.restore", attachment, after=event_state(attachment)
        )
        if attachment.file_id is not None:
            record_check(attachment.response, locked, attachment, known_text(attachment.file_id))
