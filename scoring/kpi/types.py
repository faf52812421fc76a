"""Frozen types of a KPI scheme and of what a province reaches by it. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

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
        """The result in a part's measure."""
        if measure.level is None:
            return self.total
        return Decimal(self.count_pillars_at(measure.level)) if self.levels else None


@dataclass(frozen=True, slots=True)
class KpiTarget:
    """A target: the number it asks for (None: said by other conditions), how far it is, whether reached."""

    key: str
    name: LocalizedText
    reading: Decimal
    needed: Decimal | None
    above: bool
    conditions: tuple[TargetCondition, ...]
    distance: Decimal | None
    reached: bool


@dataclass(frozen=True, slots=True)
class KpiPartResult:
    """A part now: measured value, best of earlier years, targets, points by the highest one reached.

    `level`: it counts pillars at that level or higher; None: it is the total score.
    """

    key: str
    name: LocalizedText
    unit: LocalizedText
    weight: Decimal
    current: Decimal | None
    best: Decimal | None
    targets: tuple[KpiTarget, ...]
    reading: Decimal
    points: Decimal
    level: int | None = None


@dataclass(frozen=True, slots=True)
class KpiResult:
    """The KPI of a province now; without a group no targets. `soft`: some figures are not official."""

    scheme: str
    fiscal_year: int
    name: LocalizedText
    group: ProvinceGroup | None
    parts: tuple[KpiPartResult, ...]
    points: Decimal
    weight: Decimal
    has_unofficial_figures: bool
