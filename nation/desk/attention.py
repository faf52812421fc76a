"""Who has not begun, who is late, who needs help: the rules, each with what its reason says. PURE.

A rule looks only at a running round whose answer lies with the province: one before the governor or approved waits for
nobody at the desk. A province is in one list as "not begun", else possibly in both of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

# Answering goes in bursts after agencies were asked, so being a little behind the clock means nothing.
LATE_MARGIN: Final = 25  # percentage points of progress behind the share of time passed
NEAR_END_DAYS: Final = 14  # from here on parts that agencies owe can no longer be made good unseen
LAST_DAYS: Final = 7
MANY_OPEN_POINTS: Final = 20
# Evidence follows answers; before half of a round has passed it is rightly behind.
EVIDENCE_FROM: Final = 50  # per cent of the time passed, and of the fields answered
EVIDENCE_LACK: Final = 50  # per cent of places without proof


class ConcernKind(StrEnum):
    """The list a province is in."""

    NOT_BEGUN = "not_begun"
    LATE = "late"
    HELP = "help"


class Standing(NamedTuple):
    """What the rules look at. `passed`: per cent of the time between opening and closing; None: not counted yet."""

    has_round: bool
    is_open: bool
    is_with_province: bool
    days_open: int = 0
    days_left: int = 0
    passed: int = 0
    asked: int | None = None
    answered: int = 0
    places: int = 0
    unproven: int = 0
    open_points: int = 0
    overdue: int = 0

    @property
    def progress(self) -> int:
        """Per cent of the fields asked that are answered, rounded down."""
        return self.answered * 100 // self.asked if self.asked else 0


@dataclass(frozen=True, slots=True)
class Concern:
    """Why a province is in a list: the name of the reason and the numbers it tells."""

    kind: ConcernKind
    reason: str
    numbers: Mapping[str, int] = field(default_factory=dict)


def find_concerns(standing: Standing, *, is_year_running: bool) -> tuple[Concern, ...]:
    """The concerns of a province, the gravest reason of each kind. `is_year_running`: any province's round is open."""
    if not standing.has_round:
        return (Concern(ConcernKind.NOT_BEGUN, "no_round"),) if is_year_running else ()
    if not standing.is_with_province:
        return ()
    if not standing.is_open:
        # Over without approval: nobody can help any more, but while the year runs the round can still be extended.
        closed = standing.days_left < 0 and is_year_running
        return (Concern(ConcernKind.LATE, "closed", {"days": -standing.days_left}),) if closed else ()
    if standing.asked is not None and not standing.answered:
        return (Concern(ConcernKind.NOT_BEGUN, "nothing_answered", {"days": standing.days_open}),)
    found = (next(_late(standing), None), next(_needs_help(standing), None))
    return tuple(concern for concern in found if concern is not None)


def _late(standing: Standing) -> Iterator[Concern]:
    if standing.overdue and standing.days_left <= NEAR_END_DAYS:
        numbers = {"parts": standing.overdue, "days": standing.days_left}
        yield Concern(ConcernKind.LATE, "parts_overdue", numbers)
    if standing.asked and standing.passed - standing.progress >= LATE_MARGIN:
        numbers = {"passed": standing.passed, "progress": standing.progress}
        yield Concern(ConcernKind.LATE, "behind_time", numbers)


def _needs_help(standing: Standing) -> Iterator[Concern]:
    if standing.days_left <= LAST_DAYS and standing.open_points >= MANY_OPEN_POINTS:
        numbers = {"points": standing.open_points, "days": standing.days_left}
        yield Concern(ConcernKind.HELP, "many_open_points", numbers)
    is_evidence_due = standing.passed >= EVIDENCE_FROM and standing.progress >= EVIDENCE_FROM
    if is_evidence_due and standing.places and standing.unproven * 100 >= standing.places * EVIDENCE_LACK:
        numbers = {"proven": standing.places - standing.unproven, "places": standing.places}
        yield Concern(ConcernKind.HELP, "evidence_behind", numbers)
