"""The copy of what a web address showed: a print or a picture that a person made; the server fetches nothing."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from evidence import store
from evidence.attaching.actions.current import lock_attachment
from evidence.attaching.actions.storing import stored_upload
from evidence.attaching.actions.verdicts import withdraw_verdict
from evidence.events import record_evidence_event
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment, File, FileKind
from survey.answering import actions as answers
from survey.models import Event

COPY_KINDS: Final = frozenset({FileKind.PDF, FileKind.JPEG, FileKind.PNG})


def keep_copy(*, by: User, attachment: Attachment, upload: store.Upload) -> None:
    """Keeps a print (PDF) or a picture of the page with a web address, in place of an earlier one.

    Raises EvidenceRefused, StoreAwayError and NotEditable.
    """
    if attachment.url is None:
        raise EvidenceRefused("copy", _("เก็บสำเนาได้เฉพาะของที่อยู่เว็บ"))
    answers.require_editable(attachment.response, attachment.question)  # before megabytes are copied
    province = attachment.response.round.province_id
    with stored_upload(by=by, province=province, upload=upload, name="", kinds=COPY_KINDS) as stored:
        _change(by, attachment, stored.file, stored.told)


def remove_copy(*, by: User, attachment: Attachment) -> Event | None:
    """Takes the copy off; the file and its history stay. None where there is none. Raises NotEditable."""
    return _change(by, attachment, None)


def restore_copy(*, by: User, attachment: Attachment, removal: Event) -> None:
    """Brings a copy back; `removal`: the event by which it was taken off. Raises EvidenceRefused, NotEditable."""
    file = File.objects.filter(sha256=removal.data["before"].get("sha256", "")).first()
    if file is None:
        raise EvidenceRefused("copy", _("ไม่พบสำเนานั้นแล้ว"))
    _change(by, attachment, file)


def _change(by: User, attachment: Attachment, file: File | None, told: dict[str, Any] | None = None) -> Event | None:
    with transaction.atomic():
        locked, current = lock_attachment(attachment)
        old = current.copy
        if old == file:
            return None
        current.copy = file
        current.save(update_fields=["copy"])
        before, after = _state(old), _state(file)
        event = record_evidence_event(
            by, attachment.response, locked, "evidence.copy", current, before=before, after=after, more=told
        )
        withdraw_verdict(by, locked, current)
        return event


def _state(file: File | None) -> dict[str, Any]:
    return {"sha256": file.sha256, "size": file.size} if file else {}
