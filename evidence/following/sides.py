"""Evidence taken over, compared on three sides: as it was taken, as its agency has it, as the province has it. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

ChangeKind = Literal["new", "marks", "unmarked", "removed", "version", "date", "copy", "confirmed"]


class MarkKey(NamedTuple):
    """What makes two marks the same."""

    pages: str
    quote: str
    areas: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceSide:
    """Evidence as one side has it.

    `content`: hash or web address; `day`: of the document, None where unknown; `copied`: with a copy of the page.
    """

    content: str
    day: str | None
    marks: frozenset[MarkKey]
    removed: bool = False
    to_confirm: bool = False
    copied: bool = False


@dataclass(frozen=True, slots=True)
class SideChanges:
    """What its agency changed that the province has not: `kinds` can be taken over, `conflicts` both sides changed."""

    kinds: tuple[ChangeKind, ...] = ()
    conflicts: tuple[ChangeKind, ...] = ()
    new_marks: frozenset[MarkKey] = frozenset()
    gone_marks: frozenset[MarkKey] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.kinds or self.conflicts)


def compare_sides(base: EvidenceSide, theirs: EvidenceSide, mine: EvidenceSide) -> SideChanges:
    """What changed on their side since `base`; what the province removed by itself stays removed."""
    if mine.removed:
        return SideChanges()
    own_marks = bool(mine.marks - base.marks)
    own_day = base.day is not None and mine.day not in (base.day, theirs.day)
    if theirs.removed:
        return _one("removed", conflict=own_marks or own_day)
    if theirs.content != base.content:
        return (
            _one("version", conflict=mine.content != base.content) if theirs.content != mine.content else SideChanges()
        )
    kinds: list[ChangeKind] = []
    conflicts: list[ChangeKind] = []
    new_marks = theirs.marks - base.marks - mine.marks
    gone_marks = (base.marks & mine.marks) - theirs.marks
    if new_marks:
        kinds.append("marks")
    if gone_marks:
        kinds.append("unmarked")
    if base.day is not None and theirs.day not in (base.day, mine.day):
        (conflicts if own_day else kinds).append("date")
    if theirs.copied and not (base.copied or mine.copied):
        kinds.append("copy")
    if mine.to_confirm and not theirs.to_confirm:
        kinds.append("confirmed")
    return SideChanges(tuple(kinds), tuple(conflicts), new_marks, gone_marks)


def _one(kind: ChangeKind, *, conflict: bool) -> SideChanges:
    return SideChanges(conflicts=(kind,)) if conflict else SideChanges((kind,))
