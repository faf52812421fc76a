"""OPDC's KPI of a province: group, targets, where it stands now. The schemes are data (fixtures/kpi). PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.scheme.types import Origin, SourcedNumber
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

    def at(self, level: int) -> int:
        """How many pillars are at `level` or higher."""
        return sum(x >= level for x in self.levels)

    def measured(self, measure: KpiMeasure) -> Decimal | None:
        """The result in a part's measure."""
        if measure.level is None:
            return self.total
        return Decimal(self.at(measure.level)) if self.levels else None


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
    now: Decimal | None
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
    soft: bool


def find_province_group(kpi: KpiScheme, province: str, past: Mapping[int, ProvinceResult]) -> ProvinceGroup | None:
    """The province's group: as published, else by its results."""
    for group in kpi.groups:
        if province in group.members:
            return group
    if kpi.grouping is None:
        return None
    found = [
        _find_group_by_count(kpi, _get_past_value(kpi, province, y, kpi.grouping.measure, past))
        for y in (kpi.grouping.new, kpi.grouping.old)
    ]
    order = [g.key for g in kpi.groups]
    known = [g for g in found if g is not None]
    return max(known, key=lambda g: order.index(g.key), default=None)


def _find_group_by_count(kpi: KpiScheme, count: Decimal | None) -> ProvinceGroup | None:
    if count is None:
        return None
    for group in kpi.groups:
        if group.low is not None and group.high is not None and group.low <= count <= group.high:
            return group
    return None


def _get_past_value(
    kpi: KpiScheme, province: str, year: int, measure: KpiMeasure, past: Mapping[int, ProvinceResult]
) -> Decimal | None:
    """A year's result in a measure: the baseline the KPI paper printed, else the official result."""
    printed = kpi.baselines.get(province, {}).get(year, {})
    for part in kpi.parts:
        if part.measure == measure and part.key in printed:
            return printed[part.key]
    result = past.get(year)
    return result.measured(measure) if result is not None else None


def evaluate_kpi(kpi: KpiScheme, province: str, now: ProvinceResult, past: Mapping[int, ProvinceResult]) -> KpiResult:
    """Where a province stands with the result `now`; `past`: official results of earlier years."""
    group = find_province_group(kpi, province, past)
    parts = tuple(_evaluate_part(kpi, p, group, province, now, past) for p in kpi.parts)
    figures = [kpi.weight, *(p.weight for p in kpi.parts), *(r.value for r in kpi.readings.values())]
    return KpiResult(
        kpi.key,
        kpi.fiscal_year,
        kpi.name,
        group,
        parts,
        sum((p.points for p in parts), Decimal(0)),
        kpi.weight.value,
        any(f.origin != "official" for f in figures),
    )


def _evaluate_part(
    kpi: KpiScheme,
    part: KpiPart,
    group: ProvinceGroup | None,
    province: str,
    now: ProvinceResult,
    past: Mapping[int, ProvinceResult],
) -> KpiPartResult:
    earlier = [_get_past_value(kpi, province, year, part.measure, past) for year in kpi.best_of]
    best = max((x for x in earlier if x is not None), default=None)
    value = now.measured(part.measure)
    asked = part.targets.get(group.key, {}) if group else {}
    targets = tuple(_evaluate_target(kpi, key, asked[key], value, best, now) for key in TARGET_ORDER if key in asked)
    reached = [t.reading for t in targets if t.reached]
    reading = max(reached) if reached else kpi.readings["below"].value.value
    points = part.weight.value * reading / 100 if targets and value is not None else Decimal(0)
    weight, level = part.weight.value, part.measure.level
    return KpiPartResult(part.key, part.name, part.unit, weight, value, best, targets, reading, points, level)


def _evaluate_target(
    kpi: KpiScheme,
    key: str,
    conditions: tuple[TargetCondition, ...],
    value: Decimal | None,
    best: Decimal | None,
    now: ProvinceResult,
) -> KpiTarget:
    needed = next((n for c in conditions if (n := _needed_value(c, best)) is not None), None)
    above = any(c.kind == "above_best" for c in conditions)
    reading = kpi.readings[key]
    distance = None
    if needed is not None and value is not None:
        distance = max(needed - value, Decimal(0))
    holds = value is not None and all(_is_condition_met(c, value, best, now) for c in conditions)
    return KpiTarget(key, reading.name, reading.value.value, needed, above, conditions, distance, holds)


def _needed_value(condition: TargetCondition, best: Decimal | None) -> Decimal | None:
    if condition.kind == "fixed":
        return condition.value
    if condition.kind == "best_plus":
        return best + condition.value if best is not None else None
    return best if condition.kind == "above_best" else None


def _is_condition_met(condition: TargetCondition, value: Decimal, best: Decimal | None, now: ProvinceResult) -> bool:
    if condition.kind == "above_best":
        return best is not None and value > best
    if condition.kind == "level4_pillars":
        return now.at(4) >= condition.value
    if condition.kind == "none_below":
        return bool(now.levels) and min(now.levels) >= condition.value
    needed = _needed_value(condition, best)
    return needed is not None and value >= needed
