"""Recording the committee's meetings: date and agenda, calling off, resolutions by sub-pillar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from dgready.arrival import deadline_now
from survey.assigning.queries import sub_pillar_keys
from survey.committee.actions.locking import (
    check_answers_seen,
    lock_open_meeting,
    lock_provincial_response,
    record_meeting_event,
)
from survey.committee.agenda import MAX_PROCEEDINGS
from survey.committee.queries import sub_pillars_to_decide
from survey.models import Meeting, Resolution, Response, Round
from survey.notices import actions as notices
from survey.threads.comments import clean_comment_text
from survey.workflow.refusal import TransitionRefused

MEETING_FIELDS = ("number", "held_at", "place", "agenda", "proceedings")
MAX_NOTE = 1000


@dataclass(frozen=True, slots=True)
class SubPillarDecision:
    """The committee's decision on a sub-pillar; `note` says what to change."""

    decision: str
    note: str = ""


def record_meeting(*, by: User, round_: Round, fields: Mapping[str, Any]) -> Meeting:
    """Records a meeting; until it is concluded no answer is submitted. Raises NotAllowed, TransitionRefused."""
    with transaction.atomic():
        locked = lock_provincial_response(by, round_)
        if round_.is_closed(deadline_now()):
            raise TransitionRefused("closed", _("ปิดรอบแล้ว"))
        if locked.is_before_governor:
            raise TransitionRefused(
                "state", _("คำตอบเสนอ%(chief)sแล้ว บันทึกการประชุมใหม่ได้เมื่อถอนกลับหรือถูกส่งกลับ") % round_.province.words
            )
        meeting = Meeting.objects.create(round=round_, by=by, **{k: fields[k] for k in MEETING_FIELDS if k in fields})
        record_meeting_event(by, locked, "meeting.record", meeting, after=_meeting_values(meeting))
        notices.notify_meeting_planned(by=by, meeting=meeting)
    return meeting


def change_meeting(*, by: User, meeting: Meeting, fields: Mapping[str, Any]) -> Meeting:
    """Changes date, place, agenda or number. Raises NotAllowed, TransitionRefused once it is concluded."""
    with transaction.atomic():
        locked, stored = lock_open_meeting(by, meeting)
        changed_fields = [k for k in MEETING_FIELDS if k in fields and fields[k] != getattr(stored, k)]
        if changed_fields:
            before = {k: v for k, v in _meeting_values(stored).items() if k in changed_fields}
            for key in changed_fields:
                setattr(stored, key, fields[key])
            stored.save(update_fields=changed_fields)
            after = {k: v for k, v in _meeting_values(stored).items() if k in changed_fields}
            record_meeting_event(by, locked, "meeting.change", stored, before=before, after=after)
            notices.notify_meeting_planned(by=by, meeting=stored)
    return stored


def cancel_meeting(*, by: User, meeting: Meeting) -> None:
    """Calls off a meeting that was not held; it is kept, with its papers. Raises NotAllowed, TransitionRefused."""
    with transaction.atomic():
        locked, stored = lock_open_meeting(by, meeting)
        record_meeting_event(by, locked, "meeting.cancel", stored, before=_meeting_values(stored), kept=True)
        notices.notify_meeting_cancelled(by=by, meeting=stored)
        stored.cancelled_at, stored.cancelled_by = timezone.now(), by
        stored.save(update_fields=["cancelled_at", "cancelled_by"])


def record_resolutions(
    *,
    by: User,
    meeting: Meeting,
    decided: Mapping[str, SubPillarDecision],
    proceedings: str | None = None,
    seen: int | None = None,
) -> int:
    """Records the resolution on each named sub-pillar; they take effect when the meeting is concluded.

    `proceedings`: what was resolved on the other parts of the agenda, as `written_agenda` has it; None leaves it.
    `seen`: the version of the answer the person decided on; the version it has now comes back. Raises
    NotAllowed, TransitionRefused; LookupError for a sub-pillar the form does not ask about.
    """
    with transaction.atomic():
        locked, stored = lock_open_meeting(by, meeting)
        check_answers_seen(locked, seen)
        if proceedings is not None:
            _keep_proceedings(by, locked, stored, clean_comment_text(proceedings, MAX_PROCEEDINGS))
        keys = sub_pillar_keys(meeting.round.instrument)
        for code, decision in decided.items():
            if code not in sub_pillars_to_decide(meeting.round):
                raise LookupError(code)
            values = {
                "decision": Resolution.Decision(decision.decision),
                "note": clean_comment_text(decision.note, MAX_NOTE),
            }
            Resolution.objects.update_or_create(meeting=stored, sub_pillar_id=keys[code], defaults=values)
        recorded = {
            code: [str(decision.decision), clean_comment_text(decision.note, MAX_NOTE)]
            for code, decision in decided.items()
        }
        record_meeting_event(by, locked, "meeting.resolve", stored, resolutions=recorded)
    return locked.version


def _keep_proceedings(by: User, locked: Response, meeting: Meeting, text: str) -> None:
    before, meeting.proceedings = meeting.proceedings, text
    if text != before:
        meeting.save(update_fields=["proceedings"])
        sides = {"before": {"proceedings": before}, "after": {"proceedings": text}}
        record_meeting_event(by, locked, "meeting.change", meeting, **sides)


def _meeting_values(meeting: Meeting) -> dict[str, str]:
    return {**{k: getattr(meeting, k) for k in MEETING_FIELDS}, "held_at": meeting.held_at.isoformat()}
