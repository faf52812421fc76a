"""Frozen types of a KPI scheme and of what a province reaches by it. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.engine.levels import round_score
from scoring.scheme.marked import mark_score, origin_of
from scoring.scheme.sourced import Origin, SourcedNumber
from survey.instrument.schema import LocalizedText

TARGET_ORDER = ("base", "standard", "advanced")  # from the easiest to the hardest target


CONDITION_KINDS = frozenset({"fixed", "best_plus", "above_best", "level4_pillars", "none_below"})


@dataclass(frozen=True, slots=True)
class KpiMeasure:
    """What a part measures: pillars at `level` or higher, or (level None) the total score."""

    level: int | None


@dataclass(frozen=True, slots=True)
class TargetCondition:
    """One condition of a target, in the closed language of the KPI files."""

    kind: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class KpiPart:
    """A part of the KPI: its weight in points and, per group, the conditions of each target."""

    key: str
    name: LocalizedText
    unit: LocalizedText
    weight: SourcedNumber
    measure: KpiMeasure
    targets: Mapping[str, Mapping[str, tuple[TargetCondition, ...]]]


@dataclass(frozen=True, slots=True)
class ProvinceGroup:
    """A group of provinces; `low` to `high` is the number of pillars that leads into it."""

    key: str
    name: LocalizedText
    low: int | None
    high: int | None
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class AttainmentLevel:
    """What a reached target is worth, in per cent of the part's weight."""

    name: LocalizedText
    value: SourcedNumber


@dataclass(frozen=True, slots=True)
class GroupingRule:
    """Groups by the result of year `new`, unless that of `old` gives a better one."""

    measure: KpiMeasure
    new: int
    old: int


@dataclass(frozen=True, eq=False)
class KpiScheme:
    """A fiscal year's KPI scheme, frozen. `baselines`: published results by province, year and part."""

    key: str
    fiscal_year: int
    framework: int
    name: LocalizedText
    weight: SourcedNumber
    best_of: tuple[int, ...]
    origin: Origin
    source: LocalizedText
    readings: Mapping[str, AttainmentLevel]
    parts: tuple[KpiPart, ...]
    grouping: GroupingRule | None
    groups: tuple[ProvinceGroup, ...]
    baselines: Mapping[str, Mapping[int, Mapping[str, Decimal]]] = field(default_factory=dict)
    published: Mapping[str, Mapping[str, Mapping[str, Decimal]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProvinceResult:
    """A year's result of a province: total score and level of each pillar, as far as known."""

    total: Decimal | None
    levels: tuple[int, ...] = ()

    def count_pillars_at(self, level: int) -> int:
        """How many pillars are at `level` or higher."""
        return sum(x >= level for x in self.levels)

    def value_of(self, measure: KpiMeasure) -> Decimal | None:
        """The result in a part's measure; a total as it is published, with two places."""
        if measure.level is None:
            return None if self.total is None else mark_score(round_score(self.total), origin_of(self.total))
        return Decimal(self.count_pillars_at(measure.level)) if self.levels else None


@dataclass(frozen=True, slots=True)
class KpiTarget:
    """A target: the number it asks for (None: said by other conditions), how far it is, whether reached.

    `reached` is None where it cannot be told: it rests on an earlier result that is not known.
    """

    key: str
    name: LocalizedText
    reading: Decimal
    needed: Decimal | None
    above: bool
    conditions: tuple[TargetCondition, ...]
    distance: Decimal | None
    reached: bool | None


@dataclass(frozen=True, slots=True)
class KpiPartResult:
    """A part now: measured value, best of earlier years, targets, points by the highest one reached.

    `level`: it counts pillars at that level or higher; None: it is the total score. `reading` and `points` are None
    where they cannot be told; `missing`: earlier years whose result is not known.
    """

    key: str
    name: LocalizedText
    unit: LocalizedText
    weight: Decimal
    current: Decimal | None
    best: Decimal | None
    targets: tuple[KpiTarget, ...]
    reading: Decimal | None
    points: Decimal | None
    level: int | None = None
    missing: tuple[int, ...] = ()

    @property
    def step(self) -> KpiTarget | None:
        """The highest target reached; None where none is, or where it cannot be told."""
        return None if self.reading is None else next((t for t in reversed(self.targets) if t.reached), None)

    @property
    def next_step(self) -> KpiTarget | None:
        """The lowest target that gives more than is reached; None where there is none, or it cannot be told."""
        reading = self.reading
        return None if reading is None else next((t for t in self.targets if t.reading > reading), None)


@dataclass(frozen=True, slots=True)
class KpiResult:
    """The KPI of a province now; without a group no targets. `points` is None where they cannot be told."""

    scheme: str
    fiscal_year: int
    name: LocalizedText
    group: ProvinceGroup | None
    parts: tuple[KpiPartResult, ...]
    points: Decimal | None
    weight: Decimal
    has_unofficial_figures: bool

    @property
    def missing(self) -> tuple[int, ...]:
        """The earlier years whose result it rests on and nobody entered."""
        return tuple(sorted({year for part in self.parts for year in part.missing}))

    @property
    def unknown(self) -> LocalizedText | None:
        """Why the points cannot be told; None where they can."""
        return None if self.points is not None else explain_unknown(self.missing)


def explain_unknown(missing: tuple[int, ...]) -> LocalizedText:
    """Why a KPI cannot be told: results of earlier years are not entered, or there is no score yet."""
    if not missing:
        return LocalizedText("ยังบอกไม่ได้: ยังไม่มีคะแนนของปีนี้", "cannot be told: there is no score of this year yet")
    years = str(missing[0]) if len(missing) == 1 else f"{missing[0]}–{missing[-1]}"
    return LocalizedText(f"ยังบอกไม่ได้: ยังไม่ได้กรอกผลของปี {years}", f"cannot be told: no result of {years} entered")
