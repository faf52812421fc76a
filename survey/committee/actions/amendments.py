"""Amending a concluded meeting's record: with a reason, beside the record, which stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from survey.committee.actions.attendance import Guest, clean_guests, clean_seat
from survey.committee.actions.conclusion import resolution_remark
from survey.committee.actions.locking import lock_concluded_meeting, record_meeting_event
from survey.committee.actions.meetings import MAX_NOTE
from survey.committee.amending import (
    DECISION,
    GUESTS,
    SEAT,
    Subject,
    Values,
    amendable_subjects,
    meeting_amendments,
)
from survey.committee.attendance import Seat
from survey.models import Amendment, Meeting, Resolution, Response
from survey.threads import comments as remarks
from survey.threads.comments import clean_comment_text
from survey.workflow.refusal import TransitionRefused

MAX_REASON = 1000


def amend_meeting(*, by: User, meeting: Meeting, subject: str, values: Mapping[str, Any], reason: str) -> Amendment:
    """Amends one subject of a concluded meeting: `values` are what it should have said.

    Raises NotAllowed; TransitionRefused before the conclusion, without a reason, or where nothing changes;
    LookupError for a subject the record does not have.
    """
    why = clean_comment_text(reason, MAX_REASON)
    with transaction.atomic():
        locked, stored = lock_concluded_meeting(by, meeting)
        if not why:
            raise TransitionRefused("guard", _("โปรดระบุเหตุผล"))
        found = amendable_subjects(stored, meeting_amendments(stored))[subject]
        after = {key: value for key, value in _cleaned(found, values).items() if value != found.values.get(key)}
        if not after:
            raise TransitionRefused("guard", _("ยังไม่มีอะไรเปลี่ยนไปจากที่บันทึกไว้"))
        before = {key: found.values[key] for key in after}
        whole = {**found.values, **after}
        amendment = Amendment.objects.create(
            meeting=stored, subject=subject, before=before, after=after, reason=why, by=by, at=timezone.now()
        )
        about = {"subject": subject, "label": found.label, "before": before, "after": after, "reason": why}
        record_meeting_event(by, locked, "meeting.amend", stored, **about)
        if found.kind == DECISION and whole["decision"] == Resolution.Decision.CHANGES:
            _ask_for_change(by, locked, stored, subject, whole)
    return amendment


def _cleaned(subject: Subject, values: Mapping[str, Any]) -> Values:
    """The values of a subject as they are stored. Raises TransitionRefused."""
    if subject.kind == GUESTS:
        return {"guests": clean_guests(Guest(*row) for row in values["guests"])}
    if subject.kind == SEAT:
        said: dict[str, Any] = {key: str(values.get(key, "")) for key in subject.values}
        seat = Seat(subject.label, **said)
        if not seat.presence:
            raise TransitionRefused("guard", _("เลือกว่ามาประชุมหรือไม่"))
        cleaned = clean_seat(seat)
        return {"presence": seat.presence, **{k: v for k, v in cleaned.items() if k in subject.values}}
    if subject.kind == DECISION:
        return _cleaned_decision(subject, values)
    return {key: clean_comment_text(str(values[key]), 4000) for key in subject.values if key in values}


def _cleaned_decision(subject: Subject, values: Mapping[str, Any]) -> Values:
    decision = Resolution.Decision(values["decision"])
    note = clean_comment_text(str(values.get("note", "")), MAX_NOTE)
    if (decision == Resolution.Decision.RETURN) != (subject.values["decision"] == Resolution.Decision.RETURN):
        raise TransitionRefused("guard", _("การส่งกลับเปลี่ยนผลของการประชุม ต้องประชุมใหม่ แก้ไขรายงานอย่างเดียวไม่ได้"))
    if decision != Resolution.Decision.ENDORSE and not note:
        raise TransitionRefused("guard", _("ระบุสิ่งที่ให้แก้ไข"))
    return {"decision": str(decision), "note": note}


def _ask_for_change(by: User, locked: Response, meeting: Meeting, subject: str, values: Values) -> None:
    """What the committee wants changed is a remark on the answer, as at the conclusion, while it can be changed."""
    if locked.is_before_governor:
        return
    code = subject.removeprefix(f"{DECISION}-")
    remark = resolution_remark(meeting, code, values["decision"], values["note"])
    remarks.add_comment(by=by, response=locked, remark=remark, at=timezone.now())
