"""Guards of the transitions of an agency's part: each says in words why the transition is not possible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from survey.models import Assignment


@dataclass(frozen=True, slots=True)
class PartGuardFacts:
    """Facts the guards check besides the part: the time, the reason given, what the contribution holds."""

    now: datetime
    reason: str = ""
    answered: int = 0
    open_demands: int = 0
    evidence_reasons: Mapping[str, str] = field(default_factory=dict)
    unexplained: int = 0
    closed_reason: str = ""


PartGuard = Callable[[Assignment, PartGuardFacts], str]


def _round_open(part: Assignment, facts: PartGuardFacts) -> str:
    """The approval has not closed."""
    return _("ปิดรอบแล้ว") if part.round.is_closed(facts.now) else ""


def _in_time(part: Assignment, facts: PartGuardFacts) -> str:
    """The approval is open, the province has not submitted, the committee's last day is not past."""
    return facts.closed_reason


def _reasoned(part: Assignment, facts: PartGuardFacts) -> str:
    """A reason is given."""
    return "" if facts.reason else _("โปรดระบุเหตุผล")


def _answered(part: Assignment, facts: PartGuardFacts) -> str:
    """Something is answered."""
    if facts.answered:
        return ""
    return _("ยังไม่ได้ตอบข้อใดเลย หากไม่มีข้อมูลหรือไม่ใช่งานของหน่วยงาน ให้แจ้งพร้อมเหตุผล")


def _empty(part: Assignment, facts: PartGuardFacts) -> str:
    """Nothing is answered."""
    return _("ส่วนนี้มีคำตอบอยู่แล้ว จึงแจ้งว่าไม่มีข้อมูลไม่ได้ ให้ล้างคำตอบก่อน หรือส่งคำตอบที่มี") if facts.answered else ""


def _replied(part: Assignment, facts: PartGuardFacts) -> str:
    """Remarks that demand an answer have one."""
    if not facts.open_demands:
        return ""
    return _("มีข้อสังเกต %(count)d เรื่องที่ต้องตอบก่อนส่ง") % {"count": facts.open_demands}


def _explained(part: Assignment, facts: PartGuardFacts) -> str:
    """Missing evidence has a reason, question by question."""
    if not facts.unexplained:
        return ""
    return _("ยังขาดหลักฐาน %(count)d ข้อ โปรดระบุเหตุผลของแต่ละข้อ") % {"count": facts.unexplained}


PART_GUARDS: Mapping[str, PartGuard] = {
    "round_open": _round_open,
    "in_time": _in_time,
    "reasoned": _reasoned,
    "answered": _answered,
    "empty": _empty,
    "replied": _replied,
    "explained": _explained,
}


# These hold or fail whatever the person gives; a page can ask them before it offers the step.
PART_PRECHECKS = frozenset({"round_open", "in_time"})
