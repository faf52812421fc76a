"""Basics of comments: cleaning the text, storing one with its event, and the rule for resolving must_answer."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.actions import RefusedError
from accounts.models import User
from dgready.typed.characters import clean_lines
from survey.journal import actions as journal
from survey.models import Comment, Question, Response

MAX_COMMENT_LENGTH = 2000


class NewComment(NamedTuple):
    """A comment to be stored: on a question, or (None) on the whole response.

    `must_answer`: whether it blocks the submission until it is answered; None: as the act that makes it has it.
    """

    question: Question | None
    text: str
    must_answer: bool | None = None


def clean_comment_text(text: str, limit: int = MAX_COMMENT_LENGTH) -> str:
    """The text as it is stored: cleaned of invisible characters, at most `limit` characters."""
    return clean_lines(text)[:limit].rstrip()


def add_comment(*, by: User, response: Response, remark: NewComment, at: datetime) -> Comment:
    """Store a comment and its event on a response that the caller has locked."""
    question, text = remark.question, clean_comment_text(remark.text)
    comment = Comment.objects.create(
        response=response, question=question, text=text, must_answer=bool(remark.must_answer), by=by, at=at
    )
    data = {"comment": comment.pk, "text": text, **({"must_answer": True} if remark.must_answer else {})}
    journal.record_event(by=by, response=response, verb="comment.add", question=question, data=data, at=at)
    return comment


def is_answer(first: Comment, reply: Comment) -> bool:
    """Whether a reply answers a thread: by somebody other than its author, since it was last opened again."""
    return reply.by_id != first.by_id and reply.at >= (first.reopened_at or first.at)


def answers_of_threads() -> QuerySet[Comment]:
    """The replies that answer the thread of an outer query, by the rule of `is_answer`."""
    replies = Comment.objects.filter(parent=OuterRef("pk")).exclude(by=OuterRef("by"))
    return replies.filter(at__gte=Coalesce(OuterRef("reopened_at"), OuterRef("at")))


def check_may_close(by: User, comment: Comment) -> None:
    """Raise RefusedError for an unanswered must_answer thread, unless its author resolves it."""
    if comment.must_answer and comment.by_id != by.pk and not any(is_answer(comment, r) for r in comment.replies.all()):
        raise RefusedError(_("เรื่องนี้ต้องตอบก่อน จึงทำเครื่องหมายว่าเสร็จแล้วได้"))
