"""Submitting, returning, withdrawing, approving and reopening the provincial answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from survey.answering.checker import Point
from survey.approval import snapshot as frozen
from survey.committee import queries as committee
from survey.models import Answer, Delegation, Event, FrozenResponse, Response
from survey.notices import actions as notices
from survey.threads import remarks
from survey.threads.remarks import Remark, clean
from survey.workflow.response_states import Facts, Name, Refused
from survey.workflow.response_states import move as _move

__all__ = ["Refused", "Unexplained", "approve", "reopen", "send_back", "submit", "withdraw"]

MAX_REASON = 1000
Parts = tuple[Mapping[str, Any], Mapping[str, Any]]


def move(*, by: User, response: Response, name: Name, reason: str = "", **more: Any) -> Event:
    """Makes a transition of the table and tells who waits for it; both or neither. Raises Refused."""
    with transaction.atomic():
        event = _move(by=by, response=response, name=name, **more)
        if name != "withdraw":
            notices.moved(by=by, response=response, name=name, seq=event.seq, reason=reason)
    return event


class Unexplained(Refused):
    """Points are open without a reason; `points` are those."""

    def __init__(self, refused: Refused, points: Sequence[Point]) -> None:
        super().__init__(refused.why, str(refused))
        self.points = points


def submit(
    *,
    by: User,
    response: Response,
    points: Callable[[Response], Iterable[Point]],
    reasons: Mapping[str, str],
) -> Event:
    """Puts the answer before the governor. `points` reads what is open, under the lock.

    `reasons`: why a point stays open, by `Point.key`, or by kind for all of that kind without one of their
    own. Raises Unexplained or Refused.
    """
    found: list[Point] = []

    def facts(locked: Response, now: datetime) -> Facts:
        found[:] = points(locked)
        return Facts(now, unexplained=len(_unexplained(found, reasons)))

    def effect(locked: Response, now: datetime) -> Parts:
        stated = [_stated(p, _reason(p, reasons)) for p in found]
        return {"open_points": stated}, {"open_points": stated, "submitted_at": now}

    try:
        return move(by=by, response=response, name="submit", facts=facts, effect=effect)
    except Refused as refused:
        if refused.why == "guard":
            raise Unexplained(refused, _unexplained(found, reasons)) from refused
        raise


def _unexplained(points: Iterable[Point], reasons: Mapping[str, str]) -> list[Point]:
    return [p for p in points if not _reason(p, reasons)]


def _reason(point: Point, reasons: Mapping[str, str]) -> str:
    own = clean(reasons.get(point.key, ""), MAX_REASON)
    return own or clean(reasons.get(point.kind, ""), MAX_REASON)


def _stated(point: Point, reason: str) -> dict[str, Any]:
    return {
        "kind": point.kind,
        "address": point.address,
        "question": point.question,
        "section": point.section,
        "say": point.say.json(),
        "reason": reason,
    }


def withdraw(*, by: User, response: Response) -> Event:
    """Takes a submitted answer back for changes. Raises Refused."""
    return move(by=by, response=response, name="withdraw")


def send_back(*, by: User, response: Response, comments: Sequence[Remark], text: str = "") -> Event:
    """Returns a submitted answer with remarks per question and one on the whole. Raises Refused."""
    given = [r for r in [Remark(None, text), *comments] if clean(r.text)]

    def effect(locked: Response, now: datetime) -> Parts:
        made = [remarks.write(by=by, response=locked, remark=r, at=now).pk for r in given]
        return {"comments": made}, {}

    return move(
        by=by,
        response=response,
        name="return",
        facts=lambda _locked, now: Facts(now, remarks=len(given)),
        effect=effect,
    )


def approve(
    *,
    by: User,
    response: Response,
    compose: Callable[[Response], Mapping[str, Any]],
    seen: int | None = None,
) -> FrozenResponse:
    """Approves and freezes answers, evidence and score together. Raises Refused.

    `compose` reads what lies outside the survey (frozen.OUTSIDE), under the lock. `seen`: the version the
    approver looked at; a later one is not approved unseen. The caller has confirmed the password.
    """
    made: list[FrozenResponse] = []

    def effect(locked: Response, now: datetime) -> Parts:
        acting = committee.acting_for(by, locked.round.province_id, timezone.localdate(now))
        made.append(_freeze(by, locked, compose(locked), now, acting))
        data: dict[str, Any] = {"number": made[0].number, "sha256": made[0].sha256}
        if acting is not None:
            data["delegation"] = {"id": acting.pk, "document": acting.document_number}
        return data, {}

    move(by=by, response=response, name="approve", seen=seen, effect=effect)
    return made[0]


def _freeze(
    by: User, locked: Response, outside: Mapping[str, Any], now: datetime, acting: Delegation | None
) -> FrozenResponse:
    last = FrozenResponse.objects.filter(response=locked).order_by("-number").first()
    number = last.number + 1 if last else 1
    answers = Answer.objects.filter(response=locked).select_related("question").order_by("question__order")
    data = frozen.content(
        response=locked,
        number=number,
        answers=answers,
        outside=outside,
        by=by.pk,
        at=now,
        delegation=committee.frozen_delegation(acting),
        endorsed=committee.frozen_part(locked),
    )
    text, sha256 = frozen.seal(data)
    return FrozenResponse.objects.create(
        response=locked, number=number, content=text, sha256=sha256, approved_by=by, approved_at=now
    )


def reopen(*, by: User, response: Response, reason: str) -> Event:
    """Opens an approved answer for changes; its frozen version is void from then on, and kept. Raises Refused."""
    reason = clean(reason, MAX_REASON)

    def effect(locked: Response, now: datetime) -> Parts:
        valid = FrozenResponse.objects.get(response=locked, voided_at=None)
        valid.voided_at, valid.voided_by, valid.void_reason = now, by, reason
        valid.save(update_fields=["voided_at", "voided_by", "void_reason"])
        return {"number": valid.number, "reason": reason}, {}

    return move(
        by=by,
        response=response,
        name="reopen",
        reason=reason,
        facts=lambda _locked, now: Facts(now, reason=reason),
        effect=effect,
    )
