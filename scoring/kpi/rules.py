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


def list_past_values(
    kpi: KpiScheme, part: KpiPart, province: str, past: Mapping[int, ProvinceResult]
) -> dict[int, Decimal | None]:
    """The results of the years a part's targets rest on; None where a year is not known."""
    return {year: _get_past_value(kpi, province, year, part.measure, past) for year in kpi.best_of}


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
        _sum_points(parts),
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
    earlier = list_past_values(kpi, part, province, past)
    best = max((x for x in earlier.values() if x is not None), default=None)
    value = current.value_of(part.measure)
    conditions_by_target = part.targets.get(group.key, {}) if group else {}
    targets = tuple(
        _evaluate_target(kpi, key, conditions_by_target[key], value, best, current)
        for key in TARGET_ORDER
        if key in conditions_by_target
    )
    reading = _reading(kpi, targets)
    weight = part.weight.value
    points = None if reading is None else weight * reading / 100
    missing = tuple(year for year, result in earlier.items() if result is None)
    level = part.measure.level
    return KpiPartResult(part.key, part.name, part.unit, weight, value, best, targets, reading, points, level, missing)


def _reading(kpi: KpiScheme, targets: tuple[KpiTarget, ...]) -> Decimal | None:
    """The reading of the highest target reached; None where a higher one may be reached and nobody can tell."""
    if not targets:
        return None
    reached = max((t.reading for t in targets if t.reached), default=kpi.readings["below"].value.value)
    is_told = all(t.reached is not None or t.reading <= reached for t in targets)
    return reached if is_told else None


def _sum_points(parts: tuple[KpiPartResult, ...]) -> Decimal | None:
    points = [part.points for part in parts if part.points is not None]
    return sum(points, Decimal(0)) if len(points) == len(parts) else None


def _evaluate_target(
    kpi: KpiScheme,
    key: str,
    conditions: tuple[TargetCondition, ...],
    value: Decimal | None,
    best: Decimal | None,
    current: ProvinceResult,
) -> KpiTarget:
    needed = next((n for c in conditions if (n := find_needed_value(c, best)) is not None), None)
    above = any(c.kind == "above_best" for c in conditions)
    reading = kpi.readings[key]
    distance = None
    if needed is not None and value is not None:
        distance = max(needed - value, Decimal(0))
    met = [None if value is None else _is_condition_met(c, value, best, current) for c in conditions]
    reached = False if False in met else None if None in met else True
    return KpiTarget(key, reading.name, reading.value.value, needed, above, conditions, distance, reached)


def find_needed_value(condition: TargetCondition, best: Decimal | None) -> Decimal | None:
    """The value that a condition asks for; None where it asks otherwise, or rests on a best result not known."""
    if condition.kind == "fixed":
        return condition.value
    if condition.kind == "best_plus":
        return best + condition.value if best is not None else None
    return best if condition.kind == "above_best" else None


def _is_condition_met(
    condition: TargetCondition, value: Decimal, best: Decimal | None, current: ProvinceResult
) -> bool | None:
    """Whether it is met; None where it rests on a best result that is not known."""
    if condition.kind == "above_best":
        return None if best is None else value > best
    if condition.kind == "level4_pillars":
        return current.count_pillars_at(4) >= condition.value
    if condition.kind == "none_below":
        return bool(current.levels) and min(current.levels) >= condition.value
    needed = find_needed_value(condition, best)
    return None if needed is None else value >= needed
