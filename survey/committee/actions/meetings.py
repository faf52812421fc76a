"""The committee's meetings: put on record, decided sub-pillar by sub-pillar, and concluded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import NotAllowed
from accounts.models import User
from accounts.roles import Capability
from survey.access import has_response_capability
from survey.assigning import queries as parts
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.committee import queries as committee
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.journal import actions as journal
from survey.models import Attendance, Event, Meeting, Resolution, Response, Round
from survey.notices import actions as notices
from survey.threads import comments as remarks
from survey.threads.comments import NewComment, clean_comment_text
from survey.workflow.response_states import (
    ResponseGuardFacts,
    ResponseTransitionName,
    TransitionRefused,
    check_version_seen,
    move_response,
)

MEETING_FIELDS = ("number", "held_at", "place", "agenda")
MAX_NOTE = 1000
MAX_POSITIONS = 200
MEETING_CAPABILITY = Capability.ENDORSE


@dataclass(frozen=True, slots=True)
class MemberAttendance:
    """A member by position: came, or sent somebody, or neither."""

    position: str
    present: bool = True
    represented: bool = False


@dataclass(frozen=True, slots=True)
class SubPillarDecision:
    """The committee's word on a sub-pillar; `note` says what to change."""

    decision: str
    note: str = ""


def record_meeting(*, by: User, round_: Round, fields: Mapping[str, Any]) -> Meeting:
    """Puts a meeting on record; until it is concluded nothing goes to the governor. Raises NotAllowed, Refused."""
    with transaction.atomic():
        locked = _lock_provincial_response(by, round_)
        if round_.is_closed(timezone.now()):
            raise TransitionRefused("closed", _("ปิดรอบแล้ว"))
        if locked.is_before_governor:
            raise TransitionRefused("state", _("คำตอบเสนอผู้ว่าราชการจังหวัดแล้ว บันทึกการประชุมใหม่ได้เมื่อถอนกลับหรือถูกส่งกลับ"))
        meeting = Meeting.objects.create(round=round_, by=by, **{k: fields[k] for k in MEETING_FIELDS if k in fields})
        _record_meeting_event(by, locked, "meeting.record", meeting, after=_meeting_values(meeting))
        notices.notify_meeting_planned(by=by, meeting=meeting)
    return meeting


def change_meeting(*, by: User, meeting: Meeting, fields: Mapping[str, Any]) -> Meeting:
    """Changes date, place, agenda or number. Raises NotAllowed, Refused once it is concluded."""
    with transaction.atomic():
        locked, stored = _lock_open_meeting(by, meeting)
        moved = [k for k in MEETING_FIELDS if k in fields and fields[k] != getattr(stored, k)]
        if moved:
            before = {k: v for k, v in _meeting_values(stored).items() if k in moved}
            for key in moved:
                setattr(stored, key, fields[key])
            stored.save(update_fields=moved)
            after = {k: v for k, v in _meeting_values(stored).items() if k in moved}
            _record_meeting_event(by, locked, "meeting.change", stored, before=before, after=after)
            notices.notify_meeting_planned(by=by, meeting=stored)
    return stored


def cancel_meeting(*, by: User, meeting: Meeting) -> None:
    """Takes a meeting off the record that did not come about. Raises NotAllowed, Refused once it is concluded."""
    with transaction.atomic():
        locked, stored = _lock_open_meeting(by, meeting)
        _record_meeting_event(by, locked, "meeting.cancel", stored, before=_meeting_values(stored))
        notices.notify_meeting_cancelled(by=by, meeting=stored)
        stored.delete()


def record_attendance(*, by: User, meeting: Meeting, seats: Iterable[MemberAttendance]) -> int:
    """Writes down who came, by position, in the order given. Raises NotAllowed, Refused."""
    given = {" ".join(clean_comment_text(s.position, 200).split()): s for s in list(seats)[:MAX_POSITIONS]}
    given.pop("", None)
    with transaction.atomic():
        locked, stored = _lock_open_meeting(by, meeting)
        stored.attendance.all().delete()
        Attendance.objects.bulk_create(
            Attendance(meeting=stored, position=p, present=s.present, represented=s.represented and not s.present)
            for p, s in given.items()
        )
        _record_meeting_event(
            by, locked, "meeting.attendance", stored, count=len(given), present=sum(s.present for s in given.values())
        )
    return len(given)


