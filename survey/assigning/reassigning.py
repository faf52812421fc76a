"""Moving parts in bulk from one agency to another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import RefusedError
from accounts.models import Agency, User
from survey.assigning.actions import assignment_entry, entry_event_data, lock_assignments
from survey.assigning.part_notices import AssignmentNotices
from survey.assigning.queries import assignment_target
from survey.journal import actions as journal
from survey.models import Assignment, Round


def reassign_parts(*, by: User, round_: Round, moving: Collection[Assignment], to: Agency) -> int:
    """Gives parts of other agencies to `to`; what it has already it keeps, and the other's goes. How many.

    A part that moves starts anew (open); the answers stay with who gave them. Raises RefusedError.
    """
    if to.province_id != round_.province_id or not to.active:
        raise RefusedError(_("มอบหมายให้ได้เฉพาะหน่วยงานที่ใช้งานอยู่ของ%(own)sนี้") % round_.province.words)
    keys = [a.pk for a in moving]
    with transaction.atomic():
        locked = lock_assignments(round_)
        rows = Assignment.objects.select_for_update(of=("self",)).select_related("agency")
        locked_parts = list(rows.filter(pk__in=keys, round=round_).exclude(agency=to))
        if len(locked_parts) != len(set(keys)):
            raise RefusedError(_("การมอบหมายเปลี่ยนไปหลังจากเปิดหน้านี้ โปรดดูตัวอย่างอีกครั้ง"))
        existing_targets = {_target_key(a) for a in Assignment.objects.filter(round=round_, agency=to)}
        before, notices = (
            [entry_event_data(assignment_entry(a, round_)) for a in locked_parts],
            AssignmentNotices(round_),
        )
        now = timezone.now()
        for assignment in locked_parts:
            target = assignment_target(round_.instrument, assignment)
            notices.unassigned[assignment.agency_id].append(target)
            if _move_to_agency(assignment, to, existing_targets, by, now):
                notices.assigned[to.pk].append(target)
        data = {"to": to.code, "before": before}
        event = journal.record_event(by=by, response=locked, verb="assignment.reassign", data=data, at=now)
        notices.send(by=by, event=event)
    return len(locked_parts)


def _target_key(assignment: Assignment) -> tuple[int | None, int | None, str]:
    return assignment.sub_pillar_id, assignment.question_id, assignment.item_id


def _move_to_agency(
    assignment: Assignment, to: Agency, has: set[tuple[int | None, int | None, str]], by: User, now: datetime
) -> bool:
    """Whether the part moved; one that `to` has already only goes."""
    if _target_key(assignment) in has:
        assignment.delete()
        return False
    has.add(_target_key(assignment))
    assignment.agency = to
    assignment.state, assignment.state_at, assignment.state_by = Assignment.State.OPEN, now, by
    assignment.state_note, assignment.suggested = "", None
    assignment.nothing_reason, assignment.evidence_reasons = "", {}
    assignment.returned_with, assignment.escalated_at = 0, None
    assignment.save()
    return True
