"""Types of the ScoreSheet: the one record of a score that pages, PDFs and workbooks show. PURE.

Nothing changes a sheet once it is made. Its classes are not frozen because a score makes hundreds of them and a
frozen one takes three times as long to make.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scoring.engine.external_estimates import ExternalEstimate
from scoring.engine.trace import MeasureTrace, TraceLeaf
from scoring.scheme.sourced import Origin, Quantity, SourcedNumber
from survey.instrument.schema import LocalizedText

CriterionKind = Literal["count", "choice", "external"]


@dataclass(slots=True)
class CriterionScore:
    """A criterion's points and why. `worth`: points of the total it can give (None: not additive)."""

    id: str
    name: LocalizedText
    kind: CriterionKind
    points: Decimal | None
    maximum: Decimal
    origin: Origin
    source: LocalizedText
    worth: Decimal | None
    unit: LocalizedText
    value: Quantity
    full: Quantity
    next_at: Decimal | None
    next_points: Decimal | None
    trace: MeasureTrace
    reason: LocalizedText

    @property
    def missing(self) -> tuple[TraceLeaf, ...]:
        """What would count and does not yet."""
        return tuple(leaf for leaf in self.trace.walk() if leaf.state != "counted")

    @property
    def counted(self) -> tuple[TraceLeaf, ...]:
        """What counts."""
        return tuple(leaf for leaf in self.trace.walk() if leaf.state == "counted")

    @property
    def unproven(self) -> tuple[TraceLeaf, ...]:
        """What is answered but has no marked evidence."""
        return tuple(leaf for leaf in self.trace.walk() if leaf.state == "no_evidence")

    @property
    def lost(self) -> Decimal | None:
        """Points of the total that this criterion could still give."""
        if self.worth is None or self.points is None:
            return None
        return self.worth * (self.maximum - self.points) / 100


@dataclass(slots=True)
class SubPillarScore:
    """A sub-pillar, or (without weight) a part of one. `score` None: an outside score not entered yet.

    `shares`: what its criteria, then its parts, weigh in a mean.
    """

    code: str
    name: LocalizedText
    score: Decimal | None
    level: int | None
    weight: SourcedNumber | None
    external: bool
    rule: str
    criteria: tuple[CriterionScore, ...]
    parts: tuple[SubPillarScore, ...]
    shares: tuple[Decimal, ...] = ()

    def walk(self) -> Iterator[CriterionScore]:
        """Its criteria and those of its parts."""
        yield from self.criteria
        for part in self.parts:
            yield from part.walk()


@dataclass(slots=True)
class PillarScore:
    """A pillar. `low` and `high`: with its missing outside scores at 0 and at 100."""

    number: str
    name: LocalizedText
    score: Decimal | None
    low: Decimal
    high: Decimal
    index: Decimal | None
    level: int | None
    weight: SourcedNumber
    known_weight: Decimal
    sub_pillars: tuple[SubPillarScore, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every sub-pillar has a score."""
        return self.known_weight == self.weight.value


@dataclass(slots=True)
class ScoreSheet:
    """A whole score. `unknown` names the outside scores that nobody entered.

    `estimated_outside`: what stands for those in the total; without it, the total is over the `known_weight` per cent
    that are known.
    """

    scheme: str
    scheme_version: int
    instrument: str
    year: int
    instrument_version: int
    total: Decimal | None
    low: Decimal
    high: Decimal
    level: int | None
    known_weight: Decimal
    unknown: tuple[str, ...]
    estimated: bool
    levels_origin: Origin | None
    levels_source: LocalizedText
    pillars: tuple[PillarScore, ...]
    estimated_outside: tuple[ExternalEstimate, ...] = ()

    @property
    def sub_pillars(self) -> tuple[SubPillarScore, ...]:
        """All sub-pillars in order."""
        return tuple(s for p in self.pillars for s in p.sub_pillars)

    @property
    def criteria(self) -> tuple[CriterionScore, ...]:
        """All criteria in order."""
        return tuple(c for s in self.sub_pillars for c in s.walk())

    @property
    def is_complete(self) -> bool:
        """Whether every sub-pillar has a score."""
        return not self.unknown

    def pillars_at(self, level: int) -> int:
        """How many pillars are at `level` or higher."""
        return sum(p.level is not None and p.level >= level for p in self.pillars)