def record_resolutions(
    *, by: User, meeting: Meeting, decided: Mapping[str, SubPillarDecision], seen: int | None = None
) -> int:
    """Writes the resolution on each named sub-pillar; they bind once the meeting is concluded.

    `seen`: the version of the answer the person decided on; the version it has now comes back. Raises
    NotAllowed, Refused; LookupError for a sub-pillar the form does not ask about.
    """
    with transaction.atomic():
        locked, stored = _lock_open_meeting(by, meeting)
        check_version_seen(locked, seen)
        keys = parts.sub_pillar_keys(meeting.round.instrument)
        for code, one in decided.items():
            if code not in committee.sub_pillars_to_decide(meeting.round):
                raise LookupError(code)
            values = {"decision": Resolution.Decision(one.decision), "note": clean_comment_text(one.note, MAX_NOTE)}
            Resolution.objects.update_or_create(meeting=stored, sub_pillar_id=keys[code], defaults=values)
        told = {code: [str(one.decision), clean_comment_text(one.note, MAX_NOTE)] for code, one in decided.items()}
        _record_meeting_event(by, locked, "meeting.resolve", stored, resolutions=told)
    return locked.version


def conclude_meeting(*, by: User, meeting: Meeting, late_until: date | None = None, seen: int | None = None) -> Event:
    """Concludes a meeting: the answer is endorsed, or returned when any sub-pillar is.

    What is to be changed becomes remarks on the answer. `late_until`: the last day on which an endorsed answer
    may still be added to. `seen`: the version of the answer the person decided on. Raises NotAllowed, Refused.
    """
    with transaction.atomic():
        locked, stored = _lock_open_meeting(by, meeting)
        now = timezone.now()
        decided = committee.meeting_resolutions(stored)
        returned = any(row.decision == Resolution.Decision.RETURN for row in decided.values())
        _check_conclusion(stored, decided, late_until, returned, now)
        outcome = Meeting.Outcome.RETURNED if returned else Meeting.Outcome.ENDORSED
        stored.concluded_at, stored.concluded_by, stored.outcome = now, by, outcome
        stored.late_until = None if returned else late_until
        stored.save(update_fields=["concluded_at", "concluded_by", "outcome", "late_until"])
        event = _move_response(by, locked, stored, decided, seen)
        notices.notify_meeting_concluded(by=by, meeting=stored)
    for field in ("concluded_at", "concluded_by", "outcome", "late_until"):
        setattr(meeting, field, getattr(stored, field))
    return event


def extend_late_additions(*, by: User, meeting: Meeting, late_until: date) -> None:
    """Moves the last day for late additions of the endorsement that stands. Raises NotAllowed, Refused."""
    with transaction.atomic():
        locked = _lock_provincial_response(by, meeting.round)
        stored = Meeting.objects.select_for_update().get(pk=meeting.pk)
        endorsed = committee.read_endorsement(locked)
        if locked.state != Response.State.ENDORSED or endorsed is None or endorsed.data.get("meeting") != stored.pk:
            raise TransitionRefused("state", _("เลื่อนวันได้เฉพาะคำตอบที่คณะกรรมการครั้งนี้เห็นชอบและยังไม่ได้เสนอผู้ว่าราชการจังหวัด"))
        _check_late_until(stored, late_until)
        before, stored.late_until = stored.late_until, late_until
        stored.save(update_fields=["late_until"])
        Response.objects.filter(pk=locked.pk).update(late_until=late_until)
        old = {"late_until": before.isoformat() if before else ""}
        _record_meeting_event(
            by, locked, "meeting.late", stored, before=old, after={"late_until": late_until.isoformat()}
        )
    meeting.late_until = late_until


# -- inside ---------------------------------------------------------------------------------------


def _lock_provincial_response(by: User, round_: Round) -> Response:
    """The provincial response, locked; everything about a round's meetings happens under it."""
    locked = journal.lock_response(Response.objects.only("pk").get(round=round_, agency=None).pk)
    locked.round = round_
    if not has_response_capability(by, locked, MEETING_CAPABILITY):
        raise NotAllowed
    return locked


