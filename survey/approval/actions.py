"""Submitting, returning, withdrawing, approving and reopening the provincial answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from dgready.arrival import deadline_day
from survey.answering.checker import OpenPoint
from survey.approval.earlier_reasons import EarlierReason, read_earlier_reasons
from survey.approval.given_reasons import MAX_REASON, GivenReasons, points_without_reason, stated_point
from survey.approval.snapshot import seal_snapshot, snapshot_content
from survey.approval.submission_standing import GuardStanding, SubmissionStanding, read_submission_standing
from survey.committee.delegation_queries import acting_delegation, delegation_snapshot
from survey.committee.endorsement import endorsement_snapshot
from survey.instrument.queries import compiled_instrument
from survey.models import Answer, Delegation, Event, FrozenResponse, Response
from survey.notices import actions as notices
from survey.threads import comments as remarks
from survey.threads.comments import NewComment, clean_comment_text
from survey.workflow.refusal import TransitionRefused
from survey.workflow.response_guards import ResponseGuardFacts
from survey.workflow.response_states import move_response as _move
from survey.workflow.response_transitions import ResponseTransitionName

__all__ = [
    "MAX_REASON",
    "ReasonsMissing",
    "TransitionRefused",
    "approve_response",
    "reopen_response",
    "return_response",
    "submit_response",
    "withdraw_response",
]

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


class ReasonsMissing(TransitionRefused):
    """A submission was refused because nothing is said of `points` that are open or `guards` that fail."""

    def __init__(
        self, refused: TransitionRefused, points: Sequence[OpenPoint], guards: Sequence[GuardStanding]
    ) -> None:
        super().__init__(refused.reason, str(refused))
        self.points = points
        self.guards = guards


def submit_response(
    *,
    by: User,
    response: Response,
    points: Callable[[Response], Iterable[OpenPoint]],
    reasons: Mapping[str, str],
    overrides: Mapping[str, str] | None = None,
    again: Collection[str] = (),
    seen: str | None = None,
) -> Event:
    """Submits the answer to the governor. `points` reads the open points, under the lock.

    `reasons`: why a point stays open, by `OpenPoint.key`, or by `point_groups.group_key` for all of a group without one
    of their own; `again`: groups that keep the reasons given earlier. `overrides`: the reason for each guard of the
    round that fails. `seen`: the fingerprint of what the person was shown (`SubmissionStanding.fingerprint`); None is
    not checked. Raises ReasonsMissing or TransitionRefused.
    """
    given = GivenReasons(reasons, overrides or {}, frozenset(again))
    submission = _Submission(response, points, given, seen)
    try:
        return move_and_notify(
            by=by, response=response, name="submit", facts=submission.facts, effect=submission.effect
        )
    except TransitionRefused as refused:
        if refused.reason == "guard":
            raise ReasonsMissing(refused, submission.unexplained, submission.unmet) from refused
        raise


class _Submission:
    """What is read under the lock for one submission."""

    def __init__(
        self,
        response: Response,
        points: Callable[[Response], Iterable[OpenPoint]],
        given: GivenReasons,
        seen: str | None,
    ) -> None:
        self.instrument = response.round.instrument  # large, and never another one
        self.compiled = compiled_instrument(self.instrument)
        self.read_points, self.given, self.seen = points, given, seen
        self.points: list[OpenPoint] = []
        self.unexplained: list[OpenPoint] = []
        self.unmet: list[GuardStanding] = []
        self.standing: SubmissionStanding
        self.earlier: Mapping[str, EarlierReason]

    def facts(self, locked: Response, now: datetime) -> ResponseGuardFacts:
        locked.round.instrument = self.instrument
        self.points = list(self.read_points(locked))
        self.standing = read_submission_standing(locked)
        self.earlier = read_earlier_reasons(locked)
        if self.seen is not None and self.seen != self.standing.fingerprint(locked, self.points):
            raise TransitionRefused("changed", _("มีสิ่งที่เปลี่ยนไปหลังจากท่านเปิดหน้านี้ โปรดตรวจอีกครั้งก่อนเสนอ"))
        self.unexplained = points_without_reason(self.points, self.given, self.compiled, self.earlier)
        self.unmet = [g for g in self.standing.guards if g.needs_reason and not self.given.of_guard(g)]
        return ResponseGuardFacts(
            now, unexplained=len(self.unexplained), unmet=frozenset(str(g.guard) for g in self.unmet)
        )

    def effect(self, locked: Response, now: datetime) -> EffectResult:
        stated = [stated_point(p, self.given, self.compiled, self.earlier) for p in self.points]
        guards = [g.stated(self.given.of_guard(g)) for g in self.standing.guards]
        return {"open_points": stated, "guards": guards}, {"open_points": stated, "submitted_at": now}


def withdraw_response(*, by: User, response: Response) -> Event:
    """Withdraws a submitted answer for changes. Raises TransitionRefused."""
    return move_and_notify(by=by, response=response, name="withdraw")


def return_response(*, by: User, response: Response, comments: Sequence[NewComment], text: str = "") -> Event:
    """Returns a submitted answer with remarks on questions and on the whole. Raises TransitionRefused.

    A remark must be answered before the answer is submitted again, unless its `must_answer` is False.
    """
    given = [r for r in [NewComment(None, text), *comments] if clean_comment_text(r.text)]
    remarks_given = [r._replace(must_answer=r.must_answer is not False) for r in given]

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
        acting = acting_delegation(by, locked.round.province_id, deadline_day())
        frozen_versions.append(_freeze_response(by, locked, compose(locked), now, acting))
        made = frozen_versions[0]
        data: dict[str, Any] = {"number": made.number, "sha256": made.sha256, "public_id": str(made.public_id)}
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
    answers = Answer.objects.filter(response=locked, question__instrument=locked.round.instrument_id)
    answers = answers.select_related("question").order_by("question__order")
    data = snapshot_content(
        response=locked,
        number=number,
        answers=answers,
        outside=outside,
        by=by,
        approved_at=now,
        delegation=delegation_snapshot(acting),
        endorsed=endorsement_snapshot(locked),
        submission=_last_submission(locked),
    )
    text, sha256 = seal_snapshot(data)
    return FrozenResponse.objects.create(
        response=locked, number=number, content=text, sha256=sha256, approved_by=by, approved_at=now
    )


def _last_submission(locked: Response) -> Event:
    return Event.objects.filter(response=locked, verb="response.submit").order_by("-seq")[:1].get()


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
