"""Frozen types of a scoring scheme: weights, criteria, bands. Every number says where it comes from. PURE.

The criterion language is closed; `scoring.scheme.load` reads it and docs/scheme.md tells it to people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from survey.instrument.schema import Text

Origin = Literal["official", "recovered", "assumed", "estimated", "external"]
Rule = Literal["mean", "min", "max", "weighted"]
Rounding = Literal["floor", "nearest", "ceiling"]
Count = int | Decimal | None  # how much of something; None: unknown or without limit
With = Literal["marked_evidence", "answer"]
FULL = Decimal(100)
NO_TEXT = Text()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the scheme and where it comes from."""

    value: Decimal
    origin: Origin
    source: Text


@dataclass(frozen=True, slots=True)
class Choice:
    """A rule of the scheme (how parts are joined, how an index is rounded) and where it comes from."""

    value: str
    origin: Origin
    source: Text


# -- what can be measured -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What every measure may say: its name, the most it adds to a sum, and when it holds in all and any."""

    name: Text = NO_TEXT
    cap: int | None = None
    need: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(Base):
    """How many options are picked in the fields (items or cells) `of`; `only` these keys, if given."""

    of: tuple[str, ...]
    only: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    with_: With = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Base):
    """How many rows of a table have one of the answers `answers` in `column`."""

    of: str
    column: str
    answers: tuple[str, ...]
    only: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    with_: With = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats(Base):
    """How many rows of repeats are complete and, with `having`, reach its `need` inside the row."""

    of: tuple[str, ...]
    having: Measure | None = None
    with_: With = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Base):
    """How many of the fields are answered."""

    of: tuple[str, ...]
    with_: With = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Base):
    """The number given at a field; nothing when it is not given."""

    of: str
    with_: With = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(Base):
    """100 × part / whole, at most 100; nothing when a number is missing or the whole is zero."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Base):
    """Parts joined: `sum` adds them (each up to its `cap`); `all`, `any` give 1 or 0 by their `need`s."""

    how: Literal["sum", "all", "any"]
    parts: tuple[Measure, ...]


Measure = Options | Rows | Repeats | Answered | Number | Ratio | Joined


# -- criteria and above ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` (in the criterion's unit) on, the criterion gives `points` of 100."""

    at: Decimal
    points: Figure


@dataclass(frozen=True, eq=False)
class Criterion:
    """One thing that gives up to 100 points. Exactly one of `measure`, `choice` and `external` is set."""

    id: str
    name: Text
    unit: Text
    measure: Measure | None = None
    steps: tuple[Step, ...] = ()
    choice: str | None = None
    points: Mapping[str, Figure] = field(default_factory=dict)
    with_: With = "marked_evidence"
    external: Figure | None = None
    share: Figure | None = None
    note: Text = NO_TEXT
    work: str = ""
    line: int = 0

    @cached_property
    def maximum(self) -> Decimal:
        """The most points it can give."""
        if self.external:
            return FULL
        figures = [s.points for s in self.steps] if self.measure else list(self.points.values())
        return max((f.value for f in figures), default=Decimal(0))


@dataclass(frozen=True, eq=False)
class SubScheme:
    """How a sub-pillar (or, without weight, a part of one) is scored: criteria or parts joined by a rule."""

    code: str
    rule: Choice
    name: Text = NO_TEXT
    weight: Figure | None = None
    share: Figure | None = None
    criteria: tuple[Criterion, ...] = ()
    parts: tuple[SubScheme, ...] = ()
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
    weight: Figure
    sub_pillars: tuple[SubScheme, ...]
    line: int = 0
    name: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Band:
    """Scores up to `edge` (`inclusive`: the edge itself too) are at `level`; no edge: everything above."""

    level: int
    edge: Decimal | None
    inclusive: bool


@dataclass(frozen=True, slots=True)
class LevelRule:
    """From scores to levels: bands for a sub-pillar, an index for a pillar, whole levels by rounding."""

    bands: tuple[Band, ...]
    index: Choice
    rounding: Choice
    origin: Origin
    source: Text


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A question that the form scores nowhere we know of, and why."""

    question: str
    why: Text
    origin: Origin
    source: Text
    line: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Another way to read something that is not published; it widens the range, never the best estimate.

    `steps`: how many points an assumed step may give less or more. `answers`: by criterion, answers that may
    count as well. `levels`: another rule of levels.
    """

    id: str
    name: Text
    origin: Origin
    source: Text
    steps: tuple[Decimal, Decimal] | None = None
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    levels: LevelRule | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of work and the effort of one piece of it; `say` is what is to be done, with {label} or {n}."""

    kind: str
    name: Text
    effort: Figure
    say: Text


@dataclass(frozen=True, eq=False)
class Scheme:
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
    title: Text
    pillars: tuple[PillarScheme, ...]
    levels: LevelRule | None
    not_counted: tuple[NotCounted, ...] = ()
    table_only: bool = False
    earlier: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
    work: Mapping[str, Work] = field(default_factory=dict)
    respondents: Choice | None = None
    compiled: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def sub_pillars(self) -> dict[str, SubScheme]:
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


def items_read(measure: Measure) -> Iterator[str]:
    """The item ids (or cell addresses) a measure reads."""
    if isinstance(measure, Joined):
        for part in measure.parts:
            yield from items_read(part)
    elif isinstance(measure, Ratio):
        yield from (measure.part, measure.whole)
    elif isinstance(measure, Rows | Number):
        yield measure.of
    else:
        yield from measure.of
        if isinstance(measure, Repeats) and measure.having is not None:
            yield from items_read(measure.having)
