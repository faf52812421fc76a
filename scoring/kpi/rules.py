"""OPDC's KPI of a province: group, targets, where it stands now. The schemes are data (fixtures/kpi). PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.scheme.types import Figure, Origin
from survey.instrument.schema import Text

ORDER = ("base", "standard", "advanced")  # from the easiest to the hardest target
CONDITIONS = frozenset({"fixed", "best_plus", "above_best", "level4_pillars", "none_below"})


@dataclass(frozen=True, slots=True)
class Measure:
    """What a part measures: pillars at `level` or higher, or (level None) the total score."""

    level: int | None


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a target, in the closed language of the KPI files."""

    kind: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the KPI: its weight in points and, per group, the conditions of each target."""

    key: str
    name: Text
    unit: Text
    weight: Figure
    measure: Measure
    targets: Mapping[str, Mapping[str, tuple[Condition, ...]]]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of provinces; `low` to `high` is the number of pillars that leads into it."""

    key: str
    name: Text
    low: int | None
    high: int | None
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reached target is worth, in per cent of the part's weight."""

    name: Text
    value: Figure


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups by the result of year `new`, unless that of `old` gives a better one."""

    measure: Measure
    new: int
    old: int


@dataclass(frozen=True, eq=False)
class Kpi:
    """A fiscal year's KPI scheme, frozen. `baselines`: published results by province, year and part."""

    key: str
    fiscal_year: int
    framework: int
    name: Text
    weight: Figure
    best_of: tuple[int, ...]
    origin: Origin
    source: Text
    readings: Mapping[str, Reading]
    parts: tuple[Part, ...]
    grouping: Grouping | None
    groups: tuple[Group, ...]
    baselines: Mapping[str, Mapping[int, Mapping[str, Decimal]]] = field(default_factory=dict)
    published: Mapping[str, Mapping[str, Mapping[str, Decimal]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """A year's result of a province: total score and level of each pillar, as far as known."""

    total: Decimal | None
    levels: tuple[int, ...] = ()

    def at(self, level: int) -> int:
        """How many pillars are at `level` or higher."""
        return sum(x >= level for x in self.levels)

    def measured(self, measure: Measure) -> Decimal | None:
        """The result in a part's measure."""
        if measure.level is None:
            return self.total
        return Decimal(self.at(measure.level)) if self.levels else None


@dataclass(frozen=True, slots=True)
class Target:
    """A target: the number it asks for (None: said by other conditions), how far it is, whether reached."""

    key: str
    name: Text
    reading: Decimal
    needed: Decimal | None
    above: bool
    conditions: tuple[Condition, ...]
    distance: Decimal | None
    reached: bool


@dataclass(frozen=True, slots=True)
class PartStanding:
    """A part now: measured value, best of earlier years, targets, points by the highest one reached.

    `level`: it counts pillars at that level or higher; None: it is the total score.
    """

    key: str
    name: Text
    unit: Text
    weight: Decimal
    now: Decimal | None
    best: Decimal | None
    targets: tuple[Target, ...]
    reading: Decimal
    points: Decimal
    level: int | None = None


@dataclass(frozen=True, slots=True)
class KpiStanding:
    """The KPI of a province now; without a group no targets. `soft`: some figures are not official."""

    scheme: str
    fiscal_year: int
    name: Text
    group: Group | None
    parts: tuple[PartStanding, ...]
    points: Decimal
    weight: Decimal
    soft: bool


def group_of(kpi: Kpi, province: str, past: Mapping[int, Result]) -> Group | None:
    """The province's group: as published, else by its results."""
    for group in kpi.groups:
        if province in group.members:
            return group
    if kpi.grouping is None:
        return None
    found = [
        _group_at(kpi, _past(kpi, province, y, kpi.grouping.measure, past))
        for y in (kpi.grouping.new, kpi.grouping.old)
    ]
    order = [g.key for g in kpi.groups]
    known = [g for g in found if g is not None]
    return max(known, key=lambda g: order.index(g.key), default=None)


def _group_at(kpi: Kpi, count: Decimal | None) -> Group | None:
    if count is None:
        return None
    for group in kpi.groups:
        if group.low is not None and group.high is not None and group.low <= count <= group.high:
            return group
    return None


def _past(kpi: Kpi, province: str, year: int, measure: Measure, past: Mapping[int, Result]) -> Decimal | None:
    """A year's result in a measure: the baseline the KPI paper printed, else the official result."""
    printed = kpi.baselines.get(province, {}).get(year, {})
    for part in kpi.parts:
        if part.measure == measure and part.key in printed:
            return printed[part.key]
    result = past.get(year)
    return result.measured(measure) if result is not None else None


def stand(kpi: Kpi, province: str, now: Result, past: Mapping[int, Result]) -> KpiStanding:
    """Where a province stands with the result `now`; `past`: official results of earlier years."""
    group = group_of(kpi, province, past)
    parts = tuple(_part(kpi, p, group, province, now, past) for p in kpi.parts)
    figures = [kpi.weight, *(p.weight for p in kpi.parts), *(r.value for r in kpi.readings.values())]
    return KpiStanding(
        kpi.key,
        kpi.fiscal_year,
        kpi.name,
        group,
        parts,
        sum((p.points for p in parts), Decimal(0)),
        kpi.weight.value,
        any(f.origin != "official" for f in figures),
    )


def _part(
    kpi: Kpi, part: Part, group: Group | None, province: str, now: Result, past: Mapping[int, Result]
) -> PartStanding:
    earlier = [_past(kpi, province, year, part.measure, past) for year in kpi.best_of]
    best = max((x for x in earlier if x is not None), default=None)
    value = now.measured(part.measure)
    asked = part.targets.get(group.key, {}) if group else {}
    targets = tuple(_target(kpi, key, asked[key], value, best, now) for key in ORDER if key in asked)
    reached = [t.reading for t in targets if t.reached]
    reading = max(reached) if reached else kpi.readings["below"].value.value
    points = part.weight.value * reading / 100 if targets and value is not None else Decimal(0)
    weight, level = part.weight.value, part.measure.level
    return PartStanding(part.key, part.name, part.unit, weight, value, best, targets, reading, points, level)


def _target(
    kpi: Kpi,
    key: str,
    conditions: tuple[Condition, ...],
    value: Decimal | None,
    best: Decimal | None,
    now: Result,
) -> Target:
    needed = next((n for c in conditions if (n := _needed(c, best)) is not None), None)
    above = any(c.kind == "above_best" for c in conditions)
    reading = kpi.readings[key]
    distance = None
    if needed is not None and value is not None:
        distance = max(needed - value, Decimal(0))
    holds = value is not None and all(_holds(c, value, best, now) for c in conditions)
    return Target(key, reading.name, reading.value.value, needed, above, conditions, distance, holds)


def _needed(condition: Condition, best: Decimal | None) -> Decimal | None:
    if condition.kind == "fixed":
        return condition.value
    if condition.kind == "best_plus":
        return best + condition.value if best is not None else None
    return best if condition.kind == "above_best" else None


def _holds(condition: Condition, value: Decimal, best: Decimal | None, now: Result) -> bool:
    if condition.kind == "above_best":
        return best is not None and value > best
    if condition.kind == "level4_pillars":
        return now.at(4) >= condition.value
    if condition.kind == "none_below":
        return bool(now.levels) and min(now.levels) >= condition.value
    needed = _needed(condition, best)
    return needed is not None and value >= needed
