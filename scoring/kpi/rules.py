"""Evaluating OPDC's KPI of a province: its group, its targets, its points. Schemes are data (fixtures/kpi). PURE."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from scoring.kpi.types import (
    TARGET_ORDER,
    KpiMeasure,
    KpiPart,
    KpiPartResult,
    KpiResult,
    KpiScheme,
    KpiTarget,
    ProvinceGroup,
    ProvinceResult,
    TargetCondition,
)


def find_province_group(kpi: KpiScheme, province: str, past: Mapping[int, ProvinceResult]) -> ProvinceGroup | None:
    """The province's group: as published, else by its results."""
    for group in kpi.groups:
        if province in group.members:
            return group
    if kpi.grouping is None:
        return None
    groups = [
        _find_group_by_count(kpi, _get_past_value(kpi, province, y, kpi.grouping.measure, past))
        for y in (kpi.grouping.new, kpi.grouping.old)
    ]
    keys = [g.key for g in kpi.groups]
    known_groups = [g for g in groups if g is not None]
    return max(known_groups, key=lambda g: keys.index(g.key), default=None)


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
    return result.value_of(measure) if result is not None else None


def evaluate_kpi(
    kpi: KpiScheme, province: str, current: ProvinceResult, past: Mapping[int, ProvinceResult]
) -> KpiResult:
    """Where a province stands with the result `now`; `past`: official results of earlier years."""
    group = find_province_group(kpi, province, past)
    parts = tuple(_evaluate_part(kpi, p, group, province, current, past) for p in kpi.parts)
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
    current: ProvinceResult,
    past: Mapping[int, ProvinceResult],
) -> KpiPartResult:
    earlier = [_get_past_value(kpi, province, year, part.measure, past) for year in kpi.best_of]
    best = max((x for x in earlier if x is not None), default=None)
    value = current.value_of(part.measure)
    conditions_by_target = part.targets.get(group.key, {}) if group else {}
    targets = tuple(
        _evaluate_target(kpi, key, conditions_by_target[key], value, best, current)
        for key in TARGET_ORDER
        if key in conditions_by_target
    )
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
    current: ProvinceResult,
) -> KpiTarget:
    needed = next((n for c in conditions if (n := _needed_value(c, best)) is not None), None)
    above = any(c.kind == "above_best" for c in conditions)
    reading = kpi.readings[key]
    distance = None
    if needed is not None and value is not None:
        distance = max(needed - value, Decimal(0))
    reached = value is not None and all(_is_condition_met(c, value, best, current) for c in conditions)
    return KpiTarget(key, reading.name, reading.value.value, needed, above, conditions, distance, reached)


def _needed_value(condition: TargetCondition, best: Decimal | None) -> Decimal | None:
    if condition.kind == "fixed":
        return condition.value
    if condition.kind == "best_plus":
        return best + condition.value if best is not None else None
    return best if condition.kind == "above_best" else None


def _is_condition_met(
    condition: TargetCondition, value: Decimal, best: Decimal | None, current: ProvinceResult
) -> bool:
    if condition.kind == "above_best":
        return best is not None and value > best
    if condition.kind == "level4_pillars":
        return current.count_pillars_at(4) >= condition.value
    if condition.kind == "none_below":
        return bool(current.levels) and min(current.levels) >= condition.value
    needed = _needed_value(condition, best)
    return needed is not None and value >= needed
