"""The table of transitions of an agency's part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.roles import Capability
from survey.models import Assignment

PartTransitionName = Literal["submit", "nothing", "withdraw", "accept", "return", "decline", "reopen"]


@dataclass(frozen=True, slots=True)
class PartTransition:
    """One transition: from any of `sources` to `target`, for holders of `capability`, if all guards hold."""

    name: PartTransitionName
    sources: tuple[Assignment.State, ...]
    target: Assignment.State
    capability: Capability
    guards: tuple[str, ...]
    label: str | Promise

    @property
    def verb(self) -> str:
        """The verb of the journal event."""
        return f"part.{self.name}"


PART_TRANSITIONS: tuple[PartTransition, ...] = (
    PartTransition(
        "submit",
        (Assignment.State.OPEN, Assignment.State.RETURNED),
        Assignment.State.SUBMITTED,
        Capability.CONTRIBUTION_EDIT,
        ("in_time", "answered", "replied", "explained"),
        gettext_lazy("ส่งให้ฝ่ายเลขานุการ"),
    ),
    PartTransition(
        "nothing",
        (Assignment.State.OPEN, Assignment.State.RETURNED),
        Assignment.State.SUBMITTED,
        Capability.CONTRIBUTION_EDIT,
        ("in_time", "reasoned", "empty", "replied"),
        gettext_lazy("แจ้งว่าไม่มีข้อมูลจะรายงาน"),
    ),
    PartTransition(
        "withdraw",
        (Assignment.State.SUBMITTED, Assignment.State.DECLINED),
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
