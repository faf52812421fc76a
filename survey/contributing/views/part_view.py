"""An agency's part as a page shows it: status, progress, due date and the steps this person may take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from scoring.engine.level_five import LevelFiveStanding
from survey.assigning.part_progress import PartProgress, PartStatus
from survey.assigning.queries import (
    is_answering,
)
from survey.assigning.targets import AssignmentTarget
from survey.instrument.proof.guide import ProofText
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment
from survey.models.round import NOTHING_ACCEPTED_LABEL, NOTHING_LABEL
from survey.threads.open_comments import OpenComment
from survey.workflow.part_transitions import PartTransition

STATUS_LABELS: Final[dict[PartStatus, str | Promise]] = {
    "overdue": gettext_lazy("เลยกำหนด"),
    "returned": pgettext_lazy("state", "ส่งกลับให้แก้ไข"),
    "declined": pgettext_lazy("state", "แจ้งว่าไม่เกี่ยวข้อง"),
    "none": gettext_lazy("ยังไม่เริ่ม"),
    "started": gettext_lazy("กำลังทำ"),
    "submitted": gettext_lazy("ส่งแล้ว"),
    "nothing": NOTHING_LABEL,
    "accepted": gettext_lazy("รับแล้ว"),
}


@dataclass(slots=True)
class PartView:
    """An agency's part as shown on the desk and the board."""

    part: Assignment
    target: AssignmentTarget
    title: str
    codes: str
    status: PartStatus
    progress: PartProgress
    due: date
    late: bool
    days: int
    url: str
    section: str
    steps: dict[str, PartTransition]
    needs: list[LevelFiveStanding] = field(default_factory=list)
    documents: Sequence[ProofText] = ()
    comments: list[OpenComment] = field(default_factory=list)
    last_year: dict[str, Any] | None = None
    fault: str = ""
    posted: Mapping[str, str] = field(default_factory=dict)

    @property
    def answers(self) -> bool:
        """Whether the agency answers it, rather than reviews it or is informed."""
        return is_answering(self.part)

    @property
    def todo(self) -> bool:
        """Whether the agency has to act on it."""
        return self.answers and self.status in ("none", "started", "overdue", "returned")

    @property
    def nothing(self) -> bool:
        """Whether it was handed in without any answer: there is nothing to report."""
        return self.part.is_handed_in and not self.progress.filled

    @property
    def label(self) -> str:
        """Its status as a label."""
        if not self.answers:
            return _("อ่านอย่างเดียว")
        if self.nothing and self.status == "accepted":
            return str(NOTHING_ACCEPTED_LABEL)
        return str(STATUS_LABELS[self.status])

    @property
    def evidence_reasons(self) -> list[tuple[str, str]]:
        """While it lies with the secretariat: question by question, why evidence is missing."""
        if not self.part.is_handed_in:
            return []
        items = compiled_instrument(self.part.round.instrument).items
        return [(items[q].code or q, reason) for q, reason in self.part.evidence_reasons.items() if q in items]

    @property
    def overdue(self) -> int:
        """Days since it was due."""
        return -self.days

    @property
    def seen(self) -> str:
        """The time of its last transition (ISO 8601), posted back with an action."""
        return self.part.state_at.isoformat() if self.part.state_at else ""
