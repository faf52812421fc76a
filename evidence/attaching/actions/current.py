"""The current row of an attachment, for changing it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment
from survey.answering import actions as answers
from survey.journal import actions as journal
from survey.models import Response


def current_attachment(attachment: Attachment, *, removed: bool | None = False) -> Attachment:
    """The attachment as it is in the database now. `removed`: None for either way. Raises EvidenceRefused."""
    rows = Attachment.objects.select_related("file", "copy", "question", "response").prefetch_related("marks")
    if removed is False:
        rows = rows.filter(removed_at=None)
    current = rows.filter(pk=attachment.pk).first()
    if current is None:
        raise EvidenceRefused("removed", _("หลักฐานนี้ถูกนำออกไปแล้ว โปรดเปิดหน้านี้ใหม่"))
    return current


def lock_attachment(attachment: Attachment, *, removed: bool | None = False) -> tuple[Response, Attachment]:
    """The response, locked and editable, and the attachment as it is now. `removed`: None for either way."""
    locked = answers.require_editable(journal.lock_response(attachment.response_id), attachment.question)
    return locked, current_attachment(attachment, removed=removed)
