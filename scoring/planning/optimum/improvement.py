"""A step: a criterion raised to more points, with its pieces of work and its changes. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scoring.planning.optimum.work import WorkPiece, sum_effort
from scoring.planning.what_if.changes import ScenarioChanges


@dataclass(frozen=True, slots=True)
class ImprovementStep:
    """A criterion raised to `points` (of 100)."""

    criterion: str
    points: Decimal
    pieces: tuple[WorkPiece, ...]
    changes: ScenarioChanges

    @property
    def effort(self) -> int:
        """The effort of its pieces, each once."""
        return sum_effort(self.pieces)


def keep_rising(steps: list[ImprovementStep]) -> list[ImprovementStep]:
    """Without steps that give no more than one that is less work."""
    rising: list[ImprovementStep] = []
    for step in sorted(steps, key=lambda s: (s.effort, -s.points)):
        if not rising or step.points > rising[-1].points:
            rising.append(step)
    return rising
