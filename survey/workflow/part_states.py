"""How an agency's part moves: one table, and the one function that moves it (design, wall 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Capability
from survey.assigning import queries as parts
from survey.models import Assignment
from survey.workflow.response_states import TransitionRefused

PartTransitionName = Literal["submit", "withdraw", "accept", "return", "decline", "reopen"]


@dataclass(frozen=True, slots=True)
class PartGuardFacts:
    """What the guards look at besides the part: the moment, what was given, and what is in the contribution."""

    now: datetime
    reason: str = ""
    given: int = 0
    demands: int = 0
    closed: str = ""


Guard = Callable[[Assignment, PartGuardFacts], str]


def _round_open(part: Assignment, facts: PartGuardFacts) -> str:
    """The approval has not closed."""
    return _("ปิดรอบแล้ว") if part.round.is_closed(facts.now) else ""


def _in_time(part: Assignment, facts: PartGuardFacts) -> str:
    """The approval is open, the province has not submitted, the committee's last day is not past."""
    return facts.closed


def _reasoned(part: Assignment, facts: PartGuardFacts) -> str:
    """A reason is given."""
    return "" if facts.reason else _("โปรดระบุเหตุผล")


def _answered(part: Assignment, facts: PartGuardFacts) -> str:
    """Something is answered, unless the part is asked for only if there is something."""
    if facts.given or part.if_any:
        return ""
    return _("ยังไม่ได้ตอบข้อใดเลย หากไม่ใช่งานของหน่วยงาน ให้แจ้งว่าไม่เกี่ยวข้องพร้อมเหตุผล")


def _replied(part: Assignment, facts: PartGuardFacts) -> str:
    """Remarks that demand an answer have one."""
    return _("มีข้อสังเกตที่ต้องตอบก่อนส่ง") if facts.demands else ""


GUARDS: Mapping[str, Guard] = {
    "round_open": _round_open,
    "in_time": _in_time,
    "reasoned": _reasoned,
    "answered": _answered,
    "replied": _replied,
}
# These hold or fail whatever the person gives; a page can ask them before it offers the step.
PRECHECK_GUARDS = frozenset({"round_open", "in_time"})


@dataclass(frozen=True, slots=True)
class PartTransition:
    """A row of the table: from any of `sources` to `target`, for holders of `cap`, if all guards hold."""

    name: PartTransitionName
    sources: tuple[Assignment.State, ...]
    target: Assignment.State
    cap: Capability
    guards: tuple[str, ...]
    label: str | Promise

    @property
    def verb(self) -> str:
        """The verb in the journal."""
        return f"part.{self.name}"


PART_TRANSITIONS: tuple[PartTransition, ...] = (
    PartTransition(
        "submit",
        (Assignment.State.OPEN, Assignment.State.RETURNED),
        Assignment.State.SUBMITTED,
        Capability.CONTRIBUTION_EDIT,
        ("in_time", "answered", "replied"),
        gettext_lazy("ส่งให้ฝ่ายเลขานุการ"),
    ),
    PartTransition(
        "withdraw",
        (Assignment.State.SUBMITTED,),
        Assignment.State.OPEN,
        Capability.CONTRIBUTION_EDIT,
        ("in_time",),
        gettext_lazy("ถอนกลับมาแก้ไข"),
    ),
    PartTransition(
        "decline",
        (Assignment.State.OPEN, Assignment.State.RETURNED),
        Assignment.State.DECLINED,
        Capability.CONTRIBUTION_EDIT,
        ("in_time", "reasoned"),
        gettext_lazy("แจ้งว่าไม่เกี่ยวข้อง"),
    ),
    PartTransition(
        "accept",
        (Assignment.State.SUBMITTED,),
        Assignment.State.ACCEPTED,
        Capability.ASSIGN,
        ("round_open",),
        gettext_lazy("รับ"),
    ),
    PartTransition(
        "return",
        (Assignment.State.SUBMITTED, Assignment.State.ACCEPTED),
        Assignment.State.RETURNED,
        Capability.ASSIGN,
        ("round_open", "reasoned"),
        gettext_lazy("ส่งกลับให้แก้ไข"),
    ),
    PartTransition(
        "reopen",
        (Assignment.State.DECLINED,),
        Assignment.State.OPEN,
        Capability.ASSIGN,
        ("round_open",),
        gettext_lazy("ให้หน่วยงานเดิมทำต่อ"),
    ),
)
PART_TRANSITIONS_BY_NAME: Mapping[str, PartTransition] = {row.name: row for row in PART_TRANSITIONS}


def may_move_part(user: User, part: Assignment, row: PartTransition) -> bool:
    """Whether the person holds what the row asks for: in the part's agency, or in its province."""
    return user.has(row.cap, province_id=part.round.province_id, agency_id=part.agency_id)


def allowed_part_transitions(
    user: User, part: Assignment, closed: str = "", now: datetime | None = None
) -> list[PartTransition]:
    """The steps this person could take now, given what the guards that ask for input then need.

    `closed`: why agencies can change nothing (parts.closed), asked once for all parts of a page.
    """
    facts = PartGuardFacts(now or timezone.now(), closed=closed)
    if not parts.is_answering(part):
        return []
    return [
        row
        for row in PART_TRANSITIONS
        if part.state in row.sources
        and may_move_part(user, part, row)
        and not any(GUARDS[g](part, facts) for g in row.guards if g in PRECHECK_GUARDS)
    ]


def check_part_transition(user: User, part: Assignment, row: PartTransition, facts: PartGuardFacts) -> None:
    """Raises Refused unless the person may take this step from where the part stands."""
    if not may_move_part(user, part, row):
        raise TransitionRefused("capability", _("ท่านไม่มีสิทธิทำขั้นตอนนี้"))
    if not parts.is_answering(part):
        raise TransitionRefused("state", _("หน่วยงานไม่ได้รับมอบหมายให้ตอบข้อนี้"))
    if part.state not in row.sources:
        raise TransitionRefused("state", wrong_state_message(part, row))
    for name in row.guards:
        if text := GUARDS[name](part, facts):
            raise TransitionRefused("guard", text)


def wrong_state_message(part: Assignment, row: PartTransition) -> str:
    """In which state it is and by whom; of two people at once, the second one reads this."""
    words = {"state": Assignment.State(part.state).label, "step": str(row.label)}
    if part.state_by is None:
        return _("%(step)sไม่ได้ เพราะส่วนนี้อยู่ในสถานะ “%(state)s”") % words
    words["who"] = part.state_by.get_full_name()
    return _("%(step)sไม่ได้ เพราะส่วนนี้อยู่ในสถานะ “%(state)s” แล้ว โดย %(who)s") % words


def stale_part_refusal(part: Assignment) -> TransitionRefused:
    """The refusal for somebody who decided on what has changed since."""
    return TransitionRefused("changed", _("ส่วนนี้เปลี่ยนไปหลังจากท่านเปิดหน้านี้ โปรดดูอีกครั้งก่อนตัดสินใจ"))
