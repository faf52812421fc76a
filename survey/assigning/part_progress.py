"""Status and progress of an agency's part: fields answered, evidence missing, late or handed in. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from survey.assigning.targets import AssignmentTarget, covered_items, covered_questions
from survey.instrument.path import QuestionnairePath
from survey.instrument.progress import Progress, has_evidence

PartStatus = Literal["overdue", "returned", "declined", "none", "started", "submitted", "nothing", "accepted"]
# What a cell of several parts shows: the one that needs somebody first.
URGENCY: Final[tuple[PartStatus, ...]] = (
    "overdue",
    "returned",
    "declined",
    "started",
    "none",
    "submitted",
    "nothing",
    "accepted",
)
HANDED_IN: Final[frozenset[PartStatus]] = frozenset({"submitted", "nothing", "accepted"})


@dataclass(slots=True)
class PartProgress(Progress):
    """Progress of a part; `filled` counts what is answered at all, asked for or not."""

    filled: int = 0

    def add(self, other: PartProgress) -> None:
        """Adds the counts of another part."""
        self.total += other.total
        self.answered += other.answered
        self.evidence += other.evidence
        self.missing_evidence += other.missing_evidence
        self.filled += other.filled


class ContributionCounts:
    """Answered fields and proven places of one contribution, counted once, for any target of it."""

    __slots__ = ("_items", "marked", "path")

    def __init__(self, path: QuestionnairePath, marked: Collection[str]) -> None:
        self.path = path
        self.marked = frozenset(marked)
        self._items: dict[str, dict[str, PartProgress]] = {}
        for field in path.fields.values():
            tally = self._of(field.question, field.item.id)
            answered = field.address in path.values
            tally.filled += answered
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
        """The progress of one target."""
        total = PartProgress()
        for progress in self.by_question(target).values():
            total.add(progress)
        return total

    def by_question(self, target: AssignmentTarget) -> dict[str, PartProgress]:
        """The progress of each question of one target, in the order of the form."""
        by_question: dict[str, PartProgress] = {}
        for question in covered_questions(self.path.instrument, target):
            within = covered_items(self.path.instrument, target, question) if target.item else None
            total = by_question[question] = PartProgress()
            for item, tally in self._items.get(question, {}).items():
                if within is None or item in within:
                    total.add(tally)
        return by_question


def part_status(*, state: str, filled: int, due: date, if_any: bool, today: date) -> PartStatus:
    """The status of a part. An empty part that is asked for only "if any" is never overdue.

    A part handed in without any answer says that there is nothing to report.
    """
    if state == "submitted" and not filled:
        return "nothing"
    if state in ("submitted", "accepted", "returned", "declined"):
        return state  # type: ignore[return-value]
    if today > due and (filled or not if_any):
        return "overdue"
    return "started" if filled else "none"


def most_urgent(found: Iterable[PartStatus]) -> PartStatus:
    """The most urgent of several statuses, which a cell of several parts shows. Raises ValueError for none."""
    return min(found, key=URGENCY.index)
