"""Adopting evidence: the same file, date and marks at a place of another response."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from evidence.attaching.actions.attach import AttachResult
from evidence.attaching.actions.current import current_attachment
from evidence.attaching.actions.place_checks import clean_evidence_url, require_place
from evidence.events import event_state, record_evidence_event
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment, Mark
from survey.answering import actions as answers
from survey.journal import actions as journal
from survey.models import Question, Response


def adopt_evidence(
    *, by: User, attachment: Attachment, response: Response, address: str, question: Question | None = None
) -> AttachResult:
    """Attaches evidence also to another response of its round, or of the next: the same file, date and marks.

    `question`: where that is another one now. The file is not copied. Where the same file is attached already, only
    the marks it lacks are added. Raises EvidenceRefused, NotEditable.
    """
    question = question or attachment.question
    place = require_place(response, question, address)
    with transaction.atomic():
        locked = answers.require_editable(journal.lock_response(response.pk), question)
        source = current_attachment(attachment)
        if source.response.round_id not in (locked.round_id, locked.round.previous_id):
            raise EvidenceRefused("round", _("หลักฐานนี้ไม่ได้อยู่ในรอบสำรวจเดียวกันหรือรอบก่อนหน้า"))
        if source.url is not None:
            clean_evidence_url(place, source.url)
        attached_here = Attachment.objects.filter(response=locked, address=address, removed_at=None)
        existing = attached_here.filter(file=source.file_id, url=source.url).first()
        adopted = existing or Attachment.objects.create(
            response=locked,
            question=question,
            address=address,
            file=source.file,
            url=source.url,
            name=source.name,
            document_date=source.document_date,
            added_by=by,
            added_at=timezone.now(),
        )
        new_marks = _copy_marks(source, adopted)
        if existing is None or new_marks:
            after = {**event_state(source), "marks": new_marks, "from": str(source.public_id)}
            record_evidence_event(by, response, locked, "evidence.adopt", adopted, after=after)
        return AttachResult(adopted, created=existing is None)


def _copy_marks(source: Attachment, adopted: Attachment) -> list[dict[str, Any]]:
    """Copies the marks that are not there yet, with who made them and when."""
    existing = set(adopted.marks.values_list("pages", "quote"))
    missing = [m for m in source.marks.all() if (m.pages, m.quote) not in existing]
    Mark.objects.bulk_create(
        Mark(attachment=adopted, pages=m.pages, quote=m.quote, by_id=m.by_id, at=m.at) for m in missing
    )
    return [{"pages": m.pages, "quote": m.quote, "by": m.by_id, "at": m.at.isoformat()} for m in missing]
