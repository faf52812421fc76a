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
from evidence.attaching.actions.verdicts import withdraw_verdict
from evidence.checking.actions import passage_of
from evidence.checking.queries import known_text
from evidence.checking.rule import check_passage
from evidence.events import event_state, mark_state, record_evidence_event
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment, File, Mark, ScanState
from survey.answering import actions as answers
from survey.journal import actions as journal
from survey.models import Question, Response


def adopt_evidence(
    *, by: User, attachment: Attachment, response: Response, address: str, question: Question | None = None
) -> AttachResult:
    """Attaches evidence also to another response of its round, or of the next: file or address, date, marks.

    What comes from the round before is still to be confirmed (actions.confirm), and so is what the other response has
    not confirmed either. `question`: where that is another one now. No content is copied: both name the same file, or
    the same copy of a web page. Where the same is attached already, only what it lacks is added.
    Raises EvidenceRefused, NotEditable.
    """
    question = question or attachment.question
    place = require_place(response, question, address)
    with transaction.atomic():
        locked = answers.require_editable(journal.lock_response(response.pk), question)
        source = current_attachment(attachment)
        if source.response.round_id not in (locked.round_id, locked.round.previous_id):
            raise EvidenceRefused("round", _("หลักฐานนี้ไม่ได้อยู่ในรอบสำรวจเดียวกันหรือรอบก่อนหน้า"))
        if source.file is not None and source.file.scan_state == ScanState.INFECTED:
            raise EvidenceRefused("infected", _("พบไวรัสในไฟล์ จึงไม่นำไปใช้"))
        if source.url is not None:
            clean_evidence_url(place, source.url)
        attached_here = Attachment.objects.filter(response=locked, address=address, removed_at=None)
        existing = attached_here.filter(file=source.file_id, url=source.url).first()
        adopted = existing or _create_adopted(by, source, locked, question, address)
        new_marks = _copy_marks(source, adopted)
        new_copy = existing is not None and _bring_copy(source, existing)
        if existing is None or new_marks or new_copy:
            after = {**event_state(adopted), "marks": new_marks, "from": str(source.public_id)}
            if adopted.verdict_at is not None:
                after |= {"verdict_by": adopted.verdict_by_id, "verdict_at": adopted.verdict_at.isoformat()}
            more = {"copied": True} if new_copy else None
            record_evidence_event(by, response, locked, "evidence.adopt", adopted, after=after, more=more)
        if existing is not None and new_marks:
            withdraw_verdict(by, locked, existing)
        return AttachResult(adopted, created=existing is None)


def _create_adopted(by: User, source: Attachment, locked: Response, question: Question, address: str) -> Attachment:
    return Attachment.objects.create(
        response=locked,
        question=question,
        address=address,
        file=source.file,
        url=source.url,
        copy=_clean_copy(source),
        name=source.name,
        document_date=source.document_date,
        added_by=by,
        added_at=timezone.now(),
        to_confirm=source.to_confirm or source.response.round_id != locked.round_id,
        **_verdict_of(source, locked),
    )


def _clean_copy(source: Attachment) -> File | None:
    """The copy of what its web address showed; not one with a virus."""
    copy = source.copy
    return None if copy is None or copy.scan_state == ScanState.INFECTED else copy


def _bring_copy(source: Attachment, adopted: Attachment) -> bool:
    """Whether an attachment without a copy got that of its source."""
    copy = _clean_copy(source)
    if copy is None or adopted.copy_id is not None:
        return False
    adopted.copy = copy
    adopted.save(update_fields=["copy"])
    return True


def _verdict_of(source: Attachment, locked: Response) -> dict[str, Any]:
    """What a reviewer said of it in this round goes along; of another round's it says nothing."""
    names = ("verdict", "verdict_reason", "verdict_by_id", "verdict_at")
    return {name: getattr(source, name) for name in names} if source.response.round_id == locked.round_id else {}


def _copy_marks(source: Attachment, adopted: Attachment) -> list[dict[str, Any]]:
    """Copies the marks that are not there yet, with who made them and when, checked against the text of the file."""
    existing = set(adopted.marks.values_list("pages", "quote", "areas", "note"))
    missing = [m for m in source.marks.all() if (m.pages, m.quote, m.areas, m.note) not in existing]
    text = known_text(adopted.file_id) if missing and adopted.file_id is not None else None
    copies = [
        Mark(
            attachment=adopted,
            pages=m.pages,
            quote=m.quote,
            areas=m.areas,
            note=m.note,
            state=check_passage(passage_of(m), text, m.state).state or m.state,
            by_id=m.by_id,
            at=m.at,
        )
        for m in missing
    ]
    Mark.objects.bulk_create(copies)
    return [{**mark_state(m), "by": m.by_id, "at": m.at.isoformat()} for m in copies]
