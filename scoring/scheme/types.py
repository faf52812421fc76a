"""Frozen types of a scoring scheme: weights, criteria, bands. Every number says where it comes from. PURE.

The criterion language is closed; `scoring.scheme.load` reads it and docs/scheme.md tells it to people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from survey.instrument.schema import LocalizedText

Origin = Literal["official", "recovered", "assumed", "estimated", "external"]
CombineRule = Literal["mean", "min", "max", "weighted"]
Rounding = Literal["floor", "nearest", "ceiling"]
Quantity = int | Decimal | None  # how much of something; None: unknown or without limit
EvidenceRule = Literal["marked_evidence", "answer"]
FULL_POINTS = Decimal(100)
NO_TEXT = LocalizedText()


@dataclass(frozen=True, slots=True)
class SourcedNumber:
    """A number of the scheme and where it comes from."""

    value: Decimal
    origin: Origin
    source: LocalizedText


@dataclass(frozen=True, slots=True)
class SourcedRule:
    """A rule of the scheme (how parts are joined, how an index is rounded) and where it comes from."""

    value: str
    origin: Origin
    source: LocalizedText


# -- what can be measured -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureBase:
    """What every measure may say: its name, the most it adds to a sum, and when it holds in all and any."""

    name: LocalizedText = NO_TEXT
    cap: int | None = None
    need: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionCount(MeasureBase):
    """How many options are picked in the fields (items or cells) `of`; `only` these keys, if given."""

    of: tuple[str, ...]
    only: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    with_: EvidenceRule = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRowCount(MeasureBase):
    """How many rows of a table have one of the answers `answers` in `column`."""

    of: str
    column: str
    answers: tuple[str, ...]
    only: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    with_: EvidenceRule = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRowCount(MeasureBase):
    """How many rows of repeats are complete and, with `having`, reach its `need` inside the row."""

    of: tuple[str, ...]
    having: Measure | None = None
    with_: EvidenceRule = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredFieldCount(MeasureBase):
    """How many of the fields are answered."""

    of: tuple[str, ...]
    with_: EvidenceRule = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberValue(MeasureBase):
    """The number given at a field; nothing when it is not given."""

    of: str
    with_: EvidenceRule = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(MeasureBase):
    """100 × part / whole, at most 100; nothing when a number is missing or the whole is zero."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinedMeasure(MeasureBase):
    """Parts joined: `sum` adds them (each up to its `cap`); `all`, `any` give 1 or 0 by their `need`s."""

    how: Literal["sum", "all", "any"]
    parts: tuple[Measure, ...]


Measure = OptionCount | TableRowCount | RepeatRowCount | AnsweredFieldCount | NumberValue | Ratio | CombinedMeasure


# -- criteria and above ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PointStep:
    """From `at` (in the criterion's unit) on, the criterion gives `points` of 100."""

    at: Decimal
    points: SourcedNumber


@dataclass(frozen=True, eq=False)
class Criterion:
    """One thing that gives up to 100 points. Exactly one of `measure`, `choice` and `external` is set."""

    id: str
    name: LocalizedText
    unit: LocalizedText
    measure: Measure | None = None
    steps: tuple[PointStep, ...] = ()
    choice: str | None = None
    points: Mapping[str, SourcedNumber] = field(default_factory=dict)
    with_: EvidenceRule = "marked_evidence"
    external: SourcedNumber | None = None
    share: SourcedNumber | None = None
    note: LocalizedText = NO_TEXT
    work: str = ""
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
    """A question that the form scores nowhere we know of, and why."""

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
    """A kind of work and the effort of one piece of it; `say` is what is to be done, with {label} or {n}."""

    kind: str
    name: LocalizedText
    effort: SourcedNumber
    say: LocalizedText


@dataclass(frozen=True, eq=False)
class ScoringScheme:
    """How one year's form is scored, frozen.

    `table_only`: published sub-pillar scores can be put in, answers cannot. `earlier`: for an earlier year,
    which of its sub-pillars each of this year's can be compared with. `readings`: what else the unpublished may
    mean. `work`: kinds of work that raise a score, with their effort. `respondents`: how the scores of several
    respondents make a province's, where not the province itself answers.
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
    earlier: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    readings: tuple[AlternativeReading, ...] = ()
    work: Mapping[str, WorkKind] = field(default_factory=dict)
    respondents: SourcedRule | None = None
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


def list_measured_addresses(measure: Measure) -> Iterator[str]:
    """The item ids (or cell addresses) a measure reads."""
    if isinstance(measure, CombinedMeasure):
        for part in measure.parts:
            yield from list_measured_addresses(part)
    elif isinstance(measure, Ratio):
        yield from (measure.part, measure.whole)
    elif isinstance(measure, TableRowCount | NumberValue):
        yield measure.of
    else:
        yield from measure.of
        if isinstance(measure, RepeatRowCount) and measure.having is not None:
            yield from list_measured_addresses(measure.having)
