"""What the report of a year's result shows, as plain values. PURE. Gathered by reports.content.results."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from scoring.kpi.types import KpiResult

FULL, CENT = Decimal(100), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A pillar (`depth` 0) or a sub-pillar: the province's score beside the others'; scores 0–100, weight per cent.

    `estimate`: by its answers, where `own` is what is published.
    """

    code: str
    name: str
    depth: int
    weight: Decimal | None
    own: Decimal | None
    level: int | None
    best: Decimal | None = None
    average: Decimal | None = None
    last: Decimal | None = None
    external: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    estimate: Decimal | None = None

    @property
    def is_pillar(self) -> bool:
        """Whether it is a pillar."""
        return self.depth == 0

    @property
    def is_open(self) -> bool:
        """Whether its range says more than the one score."""
        return self.low is not None and self.high is not None and self.low != self.high

    @property
    def lost(self) -> Decimal | None:
        """What it lacks, in points of the total."""
        return None if self.own is None or self.weight is None else (FULL - self.own) * self.weight / FULL

    @property
    def change(self) -> Decimal | None:
        """Its score less that of the year before."""
        return None if self.own is None or self.last is None else self.own - self.last


@dataclass(frozen=True, slots=True)
class ResultTotals:
    """The whole: the province's total, level and rank among `provinces`, the others' totals, its own last one."""

    own: Decimal | None
    level: int | None
    rank: int | None
    provinces: int
    best: Decimal | None
    average: Decimal | None
    last: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    estimate: Decimal | None = None

    @property
    def is_open(self) -> bool:
        """Whether the range says more than the one total."""
        return self.low is not None and self.high is not None and self.low != self.high


@dataclass(frozen=True, slots=True)
class LostReason:
    """Why points of the total are lost, and how many."""

    reason: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class LostCriterion:
    """A criterion that could still give points of the total, and why it does not."""

    code: str
    name: str
    points: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What raises a sub-pillar from where it stands: each with its source."""

    code: str
    name: str
    level: int | None
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class YearResult:
    """The result of a year. `compared_year`: whose averages stand beside it; `published`: DGA announced it.

    `edition_name`: of what is published; `earlier`: the totals of the editions before by their names, newest first.
    """

    year: int
    instrument: str
    published: bool
    estimated: bool
    totals: ResultTotals
    rows: tuple[ResultRow, ...]
    compared_year: int | None
    last_year: int | None
    kpi: KpiResult | None = None
    reasons: tuple[LostReason, ...] = ()
    criteria: tuple[LostCriterion, ...] = ()
    advice: tuple[Advice, ...] = ()
    unknown: tuple[str, ...] = ()
    edition_name: str = ""
    earlier: tuple[tuple[str, Decimal], ...] = ()

    @property
    def has_estimate(self) -> bool:
        """Whether an estimate stands beside what is published."""
        return self.published and self.totals.estimate is not None

    @property
    def pillars(self) -> tuple[ResultRow, ...]:
        """The pillars in order."""
        return tuple(row for row in self.rows if row.is_pillar)

    @cached_property
    def by_score(self) -> tuple[ResultRow, ...]:
        """The pillars that have a score, the strongest first; ties in their own order."""
        return tuple(sorted((p for p in self.pillars if p.own is not None), key=lambda p: -(p.own or Decimal(0))))

    @cached_property
    def by_level(self) -> tuple[ResultRow, ...]:
        """The pillars that have a level, the highest first; ties by score."""
        known = [p for p in self.pillars if p.level is not None]
        return tuple(sorted(known, key=lambda p: (-(p.level or 0), -(p.own or Decimal(0)))))

    @cached_property
    def map(self) -> tuple[tuple[ResultRow, tuple[ResultRow, ...]], ...]:
        """Each pillar with its sub-pillars."""
        found: list[tuple[ResultRow, list[ResultRow]]] = []
        for row in self.rows:
            if row.is_pillar:
                found.append((row, []))
            elif found:
                found[-1][1].append(row)
        return tuple((pillar, tuple(subs)) for pillar, subs in found)

    @cached_property
    def most_lost(self) -> tuple[ResultRow, ...]:
        """Sub-pillars, or pillars where there are none, by the points of the total that they lack."""
        subs = [row for row in self.rows if not row.is_pillar] or list(self.pillars)
        lacking = [row for row in subs if row.lost is not None and row.lost >= CENT]
        return tuple(sorted(lacking, key=lambda row: -(row.lost or Decimal(0))))
