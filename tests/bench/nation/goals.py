"""The goals of a nation's size, each with what was measured and whether it is met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

MOST_RATIO: Final = 1.2  # a page of a province, against the same page where there is no other province
MOST_QUERIES: Final = 10  # a page about all provinces
PAGE_SECONDS: Final = 0.3
COLD_SECONDS: Final = 10.0
MOST_BYTES: Final = 150_000


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal: what is measured, the figure, the most it may be."""

    name: str
    found: float
    most: float
    unit: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the figure is not above it."""
        return self.found <= self.most

    def line(self) -> str:
        """As printed."""
        outcome = "met    " if self.is_met else "NOT met"
        return f"{outcome} {self.name}: {self.found:.3g}{self.unit} (at most {self.most:g}{self.unit})"


@dataclass(slots=True)
class PageCost:
    """A page in both installations: one province, the nation."""

    name: str
    national: bool
    queries: tuple[int, int]
    bytes: tuple[int, int]
    cpu: tuple[float, float] = (0.0, 0.0)
    seconds: tuple[float, float] = (0.0, 0.0)

    @property
    def ratio(self) -> float:
        """How many times as much processor time it takes in the nation."""
        return self.cpu[1] / self.cpu[0] if self.cpu[0] else 0.0

    def line(self) -> str:
        """As printed."""
        return (
            f"{self.name:<30}{self.cpu[0]:9.2f}{self.cpu[1]:9.2f}{self.ratio:7.2f}"
            f"{self.queries[0]:6}{self.queries[1]:6}{self.bytes[0] / 1000:8.0f}{self.bytes[1] / 1000:8.0f}"
            f"{self.seconds[0] * 1000:8.0f}{self.seconds[1] * 1000:8.0f}"
        )


HEADING: Final = (
    f"{'':<30}{'CPU-ms 1':>9}{'nation':>9}{'ratio':>7}{'q 1':>6}{'nat.':>6}{'kB 1':>8}{'nat.':>8}"
    f"{'p50 1':>8}{'nat.':>8}"
)


def page_goals(costs: Iterable[PageCost]) -> Iterator[Goal]:
    """Pages of a province stay as they are; pages about all provinces keep their limits."""
    for cost in costs:
        if cost.national:
            yield Goal(f"{cost.name}, queries", cost.queries[1], MOST_QUERIES)
            yield Goal(f"{cost.name}, p50", cost.seconds[1], PAGE_SECONDS, " s")
            yield Goal(f"{cost.name}, HTML", cost.bytes[1], MOST_BYTES, " B")
        else:
            yield Goal(f"{cost.name}, CPU against one province", cost.ratio, MOST_RATIO, "×")
            yield Goal(f"{cost.name}, queries more than in one province", cost.queries[1] - cost.queries[0], 0)
