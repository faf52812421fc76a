"""Comments on a response: made, and marked as dealt with. What was said stays in the journal."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import NotAllowed, RefusedError
from accounts.models import User
from accounts.roles import Capability
from survey.access import may
from survey.actions import journal
from survey.models import Comment, Question, Response

C = Capability
MAX_TEXT = 2000


class Remark(NamedTuple):
    """What somebody says: on a question, or (None) on the whole."""

    question: Question | None
    text: str


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """What was typed, as it is stored."""
    return text.replace("\x00", "").replace("\r\n", "\n").strip()[:limit]


def add(*, by: User, response: Response, text: str, question: Question | None = None) -> Comment:
    """Comments on a question or on the whole. Raises NotAllowed, RefusedError."""
    if not clean(text):
        raise RefusedError(_("โปรดเขียนข้อความ"))
    with transaction.atomic():
        locked = journal.lock(response.pk)
        # Whoever cannot read the answers has nothing to say about them.
        if not (may(by, locked, C.COMMENT) and may(by, locked, C.RESPONSE_READ)):
            raise NotAllowed
        comment = write(by=by, response=locked, remark=Remark(question, text), at=timezone.now())
        response.version, response.head = locked.version, locked.head
        return comment


def write(*, by: User, response: Response, remark: Remark, at: datetime) -> Comment:
    """Stores a remark and its event on a response that the caller has locked."""
    question, text = remark.question, clean(remark.text)
    comment = Comment.objects.create(response=response, question=question, text=text, by=by, at=at)
    data = {"comment": comment.pk, "text": text}
    journal.record(by=by, response=response, verb="comment.add", question=question, data=data, at=at)
    return comment


def check_answered(by: User, comment: Comment) -> None:
    """Refuses to close what demands an answer, unless its asker does or somebody else has answered. RefusedError."""
    if comment.must_answer and comment.by_id != by.pk and not comment.replies.exclude(by=comment.by_id).exists():
        raise RefusedError(_("เรื่องนี้ต้องตอบก่อน จึงทำเครื่องหมายว่าเสร็จแล้วได้"))


def resolve(*, by: User, comment: Comment) -> Comment:
    """Marks a comment as dealt with; doing it twice changes nothing. Raises NotAllowed, RefusedError."""
    with transaction.atomic():
        locked = journal.lock(comment.response_id)
        if not may(by, locked, C.ANSWER_EDIT):
            raise NotAllowed
        check_answered(by, comment)
        now = timezone.now()
        open_one = Comment.objects.filter(pk=comment.pk, response=locked, resolved_at=None)
        if open_one.update(resolved_at=now, resolved_by=by):
            comment.resolved_at, comment.resolved_by = now, by
            data = {"comment": comment.pk, "text": comment.text}
            question = comment.question
            journal.record(by=by, response=locked, verb="comment.resolve", question=question, data=data, at=now)
        return comment