def _lock_open_meeting(by: User, meeting: Meeting) -> tuple[Response, Meeting]:
    locked = _lock_provincial_response(by, meeting.round)
    stored = (
        Meeting.objects.select_for_update(of=("self",)).select_related("concluded_by").filter(pk=meeting.pk).first()
    )
    if stored is None:
        raise TransitionRefused("state", _("การประชุมนี้ถูกยกเลิกแล้ว"))
    if stored.concluded_at is not None:
        who = stored.concluded_by.get_full_name() if stored.concluded_by else ""
        raise TransitionRefused("state", _("การประชุมนี้บันทึกมติเสร็จแล้ว โดย %(who)s") % {"who": who})
    stored.round = meeting.round
    return locked, stored


def _meeting_values(meeting: Meeting) -> dict[str, str]:
    return {**{k: getattr(meeting, k) for k in MEETING_FIELDS}, "held_at": meeting.held_at.isoformat()}


def _record_meeting_event(by: User, locked: Response, verb: str, meeting: Meeting, **data: Any) -> Event:
    return journal.record_event(by=by, response=locked, verb=verb, data={"meeting": meeting.pk, **data})


def _check_conclusion(
    meeting: Meeting, decided: Mapping[str, Resolution], late_until: date | None, returned: bool, now: datetime
) -> None:
    if timezone.localdate(meeting.held_at) > timezone.localdate(now):
        raise TransitionRefused("guard", _("ยังไม่ถึงวันประชุม"))
    missing = [code for code in committee.sub_pillars_to_decide(meeting.round) if code not in decided]
    if missing:
        raise TransitionRefused("guard", _("ยังไม่มีมติของ %(codes)s") % {"codes": ", ".join(missing)})
    silent = [code for code, row in decided.items() if row.decision != Resolution.Decision.ENDORSE and not row.note]
    if silent:
        raise TransitionRefused("guard", _("ระบุสิ่งที่ให้แก้ไขของ %(codes)s") % {"codes": ", ".join(silent)})
    if late_until is not None and not returned:
        _check_late_until(meeting, late_until)


def _check_late_until(meeting: Meeting, late_until: date) -> None:
    last = timezone.localdate(meeting.round.closes_at)
    if not timezone.localdate(meeting.held_at) <= late_until <= last:
        raise TransitionRefused("guard", _("วันสุดท้ายที่เพิ่มเติมได้ต้องไม่อยู่ก่อนวันประชุม และไม่อยู่หลังวันปิดรับการอนุมัติ"))


def _move_response(
    by: User, locked: Response, meeting: Meeting, decided: Mapping[str, Resolution], seen: int | None
) -> Event:
    """The step that the resolutions come to, with a remark on everything to be changed."""
    given = list(_resolution_remarks(meeting, decided))
    facts = ResponseGuardFacts(timezone.now(), resolved=True, remarks=len(given))

    def effect(response: Response, at: datetime) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        made = [remarks.add_comment(by=by, response=response, remark=r, at=at).pk for r in given]
        late = meeting.late_until.isoformat() if meeting.late_until else None
        told = {code: str(row.decision) for code, row in decided.items()}
        data = {"meeting": meeting.pk, "resolutions": told, "comments": made, "late_until": late}
        return data, {"late_until": meeting.late_until}

    name: ResponseTransitionName = "remand" if meeting.outcome == Meeting.Outcome.RETURNED else "endorse"
    return move_response(by=by, response=locked, name=name, facts=lambda _r, _now: facts, effect=effect, seen=seen)


def _resolution_remarks(meeting: Meeting, decided: Mapping[str, Resolution]) -> Iterable[NewComment]:
    compiled = compiled_instrument(meeting.round.instrument)
    rows = questions_by_item_id(meeting.round.instrument)
    for code, row in decided.items():
        if row.decision != Resolution.Decision.ENDORSE:
            first = next(iter(covered_questions(compiled, AssignmentTarget(sub_pillar=code))), None)
            words = {"code": code, "what": Resolution.Decision(row.decision).label, "note": row.note}
            yield NewComment(rows[first] if first else None, _("มติคณะกรรมการ %(code)s %(what)s: %(note)s") % words)
