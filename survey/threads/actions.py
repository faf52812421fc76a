"""Actions on comment threads: start, reply, resolve, reopen; each recorded in the journal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import NotAllowed, RefusedError
from accounts.models import User
from accounts.roles import Capability
from survey.access import has_response_capability
from survey.instrument.addresses import ADDRESS_PATTERN, item_id_of
from survey.instrument.queries import compiled_instrument
from survey.journal import actions as journal
from survey.models import Comment, Question, Response
from survey.notices import actions as notices
from survey.threads import queries as threads
from survey.threads.comments import check_may_close, clean_comment_text

NOTICE_EXCERPT_LENGTH = 160  # characters of a comment that a notice quotes
_VERBS_WITH_MENTIONS = frozenset({"comment.add", "comment.reply"})


@dataclass(frozen=True, slots=True)
class ThreadSubject:
    """Subject of a thread: the whole response (nothing given), a question, one of its fields, or an evidence file."""

    question: Question | None = None
    address: str = ""
    attachment: UUID | None = None


def start_thread(
    *,
    by: User,
    response: Response,
    text: str,
    about: ThreadSubject | None = None,
    must_answer: bool = False,
    mentions: Collection[User] = (),
) -> Comment:
    """Start a thread. `must_answer`: nothing is submitted before somebody else has replied or it is resolved.

    Raises NotAllowed, and RefusedError for an empty text, an unknown subject or a mentioned user who cannot read it.
    """
    about = about or ThreadSubject()
    with transaction.atomic():
        locked = _lock_for_comment(by, response)
        _check_subject(response, about)
        mentioned = _check_mentions(response, mentions)
        now = timezone.now()
        comment = Comment.objects.create(
            response=locked,
            question=about.question,
            address=about.address,
            attachment=about.attachment,
            must_answer=must_answer,
            text=_require_text(text),
            by=by,
            at=now,
        )
        comment.mentions.set(mentioned)
        _record_comment_event(by, response, locked, "comment.add", comment, now)
        answerers = threads.response_answerers(response) if must_answer else []
        _notify_about_comment(by, response, comment, comment, [*mentioned, *answerers])
        return comment


def reply_to_thread(
    *, by: User, response: Response, thread: Comment, text: str, mentions: Collection[User] = ()
) -> Comment:
    """Reply in a thread; its author is notified. Raises NotAllowed, RefusedError."""
    with transaction.atomic():
        locked = _lock_for_comment(by, response)
        first = _get_first_comment(response, thread)
        mentioned = _check_mentions(response, mentions)
        now = timezone.now()
        comment = Comment.objects.create(
            response=locked, question=first.question, parent=first, text=_require_text(text), by=by, at=now
        )
        comment.mentions.set(mentioned)
        _record_comment_event(by, response, locked, "comment.reply", comment, now)
        reader_ids = {user.pk for user in threads.response_readers(response)}
        author = [first.by] if first.by_id in reader_ids else []
        _notify_about_comment(by, response, first, comment, [*mentioned, *author])
        return comment


def resolve_thread(*, by: User, response: Response, thread: Comment) -> Comment:
    """Mark a thread as resolved; a second call changes nothing.

    A thread that must be answered is resolved by its author, or once somebody else has replied.
    Raises NotAllowed, RefusedError.
    """
    with transaction.atomic():
        locked = _lock_for_comment(by, response)
        first = _get_first_comment(response, thread)
        if not may_resolve_thread(by, response, first):
            raise NotAllowed
        if first.resolved_at is not None:
            return first
        check_may_close(by, first)
        first.resolved_at, first.resolved_by = timezone.now(), by
        first.save(update_fields=["resolved_at", "resolved_by"])
        _record_comment_event(by, response, locked, "comment.resolve", first, first.resolved_at)
        return first


def reopen_thread(*, by: User, response: Response, thread: Comment) -> Comment:
    """Reopen a resolved thread, which then waits for an answer again; a second call changes nothing.

    Raises NotAllowed, RefusedError.
    """
    with transaction.atomic():
        locked = _lock_for_comment(by, response)
        first = _get_first_comment(response, thread)
        if first.resolved_at is None:
            return first
        first.resolved_at = first.resolved_by = None
        first.reopened_at = timezone.now()
        first.save(update_fields=["resolved_at", "resolved_by", "reopened_at"])
        _record_comment_event(by, response, locked, "comment.reopen", first, first.reopened_at)
        return first


def may_resolve_thread(user: User, response: Response, thread: Comment) -> bool:
    """Whether the user may resolve a thread: its author, or who may edit the answers."""
    return thread.by_id == user.pk or has_response_capability(user, response, Capability.ANSWER_EDIT)


def _lock_for_comment(by: User, response: Response) -> Response:
    locked = journal.lock_response(response.pk)
    # Commenting requires reading: COMMENT alone does not give access to the answers.
    if not (
        has_response_capability(by, locked, Capability.COMMENT)
        and has_response_capability(by, locked, Capability.RESPONSE_READ)
    ):
        raise NotAllowed
    return locked


def _get_first_comment(response: Response, thread: Comment) -> Comment:
    rows = Comment.objects.select_related("question", "by")
    first = rows.filter(pk=thread.parent_id or thread.pk, response=response).first()
    if first is None:
        raise RefusedError(_("ไม่พบเรื่องนี้แล้ว"))
    return first


def _require_text(text: str) -> str:
    text = clean_comment_text(text)
    if not text:
        raise RefusedError(_("โปรดเขียนข้อความ"))
    return text


def _check_subject(response: Response, about: ThreadSubject) -> None:
    """Raise RefusedError unless the field belongs to the question, and a file is given with its place."""
    if not about.address:
        if about.attachment is not None:
            raise RefusedError(_("ตำแหน่งนี้ไม่อยู่ในข้อคำถาม"))
        return
    items = compiled_instrument(response.round.instrument).items
    item = items.get(item_id_of(about.address)) if ADDRESS_PATTERN.match(about.address) else None
    if about.question is None or item is None or item.question != about.question.item_id:
        raise RefusedError(_("ตำแหน่งนี้ไม่อยู่ในข้อคำถาม"))


def _check_mentions(response: Response, mentions: Collection[User]) -> list[User]:
    if not mentions:
        return []
    readers = {user.pk: user for user in threads.response_readers(response)}
    if any(user.pk not in readers for user in mentions):
        raise RefusedError(_("ผู้ที่กล่าวถึงอ่านคำตอบชุดนี้ไม่ได้"))
    return [readers[user.pk] for user in mentions]


def _record_comment_event(
    by: User, response: Response, locked: Response, verb: str, comment: Comment, at: datetime
) -> None:
    data: dict[str, Any] = {"comment": comment.pk, "text": comment.text}
    details = {
        "thread": comment.parent_id,
        "address": comment.address,
        "attachment": str(comment.attachment or ""),
        "must_answer": comment.must_answer,
        "mentions": sorted(comment.mentions.values_list("pk", flat=True)) if verb in _VERBS_WITH_MENTIONS else [],
    }
    data |= {key: value for key, value in details.items() if value}
    event = journal.record_event(by=by, response=locked, verb=verb, question=comment.question, data=data, at=at)
    response.version, response.head = event.seq, event.hash


def _notify_about_comment(
    by: User, response: Response, first: Comment, comment: Comment, users: Collection[User]
) -> None:
    question = first.question
    url_name = "survey:threads-item" if question else "survey:threads"
    thread_url = reverse(url_name, args=[response.pk, question.item_id] if question else [response.pk])
    subject_label = (question.code or question.item_id) if question else _("คำตอบทั้งชุด")
    notices.notify(
        users=users,
        kind="comment",
        key=f"comment:{comment.pk}",
        round_=response.round,
        data={"who": by.get_full_name(), "what": subject_label, "text": comment.text[:NOTICE_EXCERPT_LENGTH]},
        url=f"{thread_url}#c{first.pk}",
        but=by,
    )
