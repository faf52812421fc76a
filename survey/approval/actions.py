"""Submitting, returning, withdrawing, approving and reopening the provincial answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from survey.answering.checker import OpenPoint
from survey.approval.snapshot import seal_snapshot, snapshot_content
from survey.committee.delegation_queries import acting_delegation, delegation_snapshot
from survey.committee.endorsement import endorsement_snapshot
from survey.models import Answer, Delegation, Event, FrozenResponse, Response
from survey.notices import actions as notices
from survey.threads import comments as remarks
from survey.threads.comments import NewComment, clean_comment_text
from survey.workflow.refusal import TransitionRefused
from survey.workflow.response_guards import ResponseGuardFacts
from survey.workflow.response_states import move_response as _move
from survey.workflow.response_transitions import ResponseTransitionName

__all__ = [
    "TransitionRefused",
    "UnexplainedPoints",
    "approve_response",
    "reopen_response",
    "return_response",
    "submit_response",
    "withdraw_response",
]

MAX_REASON = 1000
EffectResult = tuple[Mapping[str, Any], Mapping[str, Any]]


def move_and_notify(
    *, by: User, response: Response, name: ResponseTransitionName, reason: str = "", **more: Any
) -> Event:
    """Makes a transition and notifies whoever acts next, in one transaction. Raises TransitionRefused."""
    with transaction.atomic():
        event = _move(by=by, response=response, name=name, **more)
        if name != "withdraw":
            notices.notify_response_transition(by=by, response=response, name=name, seq=event.seq, reason=reason)
    return event


class UnexplainedPoints(TransitionRefused):
    """A submission was refused because `points` are open without a reason."""

    def __init__(self, refused: TransitionRefused, points: Sequence[OpenPoint]) -> None:
        super().__init__(refused.reason, str(refused))
        self.points = points


def submit_response(
    *,
    by: User,
    response: Response,
    points: Callable[[Response], Iterable[OpenPoint]],
    reasons: Mapping[str, str],
) -> Event:
    """Submits the answer to the governor. `points` reads the open points, under the lock.

    `reasons`: why a point stays open, by `Point.key`, or by kind for all of that kind without one of their
    own. Raises UnexplainedPoints or TransitionRefused.
    """
    open_points: list[OpenPoint] = []

    def facts(locked: Response, now: datetime) -> ResponseGuardFacts:
        open_points[:] = points(locked)
        return ResponseGuardFacts(now, unexplained=len(_points_without_reason(open_points, reasons)))

    def effect(locked: Response, now: datetime) -> EffectResult:
        stated = [_stated_point(p, _reason_for(p, reasons)) for p in open_points]
        return {"open_points": stated}, {"open_points": stated, "submitted_at": now}

    try:
        return move_and_notify(by=by, response=response, name="submit", facts=facts, effect=effect)
    except TransitionRefused as refused:
        if refused.reason == "guard":
            raise UnexplainedPoints(refused, _points_without_reason(open_points, reasons)) from refused
        raise


def _points_without_reason(points: Iterable[OpenPoint], reasons: Mapping[str, str]) -> list[OpenPoint]:
    return [p for p in points if not _reason_for(p, reasons)]


def _reason_for(point: OpenPoint, reasons: Mapping[str, str]) -> str:
    own = clean_comment_text(reasons.get(point.key, ""), MAX_REASON)
    return own or clean_comment_text(reasons.get(point.kind, ""), MAX_REASON)


def _stated_point(point: OpenPoint, reason: str) -> dict[str, Any]:
    return {
        "kind": point.kind,
        "address": point.address,
        "question": point.question,
        "section": point.section,
        "say": point.message.json(),
        "reason": reason,
    }


def withdraw_response(*, by: User, response: Response) -> Event:
    """Withdraws a submitted answer for changes. Raises TransitionRefused."""
    return move_and_notify(by=by, response=response, name="withdraw")


def return_response(*, by: User, response: Response, comments: Sequence[NewComment], text: str = "") -> Event:
    """Returns a submitted answer with remarks on questions and on the whole. Raises TransitionRefused."""
    remarks_given = [r for r in [NewComment(None, text), *comments] if clean_comment_text(r.text)]

    def effect(locked: Response, now: datetime) -> EffectResult:
        made = [remarks.add_comment(by=by, response=locked, remark=r, at=now).pk for r in remarks_given]
        return {"comments": made}, {}

    return move_and_notify(
        by=by,
        response=response,
        name="return",
        facts=lambda _locked, now: ResponseGuardFacts(now, remarks=len(remarks_given)),
        effect=effect,
    )


def approve_response(
    *,
    by: User,
    response: Response,
    compose: Callable[[Response], Mapping[str, Any]],
    seen: int | None = None,
) -> FrozenResponse:
    """Approves and freezes answers, evidence and score together. Raises TransitionRefused.

    `compose` reads the keys of snapshot.SUPPLIED_KEYS, under the lock. `seen`: the version the
    approver looked at; a later one is not approved unseen. The caller has confirmed the password.
    """
    frozen_versions: list[FrozenResponse] = []

    def effect(locked: Response, now: datetime) -> EffectResult:
        acting = acting_delegation(by, locked.round.province_id, timezone.localdate(now))
        frozen_versions.append(_freeze_response(by, locked, compose(locked), now, acting))
        data: dict[str, Any] = {"number": frozen_versions[0].number, "sha256": frozen_versions[0].sha256}
        if acting is not None:
            data["delegation"] = {"id": acting.pk, "document": acting.document_number}
        return data, {}

    move_and_notify(by=by, response=response, name="approve", seen=seen, effect=effect)
    return frozen_versions[0]


def _freeze_response(
    by: User, locked: Response, outside: Mapping[str, Any], now: datetime, acting: Delegation | None
) -> FrozenResponse:
    last = FrozenResponse.objects.filter(response=locked).order_by("-number").first()
    number = last.number + 1 if last else 1
    answers = Answer.objects.filter(response=locked).select_related("question").order_by("question__order")
    data = snapshot_content(
        response=locked,
        number=number,
        answers=answers,
        outside=outside,
        by=by.pk,
        approved_at=now,
        delegation=delegation_snapshot(acting),
        endorsed=endorsement_snapshot(locked),
    )
    text, sha256 = seal_snapshot(data)
    return FrozenResponse.objects.create(
        response=locked, number=number, content=text, sha256=sha256, approved_by=by, approved_at=now
    )


def reopen_response(*, by: User, response: Response, reason: str) -> Event:
    """Reopens an approved answer; its frozen version is voided and kept. Raises TransitionRefused."""
    reason = clean_comment_text(reason, MAX_REASON)

    def effect(locked: Response, now: datetime) -> EffectResult:
        valid = FrozenResponse.objects.get(response=locked, voided_at=None)
        valid.voided_at, valid.voided_by, valid.void_reason = now, by, reason
        valid.save(update_fields=["voided_at", "voided_by", "void_reason"])
        return {"number": valid.number, "reason": reason}, {}

    return move_and_notify(
        by=by,
        response=response,
        name="reopen",
        reason=reason,
        facts=lambda _locked, now: ResponseGuardFacts(now, reason=reason),
        effect=effect,
    )
