"""The reasons given with a submission: for open points, one by one or by group, and for guards that are overridden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.answering.checker import OpenPoint
from survey.approval.earlier_reasons import EarlierReason
from survey.approval.point_groups import group_of_point
from survey.approval.submission_standing import GuardStanding
from survey.instrument.schema import CompiledInstrument
from survey.threads.comments import clean_comment_text

MAX_REASON = 1000


@dataclass(frozen=True, slots=True)
class GivenReasons:
    """What a person gave: `points` by point or group key, `guards` by name of the guard.

    `again`: groups whose points keep the reason they had before; it is stated with its date.
    """

    points: Mapping[str, str] = field(default_factory=dict)
    guards: Mapping[str, str] = field(default_factory=dict)
    again: frozenset[str] = frozenset()

    def of_guard(self, standing: GuardStanding) -> str:
        """The reason that overrides a guard; empty for none."""
        return clean_comment_text(self.guards.get(standing.guard, ""), MAX_REASON)

    def of_point(self, point: OpenPoint, instrument: CompiledInstrument, earlier: Mapping[str, EarlierReason]) -> str:
        """The reason of a point: its own, else the one it had where that is kept, else the one of its group."""
        group = group_of_point(instrument, point)
        own = clean_comment_text(self.points.get(point.key, ""), MAX_REASON)
        if not own and group in self.again and point.key in earlier:
            own = earlier[point.key].text
        return own or clean_comment_text(self.points.get(group, ""), MAX_REASON)


def points_without_reason(
    points: Iterable[OpenPoint],
    given: GivenReasons,
    instrument: CompiledInstrument,
    earlier: Mapping[str, EarlierReason],
) -> list[OpenPoint]:
    """The open points that nothing is said of."""
    return [p for p in points if not given.of_point(p, instrument, earlier)]


def stated_point(
    point: OpenPoint, given: GivenReasons, instrument: CompiledInstrument, earlier: Mapping[str, EarlierReason]
) -> dict[str, Any]:
    """A point as the submission records it; `since`: when the same reason was first given, if it is an old one."""
    reason = given.of_point(point, instrument, earlier)
    before = earlier.get(point.key)
    old = before is not None and before.text == reason and before.at is not None
    return {
        "kind": point.kind,
        "address": point.address,
        "question": point.question,
        "section": point.section,
        "say": point.message.json(),
        "reason": reason,
        **({"since": before.at.isoformat()} if old and before and before.at else {}),
    }
