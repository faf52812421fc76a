"""Frozen types of a scoring scheme: weights, criteria, bands. Every number says where it comes from. PURE.

The criterion language is closed; `scoring.scheme.load` reads it and docs/scheme.md tells it to people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from scoring.scheme.measure_types import EvidenceRule, Measure
from scoring.scheme.sourced import NO_TEXT, Origin, SourcedNumber, SourcedRule, SourcedText, SourceLink
from scoring.scheme.uncertainty_types import SchemeUncertainty
from survey.instrument.schema import LocalizedText

CombineRule = Literal["mean", "min", "max", "weighted"]
Rounding = Literal["floor", "nearest", "ceiling"]
FULL_POINTS = Decimal(100)


@dataclass(frozen=True, slots=True)
class PointStep:
    """From `threshold` (in the criterion's unit) on, the criterion gives `points` of 100."""

    threshold: Decimal
    points: SourcedNumber


@dataclass(frozen=True, eq=False)
class Criterion:
    """One thing that gives up to 100 points. Exactly one of `measure`, `choice` and `external` is set.

    `level5`: what level 5 asks, in one sentence. Of a score from outside, `method`: how it is computed, `where`: where
    to get the figure, `links`: pages that tell of it.
    """

    id: str
    name: LocalizedText
    unit: LocalizedText
    measure: Measure | None = None
    steps: tuple[PointStep, ...] = ()
    choice: str | None = None
    points: Mapping[str, SourcedNumber] = field(default_factory=dict)
    evidence_rule: EvidenceRule = "marked_evidence"
    external: SourcedNumber | None = None
    share: SourcedNumber | None = None
    note: LocalizedText = NO_TEXT
    work_kind: str = ""
    level5: SourcedText | None = None
    method: SourcedText | None = None
    where: SourcedText | None = None
    links: tuple[SourceLink, ...] = ()
    line: int = 0

    @cached_property
    def maximum(self) -> Decimal:
        """The most points it can give."""
        if self.external:
            return FULL_POINTS
        figures = [s.points for s in self.steps] if self.measure else list(self.points.values())
        return max((f.value for f in figures), default=Decimal(0))


@dataclass(frozen=True, eq=False)
class SubPillarScheme:
    """How a sub-pillar (or, without weight, a part of one) is scored: criteria or parts joined by a rule."""

    code: str
    rule: SourcedRule
    name: LocalizedText = NO_TEXT
    weight: SourcedNumber | None = None
    share: SourcedNumber | None = None
    criteria: tuple[Criterion, ...] = ()
    parts: tuple[SubPillarScheme, ...] = ()
    line: int = 0

    def walk(self) -> Iterator[Criterion]:
        """Its criteria and those of its parts."""
        yield from self.criteria
        for part in self.parts:
            yield from part.walk()

    @cached_property
    def is_external(self) -> bool:
        """Whether its score is entered from outside, never computed from answers."""
        return any(c.external for c in self.criteria)


@dataclass(frozen=True, slots=True, eq=False)
class PillarScheme:
    """A pillar's weight in percent and its sub-pillars. Without sub-pillars its score is entered as such.

    `name`: where no instrument names it.
    """

    number: str
    weight: SourcedNumber
    sub_pillars: tuple[SubPillarScheme, ...]
    line: int = 0
    name: LocalizedText = NO_TEXT


@dataclass(frozen=True, slots=True)
class LevelBand:
    """Scores up to `edge` (`inclusive`: the edge itself too) are at `level`; no edge: everything above."""

    level: int
    edge: Decimal | None
    inclusive: bool


@dataclass(frozen=True, slots=True)
class LevelRule:
    """From scores to levels: bands for a sub-pillar, an index for a pillar, whole levels by rounding."""

    bands: tuple[LevelBand, ...]
    index: SourcedRule
    rounding: SourcedRule
    origin: Origin
    source: LocalizedText


@dataclass(frozen=True, slots=True)
class UnscoredQuestion:
    """A question that is not scored as far as is known, and why."""

    question: str
    why: LocalizedText
    origin: Origin
    source: LocalizedText
    line: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class AlternativeReading:
    """Another way to read something that is not published; it widens the range, never the best estimate.

    `steps`: how many points an assumed step may give less or more. `answers`: by criterion, answers that may
    count as well. `levels`: another rule of levels.
    """

    id: str
    name: LocalizedText
    origin: Origin
    source: LocalizedText
    steps: tuple[Decimal, Decimal] | None = None
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    levels: LevelRule | None = None


@dataclass(frozen=True, slots=True)
class WorkKind:
    """A kind of work and the effort of one piece of it; `instruction` is what is to be done, with {label} or {n}.

    `counts`: "this_year" or "next_year", "in_window" as long as the days of its evidence are not over; empty: not said.
    """

    kind: str
    name: LocalizedText
    effort: SourcedNumber
    instruction: LocalizedText
    counts: str = ""


@dataclass(frozen=True, slots=True)
class ScoreBands:
    """Bands of a histogram of provinces: below the first of the rising `limits`, between two of them, above the last.

    A score at a limit belongs to the band above it, at the last one to the band below: "less than", "more than".
    """

    limits: tuple[Decimal, ...]
    origin: Origin
    source: LocalizedText


@dataclass(frozen=True, eq=False)
class ScoringScheme:
    """How one year's form is scored, frozen.

    `table_only`: published sub-pillar scores can be put in, answers cannot. `earlier_codes`: for an earlier year,
    which of its sub-pillars each of this year's can be compared with. `readings`: what else the unpublished may
    mean. `work_kinds`: kinds of work that raise a score, with their effort. `respondents`: how the scores of several
    respondents make a province's, where not the province itself answers. `score_bands`: of the histogram of
    provinces. `uncertainty`: the unpublished as distributions, and what is published about it.
    """

    key: str
    instrument: str
    year: int
    version: int
    title: LocalizedText
    pillars: tuple[PillarScheme, ...]
    levels: LevelRule | None
    not_counted: tuple[UnscoredQuestion, ...] = ()
    table_only: bool = False
    earlier_codes: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    readings: tuple[AlternativeReading, ...] = ()
    work_kinds: Mapping[str, WorkKind] = field(default_factory=dict)
    respondents: SourcedRule | None = None
    score_bands: ScoreBands | None = None
    uncertainty: SchemeUncertainty | None = None
    compiled: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def sub_pillars(self) -> dict[str, SubPillarScheme]:
        """Sub-pillars by code, in order."""
        return {s.code: s for p in self.pillars for s in p.sub_pillars}

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria in order."""
        return tuple(c for s in self.sub_pillars.values() for c in s.walk())

    @cached_property
    def externals(self) -> tuple[str, ...]:
        """Codes of the sub-pillars whose score is entered from outside."""
        return tuple(code for code, s in self.sub_pillars.items() if s.is_external)
