"""Transitions of an agency's part that a person may make, and the checks before one is made."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from dgready.arrival import deadline_now
from survey.assigning.queries import is_answering
from survey.models import Assignment
from survey.workflow.part_guards import PART_GUARDS, PART_PRECHECKS, PartGuardFacts
from survey.workflow.part_transitions import PART_TRANSITIONS, PartTransition
from survey.workflow.refusal import TransitionRefused


def may_move_part(user: User, part: Assignment, transition: PartTransition) -> bool:
    """Whether the person holds the transition's capability in the part's agency or its province."""
    return user.has(transition.capability, province_id=part.round.province_id, agency_id=part.agency_id)


def allowed_part_transitions(
    user: User, part: Assignment, closed: str = "", now: datetime | None = None
) -> list[PartTransition]:
    """The transitions this person may make now, apart from guards that depend on their input.

    `closed`: why agencies can change nothing (agency_closed_reason), asked once for all parts of a page.
    """
    facts = PartGuardFacts(now or deadline_now(), closed_reason=closed)
    if not is_answering(part):
        return []
    return [
        transition
        for transition in PART_TRANSITIONS
        if part.state in transition.sources
        and may_move_part(user, part, transition)
        and not any(PART_GUARDS[g](part, facts) for g in transition.guards if g in PART_PRECHECKS)
    ]


def check_part_transition(user: User, part: Assignment, transition: PartTransition, facts: PartGuardFacts) -> None:
    """Raises TransitionRefused unless the person may make this transition of the part now."""
    if not may_move_part(user, part, transition):
        raise TransitionRefused("capability", _("ท่านไม่มีสิทธิทำขั้นตอนนี้"))
    if not is_answering(part):
        raise TransitionRefused("state", _("หน่วยงานไม่ได้รับมอบหมายให้ตอบข้อนี้"))
    if part.state not in transition.sources:
        raise TransitionRefused("state", wrong_state_message(part, transition))
    for name in transition.guards:
        if text := PART_GUARDS[name](part, facts):
            raise TransitionRefused("guard", text)


def wrong_state_message(part: Assignment, transition: PartTransition) -> str:
    """A message with the current state and who made it; shown to the second of two people who acted at once."""
    words = {"state": Assignment.State(part.state).label, "step": str(transition.label)}
    if part.state_by is None:
        return _("%(step)sไม่ได้ เพราะส่วนนี้อยู่ในสถานะ “%(state)s”") % words
    words["who"] = part.state_by.get_full_name()
    return _("%(step)sไม่ได้ เพราะส่วนนี้อยู่ในสถานะ “%(state)s” แล้ว โดย %(who)s") % words


def stale_part_refusal(part: Assignment) -> TransitionRefused:
    """The refusal when the part changed after the person had opened the page."""
    return TransitionRefused("changed", _("ส่วนนี้เปลี่ยนไปหลังจากท่านเปิดหน้านี้ โปรดดูอีกครั้งก่อนตัดสินใจ"))
