"""How an agency's part stands: what is answered, what is late, what somebody has to do next. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from survey.assigning.targets import AssignmentTarget, covered_items, covered_questions
from survey.instrument.path import QuestionnairePath
from survey.instrument.progress import Progress, has_evidence

PartStatus = Literal["overdue", "returned", "declined", "none", "started", "submitted", "accepted"]
# What a cell of several parts shows: the one that needs somebody first.
URGENCY: Final[tuple[PartStatus, ...]] = (
    "overdue",
    "returned",
    "declined",
    "started",
    "none",
    "submitted",
    "accepted",
)
HANDED_IN: Final[frozenset[PartStatus]] = frozenset({"submitted", "accepted"})


@dataclass(slots=True)
class PartProgress(Progress):
    """Progress of a part; `given` counts what is answered at all, asked for or not."""

    given: int = 0

    def add(self, other: PartProgress) -> None:
        """Counts another one in."""
        self.total += other.total
        self.answered += other.answered
        self.evidence += other.evidence
        self.missing_evidence += other.missing_evidence
        self.given += other.given


class ContributionCounts:
    """One contribution counted once; any part of it can then be asked for."""

    __slots__ = ("_items", "path")

    def __init__(self, path: QuestionnairePath, marked: Collection[str]) -> None:
        self.path = path
        self._items: dict[str, dict[str, PartProgress]] = {}
        for field in path.fields.values():
            tally = self._of(field.question, field.item.id)
            answered = field.address in path.values
            tally.given += answered
            if field.required:
                tally.total += 1
                tally.answered += answered
        for place in path.places.values():
            tally = self._of(place.question, place.item.id)
            tally.evidence += 1
            tally.missing_evidence += not has_evidence(place, path, marked)

    def _of(self, question: str, item: str) -> PartProgress:
        return self._items.setdefault(question, {}).setdefault(item, PartProgress())

    def of(self, target: AssignmentTarget) -> PartProgress:
        """The counts of a target."""
        out = PartProgress()
        for question in covered_questions(self.path.instrument, target):
            within = covered_items(self.path.instrument, target, question) if target.item else None
            for item, tally in self._items.get(question, {}).items():
                if within is None or item in within:
                    out.add(tally)
        return out


def part_status(*, state: str, given: int, due: date, if_any: bool, today: date) -> PartStatus:
    """Where a part stands. One that is asked for only if there is something is never overdue while empty."""
    if state in ("submitted", "accepted", "returned", "declined"):
        return state  # type: ignore[return-value]
    if today > due and (given or not if_any):
        return "overdue"
    return "started" if given else "none"


def most_urgent(found: Iterable[PartStatus]) -> PartStatus:
    """The status that a cell of several parts shows. Raises ValueError for none."""
    return min(found, key=URGENCY.index)
