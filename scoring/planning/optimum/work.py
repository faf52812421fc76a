"""Pieces of work, and the units they make: what raises a count by one. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from scoring.planning.what_if.changes import ScenarioChanges
from survey.instrument.schema import LocalizedText

NO_PIECES: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WorkPiece:
    """One piece of work: the address it is done for, its kind and effort in whole units.

    `this_year`: whether it can still count this year; else it builds the next.
    """

    key: str
    kind: str
    effort: int
    label: LocalizedText
    this_year: bool = True


@dataclass(frozen=True, slots=True)
class WorkUnit:
    """What makes a measure one more. Of units with the same `field` only one counts."""

    pieces: tuple[WorkPiece, ...]
    changes: tuple[ScenarioChanges, ...]
    field: str = ""


@dataclass(frozen=True, slots=True)
class WorkNode:
    """The units of a measure, or (`rule`) those of its parts. `capacities`: how many more a part may count.

    `needs`: how many more a part of "all" or "any" needs; 0: it holds.
    """

    units: tuple[WorkUnit, ...] = ()
    rule: Literal["units", "sum", "any", "all"] = "units"
    parts: tuple[WorkNode, ...] = ()
    capacities: tuple[int | None, ...] = ()
    needs: tuple[int, ...] = ()

    def walk(self) -> Iterator[WorkUnit]:
        """Every unit below."""
        yield from self.units
        for part in self.parts:
            yield from part.walk()


EffortCurve = list[tuple[int, tuple[WorkUnit, ...]]]  # for 0, 1, 2, … more: effort and units


def sum_effort(pieces: Iterable[WorkPiece], free_pieces: frozenset[str] = NO_PIECES) -> int:
    """The effort of pieces; what is needed twice is done once, what is free costs nothing."""
    efforts: dict[str, int] = {}
    for piece in pieces:
        if piece.key not in free_pieces:
            efforts[piece.key] = max(piece.effort, efforts.get(piece.key, 0))
    return sum(efforts.values())
