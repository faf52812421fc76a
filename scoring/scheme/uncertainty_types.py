"""Frozen types of what a scheme leaves uncertain: distributions of the unpublished, and the evidence on them. PURE.

The language is closed: `scoring.scheme.load_uncertainty` reads it and docs/scheme.md tells it to people.
Probabilities are plain floats: they never decide a score sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.scheme.measure_types import Measure
from scoring.scheme.sourced import NO_TEXT, Origin
from survey.instrument.schema import LocalizedText


@dataclass(frozen=True, slots=True)
class Reason:
    """Where a distribution comes from, and why it is as it is."""

    origin: Origin = "assumed"
    source: LocalizedText = NO_TEXT


@dataclass(frozen=True, slots=True)
class StepSpread:
    """How the points of steps that are not published may differ from the file's.

    Up to `less` below and `more` above in jumps of `grid`; with chance `kept` a criterion's steps are as the file says.
    `edges`: chance that an edge lies one unit lower or higher (each half of it).
    """

    less: float
    more: float
    grid: float
    kept: float
    edges: float
    reason: Reason = field(default_factory=Reason)


@dataclass(frozen=True, slots=True)
class WeightSpread:
    """How sub-pillar weights may differ: whole numbers up to `by` away, `decay` times as likely per point moved."""

    by: int
    decay: float
    reason: Reason = field(default_factory=Reason)


@dataclass(frozen=True, slots=True)
class CombineChance:
    """With `chance`, the children of a sub-pillar or part are joined by `rule`, weighted by `shares`."""

    rule: str
    chance: float
    shares: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class CombineSpread:
    """Other ways of joining one sub-pillar or part; what is left of 1 is the file's own way."""

    choices: tuple[CombineChance, ...]
    reason: Reason = field(default_factory=Reason)


@dataclass(frozen=True, slots=True)
class CountedChance:
    """With `chance`, a criterion counts `measure` instead of the file's own."""

    measure: Measure
    chance: float
    reason: Reason = field(default_factory=Reason)


@dataclass(frozen=True, slots=True)
class PointChances:
    """Other points that an option of a choice may give, each with its chance; what is left of 1 is the file's own."""

    option: str
    values: tuple[tuple[float, float], ...]
    reason: Reason = field(default_factory=Reason)


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """What is published of how the provinces answered what a criterion counts, as shares of 0 to 1.

    `options`: of a choice. `mean`: the mean count (`mean_is_floor`: at least that). `some`: share with one or more.
    """

    options: Mapping[str, float] = field(default_factory=dict)
    mean: float | None = None
    mean_is_floor: bool = False
    some: float | None = None


@dataclass(frozen=True, slots=True)
class PublishedScores:
    """What is published of a sub-pillar, pillar or total: single provinces' scores and the mean, by column.

    `weight`: of a sub-pillar in that year. `levels`: lowest level, highest level, share of provinces (0 to 1) there.
    """

    columns: Mapping[str, float]
    weight: float = 0.0
    levels: tuple[int, int, float] | None = None


@dataclass(frozen=True, slots=True)
class PublishedStanding:
    """What is published of a column's levels: the whole, pillars at level 3 or higher, strongest, weakest pillar."""

    level: int | None = None
    pillars_at_3: int | None = None
    strongest: str = ""
    weakest: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Published figures of an earlier year that draws are weighed by, in that year's codes.

    `kept`: chance that a sub-pillar is scored as in that year; `tolerance`: how far a mean may miss, in points.
    The column of means is "average"; the others are provinces. `criteria`: by criterion of this scheme.
    """

    year: int
    kept: float
    tolerance: float
    sub_pillars: Mapping[str, PublishedScores]
    pillars: Mapping[str, Mapping[str, float]]
    total: Mapping[str, float]
    standings: Mapping[str, PublishedStanding]
    criteria: Mapping[str, CriterionFacts]
    reason: Reason = field(default_factory=Reason)


@dataclass(frozen=True, slots=True)
class SchemeUncertainty:
    """Everything that is not published, as distributions.

    `answers`: by criterion, chance that the answers of its reading count as well. `level_rules`: by reading, chance
    of its rule of levels; what is left of 1 is the file's own. `combine`: by code of a sub-pillar or part. `counted`,
    `points`: by criterion.
    """

    steps: StepSpread
    weights: WeightSpread
    answers: Mapping[str, float]
    level_rules: Mapping[str, float]
    combine: Mapping[str, CombineSpread] = field(default_factory=dict)
    counted: Mapping[str, CountedChance] = field(default_factory=dict)
    points: Mapping[str, PointChances] = field(default_factory=dict)
    evidence: Evidence | None = None
    answers_reason: Reason = field(default_factory=Reason)
    levels_reason: Reason = field(default_factory=Reason)
