"""Progress of a planned action, read from the current answers and evidence. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.engine.facts import ResponseFacts
from scoring.engine.sheet import ScoreSheet
from survey.instrument.schema import LocalizedText


@dataclass(frozen=True, slots=True)
class PieceProgress:
    """A piece of work of an action, and whether answers and evidence show it done."""

    label: LocalizedText
    kind: str
    done: bool


@dataclass(frozen=True, slots=True)
class ActionProgress:
    """Progress of an action: points of its criterion now and planned, and its pieces of work."""

    current_points: Decimal | None
    planned_points: Decimal
    pieces: tuple[PieceProgress, ...]

    @property
    def reached(self) -> bool:
        """Whether the criterion gives as many points as were planned."""
        return self.current_points is not None and self.current_points >= self.planned_points

    @property
    def done(self) -> int:
        """How many of its pieces are done."""
        return sum(p.done for p in self.pieces)


def evaluate_action(proposed: Mapping[str, Any], sheet: ScoreSheet, facts: ResponseFacts) -> ActionProgress:
    """The progress of an action. `proposed`: the action as it was adopted (scoring.planning.optimum.as_json)."""
    criterion = next((c for c in sheet.criteria if c.id == proposed["criterion"]), None)
    planned_points = Decimal(proposed["criterion_points"]["after"])
    points = criterion.points if criterion else None
    reached = points is not None and points >= planned_points
    counted = {x.answer_address or x.address for x in criterion.counted} if criterion else set()
    pieces = tuple(
        PieceProgress(
            LocalizedText(**p["label"]), p["kind"], reached or _is_piece_done(p["address"], proposed, counted, facts)
        )
        for p in proposed["pieces"]
    )
    return ActionProgress(points, planned_points, pieces)


def _is_piece_done(key: str, proposed: Mapping[str, Any], counted: set[str], facts: ResponseFacts) -> bool:
    if key in counted:
        return True
    number, plus, position = key.partition("+")
    if plus:  # the nth of the services a share needs
        needed = Decimal(proposed["changes"]["values"].get(number) or 0)
        missing = sum(p["address"].startswith(f"{number}+") for p in proposed["pieces"])
        now = facts.number(number)
        return now is not None and now >= needed - missing + int(position) + 1
    address, picked, option = key.partition("=")
    value = facts.path.values.get(address)
    if not picked:
        return value is not None and "#" not in address.rsplit("/", 1)[-1]
    is_picked = option in value if isinstance(value, list) else option == value
    return is_picked and (key not in facts.path.places or facts.has_evidence(key))
