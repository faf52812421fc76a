"""Concluding a meeting: the answer is endorsed or returned; and extending the days for late additions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.committee.actions.locking import (
    check_answers_seen,
    lock_open_meeting,
    lock_provincial_response,
    record_meeting_event,
)
from survey.committee.attendance import AttendanceCount, AttendanceSheet, attendance_fault, read_attendance
from survey.committee.endorsement import read_endorsement
from survey.committee.queries import meeting_resolutions, sub_pillars_to_decide
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.models import Event, Meeting, Resolution, Response
from survey.notices import actions as notices
from survey.threads import comments as remarks
from survey.threads.comments import NewComment
from survey.workflow.refusal import TransitionRefused
from survey.workflow.response_guards import ResponseGuardFacts
from survey.workflow.response_states import move_response
from survey.workflow.response_transitions import ResponseTransitionName


def conclude_meeting(*, by: User, meeting: Meeting, late_until: date | None = None, seen: int | None = None) -> Event:
    """Concludes a meeting with attendance and resolutions: the answer is endorsed, or returned when any sub-pillar is.

    What is to be changed becomes remarks on the answer. `late_until`: the last day on which an endorsed answer
    may still be added to. `seen`: the version of the answer the person decided on. Raises NotAllowed,
    TransitionRefused.
    """
    with transaction.atomic():
        locked, stored = lock_open_meeting(by, meeting)
        check_answers_seen(locked, seen)
        now = timezone.now()
        decided = meeting_resolutions(stored)
        sheet = read_attendance(stored)
        returned = any(row.decision == Resolution.Decision.RETURN for row in decided.values())
        if faults := conclusion_faults(stored, sheet, decided, now):
            raise TransitionRefused("guard", faults[0])
        if late_until is not None and not returned:
            _check_late_until(stored, late_until)
        outcome = Meeting.Outcome.RETURNED if returned else Meeting.Outcome.ENDORSED
        stored.concluded_at, stored.concluded_by, stored.outcome = now, by, outcome
        stored.late_until = None if returned else late_until
        stored.order, stored.quorum = sheet.order, sheet.count.quorum
        stored.save(update_fields=["concluded_at", "concluded_by", "outcome", "late_until", "order", "quorum"])
        event = _move_response(by, locked, stored, decided, sheet.count)
        notices.notify_meeting_concluded(by=by, meeting=stored)
    for field in ("concluded_at", "concluded_by", "outcome", "late_until"):
        setattr(meeting, field, getattr(stored, field))
    return event


def extend_late_additions(*, by: User, meeting: Meeting, late_until: date) -> None:
    """Changes the last day for late additions to the endorsed answer. Raises NotAllowed, TransitionRefused."""
    with transaction.atomic():
        locked = lock_provincial_response(by, meeting.round)
        stored = Meeting.objects.select_for_update().get(pk=meeting.pk)
        endorsed = read_endorsement(locked)
        if locked.state != Response.State.ENDORSED or endorsed is None or endorsed.data.get("meeting") != stored.pk:
            raise TransitionRefused(
                "state",
                _("เลื่อนวันได้เฉพาะคำตอบที่คณะกรรมการครั้งนี้เห็นชอบและยังไม่ได้เสนอ%(chief)s") % meeting.round.province.words,
            )
        _check_late_until(stored, late_until)
        before, stored.late_until = stored.late_until, late_until
        stored.save(update_fields=["late_until"])
        Response.objects.filter(pk=locked.pk).update(late_until=late_until)
        old = {"late_until": before.isoformat() if before else ""}
        record_meeting_event(
            by, locked, "meeting.late", stored, before=old, after={"late_until": late_until.isoformat()}
        )
    meeting.late_until = late_until


def conclusion_faults(
    meeting: Meeting, sheet: AttendanceSheet, decided: Mapping[str, Resolution], now: datetime
) -> list[str]:
    """Everything that keeps a meeting from being concluded, in words; empty when it can be."""
    missing = [code for code in sub_pillars_to_decide(meeting.round) if code not in decided]
    silent = [code for code, row in decided.items() if row.decision != Resolution.Decision.ENDORSE and not row.note]
    faults = [
        _("ยังไม่ถึงวันประชุม") if timezone.localdate(meeting.held_at) > timezone.localdate(now) else "",
        attendance_fault(sheet.seats),
        _("ยังไม่มีมติของ %(codes)s") % {"codes": ", ".join(missing)} if missing else "",
        _("ระบุสิ่งที่ให้แก้ไขของ %(codes)s") % {"codes": ", ".join(silent)} if silent else "",
    ]
    return [fault for fault in faults if fault]


def _check_late_until(meeting: Meeting, late_until: date) -> None:
    last = timezone.localdate(meeting.round.closes_at)
    if not timezone.localdate(meeting.held_at) <= late_until <= last:
        raise TransitionRefused("guard", _("วันสุดท้ายที่เพิ่มเติมได้ต้องไม่อยู่ก่อนวันประชุม และไม่อยู่หลังวันปิดรับการอนุมัติ"))


def _move_response(
    by: User, locked: Response, meeting: Meeting, decided: Mapping[str, Resolution], count: AttendanceCount
) -> Event:
    """Makes the transition that the resolutions decide (endorse or remand), with a remark on each change asked."""
    resolution_remarks = list(_resolution_remarks(meeting, decided))
    facts = ResponseGuardFacts(timezone.now(), resolved=True, remarks=len(resolution_remarks))

    def effect(response: Response, at: datetime) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        comment_keys = [remarks.add_comment(by=by, response=response, remark=r, at=at).pk for r in resolution_remarks]
        late = meeting.late_until.isoformat() if meeting.late_until else None
        decisions = {code: str(row.decision) for code, row in decided.items()}
        data: dict[str, Any] = {
            "meeting": meeting.pk,
            "resolutions": decisions,
            "comments": comment_keys,
            "late_until": late,
            "order": meeting.order_id,
        }
        data["attendance"] = {key: value for key, value in asdict(count).items() if value is not None}
        return data, {"late_until": meeting.late_until}

    name: ResponseTransitionName = "remand" if meeting.outcome == Meeting.Outcome.RETURNED else "endorse"
    return move_response(by=by, response=locked, name=name, facts=lambda _r, _now: facts, effect=effect)


def _resolution_remarks(meeting: Meeting, decided: Mapping[str, Resolution]) -> Iterable[NewComment]:
    for code, row in decided.items():
        if row.decision != Resolution.Decision.ENDORSE:
            yield resolution_remark(meeting, code, row.decision, row.note)


def resolution_remark(meeting: Meeting, code: str, decision: str, note: str) -> NewComment:
    """The remark on the answer that asks for what the committee wants changed in a sub-pillar."""
    compiled = compiled_instrument(meeting.round.instrument)
    first = next(iter(covered_questions(compiled, AssignmentTarget(sub_pillar=code))), None)
    question = questions_by_item_id(meeting.round.instrument)[first] if first else None
    words = {"code": code, "what": Resolution.Decision(decision).label, "note": note}
    return NewComment(question, _("มติคณะกรรมการ %(code)s %(what)s: %(note)s") % words)
