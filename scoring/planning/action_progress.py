"""How far a planned action is, read from the answers and evidence as they stand now. PURE."""

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
    """An action as the score shows it: points of its criterion now and wanted."""

    now: Decimal | None
    wanted: Decimal
    pieces: tuple[PieceProgress, ...]

    @property
    def reached(self) -> bool:
        """Whether the criterion gives as many points as were planned."""
        return self.now is not None and self.now >= self.wanted

    @property
    def done(self) -> int:
        """How many of its pieces are done."""
        return sum(p.done for p in self.pieces)


def evaluate_action(made: Mapping[str, Any], sheet: ScoreSheet, facts: ResponseFacts) -> ActionProgress:
    """`made`: the action as it was proposed (scoring.planning.optimum.as_json)."""
    criterion = next((c for c in sheet.criteria if c.id == made["criterion"]), None)
    wanted = Decimal(made["criterion_points"]["after"])
    points = criterion.points if criterion else None
    reached = points is not None and points >= wanted
    counted = {x.thing or x.address for x in criterion.counted} if criterion else set()
    pieces = tuple(
        PieceProgress(
            LocalizedText(**p["label"]), p["kind"], reached or _is_piece_done(p["address"], made, counted, facts)
        )
        for p in made["pieces"]
    )
    return ActionProgress(points, wanted, pieces)


def _is_piece_done(key: str, made: Mapping[str, Any], counted: set[str], facts: ResponseFacts) -> bool:
    if key in counted:
        return True
    number, more, nth = key.partition("+")
    if more:  # the nth of the services a share needs
        needed = Decimal(made["changes"]["values"].get(number) or 0)
        missing = sum(p["address"].startswith(f"{number}+") for p in made["pieces"])
        now = facts.number(number)
        return now is not None and now >= needed - missing + int(nth) + 1
    address, picked, option = key.partition("=")
    value = facts.path.values.get(address)
    if not picked:
        return value is not None and "#" not in address.rsplit("/", 1)[-1]
    given = option in value if isinstance(value, list) else option == value
    return given and (key not in facts.path.places or facts.met(key))
