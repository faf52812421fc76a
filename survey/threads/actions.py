"""Threads: a question or demand about an answer, its replies, and when it is dealt with. All of it in the journal."""

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
from survey.access import may
from survey.instrument.address import ADDRESS, item_id
from survey.instrument.queries import instrument_of
from survey.journal import actions as journal
from survey.models import Comment, Question, Response
from survey.notices import actions as notices
from survey.threads import queries as threads
from survey.threads.remarks import check_answered, clean

SHORT = 160  # characters of a remark that a notice carries
_SAID = frozenset({"comment.add", "comment.reply"})


@dataclass(frozen=True, slots=True)
class About:
    """What a thread is about: the whole (nothing given), a question, one of its fields, or an evidence file there."""

    question: Question | None = None
    address: str = ""
    attachment: UUID | None = None


def start(
    *,
    by: User,
    response: Response,
    text: str,
    about: About | None = None,
    must_answer: bool = False,
    mentions: Collection[User] = (),
) -> Comment:
    """Opens a thread. `must_answer`: the answer is not handed in before it is dealt with.

    Raises NotAllowed, and RefusedError for an empty text, an unknown place or somebody who cannot read it.
    """
    about = about or About()
    with transaction.atomic():
        locked = _locked(by, response)
        _check_place(response, about)
        told = _mentioned(response, mentions)
        now = timezone.now()
        comment = Comment.objects.create(
            response=locked,
            question=about.question,
            address=about.address,
            attachment=about.attachment,
            must_answer=must_answer,
            text=_text(text),
            by=by,
            at=now,
        )
        comment.mentions.set(told)
        _record(by, response, locked, "comment.add", comment, now)
        asked = threads.answerers(response) if must_answer else []
        _tell(by, response, comment, comment, [*told, *asked])
        return comment


def reply(*, by: User, response: Response, thread: Comment, text: str, mentions: Collection[User] = ()) -> Comment:
    """Answers in a thread; its starter is told. Raises NotAllowed, RefusedError."""
    with transaction.atomic():
        locked = _locked(by, response)
        first = _first(response, thread)
        told = _mentioned(response, mentions)
        now = timezone.now()
        comment = Comment.objects.create(
            response=locked, question=first.question, parent=first, text=_text(text), by=by, at=now
        )
        comment.mentions.set(told)
        _record(by, response, locked, "comment.reply", comment, now)
        readers = {u.pk for u in threads.readers(response)}
        _tell(by, response, first, comment, [*told, *([first.by] if first.by_id in readers else [])])
        return comment


def resolve(*, by: User, response: Response, thread: Comment) -> Comment:
    """Marks a thread as dealt with; twice changes nothing.

    What demands an answer is closed by whoever asked, or once somebody else has answered it.
    Raises NotAllowed, RefusedError.
    """
    with transaction.atomic():
        locked = _locked(by, response)
        first = _first(response, thread)
        if not may_resolve(by, response, first):
            raise NotAllowed
        if first.resolved_at is not None:
            return first
        check_answered(by, first)
        first.resolved_at, first.resolved_by = timezone.now(), by
        first.save(update_fields=["resolved_at", "resolved_by"])
        _record(by, response, locked, "comment.resolve", first, first.resolved_at)
        return first


def reopen(*, by: User, response: Response, thread: Comment) -> Comment:
    """Opens a thread again; twice changes nothing. Raises NotAllowed, RefusedError."""
    with transaction.atomic():
        locked = _locked(by, response)
        first = _first(response, thread)
        if first.resolved_at is None:
            return first
        first.resolved_at = first.resolved_by = None
        first.save(update_fields=["resolved_at", "resolved_by"])
        _record(by, response, locked, "comment.reopen", first, timezone.now())
        return first


def may_resolve(user: User, response: Response, thread: Comment) -> bool:
    """Whether the person may say that it is dealt with: who answers here, or who asked."""
    return thread.by_id == user.pk or may(user, response, Capability.ANSWER_EDIT)


def _locked(by: User, response: Response) -> Response:
    locked = journal.lock(response.pk)
    # Whoever cannot read the answers has nothing to say about them.
    if not (may(by, locked, Capability.COMMENT) and may(by, locked, Capability.RESPONSE_READ)):
        raise NotAllowed
    return locked


def _first(response: Response, thread: Comment) -> Comment:
    rows = Comment.objects.select_related("question", "by")
    found = rows.filter(pk=thread.parent_id or thread.pk, response=response).first()
    if found is None:
        raise RefusedError(_("ไม่พบเรื่องนี้แล้ว"))
    return found


def _text(text: str) -> str:
    text = clean(text)
    if not text:
        raise RefusedError(_("โปรดเขียนข้อความ"))
    return text


def _check_place(response: Response, about: About) -> None:
    """A field belongs to its question; a file lies at a place."""
    if not about.address:
        if about.attachment is not None:
            raise RefusedError(_("ตำแหน่งนี้ไม่อยู่ในข้อคำถาม"))
        return
    items = instrument_of(response.round.instrument).items
    item = items.get(item_id(about.address)) if ADDRESS.match(about.address) else None
    if about.question is None or item is None or item.question != about.question.item_id:
        raise RefusedError(_("ตำแหน่งนี้ไม่อยู่ในข้อคำถาม"))


def _mentioned(response: Response, mentions: Collection[User]) -> list[User]:
    if not mentions:
        return []
    readers = {u.pk: u for u in threads.readers(response)}
    if any(u.pk not in readers for u in mentions):
        raise RefusedError(_("ผู้ที่กล่าวถึงอ่านคำตอบชุดนี้ไม่ได้"))
    return [readers[u.pk] for u in mentions]


def _record(by: User, response: Response, locked: Response, verb: str, comment: Comment, at: datetime) -> None:
    data: dict[str, Any] = {"comment": comment.pk, "text": comment.text}
    told = {
        "thread": comment.parent_id,
        "address": comment.address,
        "attachment": str(comment.attachment or ""),
        "must_answer": comment.must_answer,
        "mentions": sorted(comment.mentions.values_list("pk", flat=True)) if verb in _SAID else [],
    }
    data |= {key: value for key, value in told.items() if value}
    event = journal.record(by=by, response=locked, verb=verb, question=comment.question, data=data, at=at)
    response.version, response.head = event.seq, event.hash


def _tell(by: User, response: Response, first: Comment, comment: Comment, users: Collection[User]) -> None:
    question = first.question
    name = "survey:threads-item" if question else "survey:threads"
    where = reverse(name, args=[response.pk, question.item_id] if question else [response.pk])
    what = (question.code or question.item_id) if question else _("คำตอบทั้งชุด")
    notices.notify(
        users=users,
        kind="comment",
        key=f"comment:{comment.pk}",
        round_=response.round,
        data={"who": by.get_full_name(), "what": what, "text": comment.text[:SHORT]},
        url=f"{where}#c{first.pk}",
        but=by,
    )
