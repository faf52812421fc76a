"""Handing in every open part of an agency at once, where each agency answers the whole form for itself."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from survey.answering.opening import ensure_response
from survey.assigning import part_notices
from survey.assigning.queries import OPEN_STATES, agency_assignments, assignment_target, is_answering
from survey.contributing.actions import move_part
from survey.journal import actions as journal
from survey.models import Assignment, Event, Round
from survey.workflow.refusal import TransitionRefused


def open_parts(round_: Round, agency: Agency) -> list[Assignment]:
    """The parts that the agency has still to hand in, in the order of the form. One query."""
    parts = [p for p in agency_assignments(round_, agency.pk) if is_answering(p) and p.state in OPEN_STATES]
    for part in parts:
        part.round, part.agency = round_, agency
    return parts


def hand_in_whole_form(
    *,
    by: User,
    round_: Round,
    agency: Agency,
    seen: int | None = None,
    evidence_reasons: Mapping[str, str] | None = None,
) -> list[Assignment]:
    """Hands in all open parts of the agency, or none; the secretariat is told once.

    `seen`: the version of the contribution that the person looked through; a later one is refused.
    Raises TransitionRefused, which names the part that holds it up.
    """
    with transaction.atomic():
        contribution = ensure_response(by=by, round_=round_, agency=agency)
        locked = journal.lock_response(contribution.pk)
        if seen is not None and seen != locked.version:
            raise TransitionRefused("changed", _("คำตอบเปลี่ยนไปหลังจากท่านเปิดหน้าตรวจ โปรดตรวจอีกครั้งก่อนส่ง"))
        parts = open_parts(round_, agency)
        if not parts:
            raise TransitionRefused("state", _("ไม่มีส่วนที่ต้องส่งแล้ว"))
        events = [_hand_in(by, part, evidence_reasons or {}) for part in parts]
        part_notices.notify_part_moved(by=by, parts=parts, name="submit", event=events[-1])
    return parts


def _hand_in(by: User, part: Assignment, evidence_reasons: Mapping[str, str]) -> Event:
    try:
        return move_part(by=by, part=part, name="submit", evidence_reasons=evidence_reasons, tell=False)
    except TransitionRefused as refused:
        name = part_notices.part_name(part.round, assignment_target(part.round.instrument, part))
        raise TransitionRefused(refused.reason, f"{name}: {refused}") from refused
