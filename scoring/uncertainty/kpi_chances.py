"""The KPI under every drawn reading: points per draw, and which targets each reaches. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from scoring.kpi.rules import find_needed_value, find_province_group, list_past_values
from scoring.kpi.types import TARGET_ORDER, KpiMeasure, KpiPart, KpiScheme, ProvinceResult, TargetCondition
from scoring.uncertainty.draw_types import Flags, Floats, Integers
from scoring.uncertainty.outcomes import Outcomes


@dataclass(frozen=True, slots=True)
class KpiPoints:
    """Points per draw, None where a target is not known; `reached`: per part and target, the draws that reach it.

    A target that rests on a result nobody entered is left out of `reached`. Passing a higher target passes a lower.
    """

    points: Floats | None
    reached: Mapping[str, Mapping[str, Flags]]


def compute_kpi_points(
    kpi: KpiScheme, province: str, outcomes: Outcomes, past: Mapping[int, ProvinceResult]
) -> KpiPoints:
    """The KPI of a province by the outcomes; `past`: its official results of earlier years."""
    group = find_province_group(kpi, province, past)
    levels = np.stack(list(outcomes.pillar_levels.values()))
    points, known = np.zeros(len(outcomes.weights)), group is not None
    reached: dict[str, dict[str, Flags]] = {}
    for part in kpi.parts:
        targets = part.targets.get(group.key, {}) if group else {}
        earlier = list_past_values(kpi, part, province, past).values()
        best = max((x for x in earlier if x is not None), default=None)
        values = _measure(part.measure, outcomes, levels)
        met: dict[str, Flags] = {}
        unknown = False
        for key in (k for k in TARGET_ORDER if k in targets):
            flags = [_meet(c, values, best, levels) for c in targets[key]]
            told = [f for f in flags if f is not None]
            unknown = unknown or len(told) < len(flags)
            if told and len(told) == len(flags):
                met[key] = np.logical_and.reduce(told)
        reached[part.key] = _pass_downwards(met)
        known = known and bool(targets) and not unknown
        points += _sum_part(kpi, part, met, len(points))
    return KpiPoints(points if known else None, reached)


def _measure(measure: KpiMeasure, outcomes: Outcomes, levels: Integers) -> Floats:
    if measure.level is None:
        return outcomes.total
    count: Floats = (levels >= measure.level).sum(axis=0).astype(np.float64)
    return count


def _meet(condition: TargetCondition, values: Floats, best: Decimal | None, levels: Integers) -> Flags | None:
    """Whether each draw meets a condition; None where it rests on a best result that is not known."""
    if condition.kind == "level4_pillars":
        return np.asarray((levels >= 4).sum(axis=0) >= float(condition.value))
    if condition.kind == "none_below":
        return np.asarray(levels.min(axis=0) >= float(condition.value))
    needed = find_needed_value(condition, best)
    if needed is None:
        return None
    cents, asked = np.rint(values * 100), round(float(needed) * 100)
    return np.asarray(cents > asked if condition.kind == "above_best" else cents >= asked)


def _pass_downwards(met: Mapping[str, Flags]) -> dict[str, Flags]:
    """Each target reached or passed: a draw that reaches a higher one has the lower as well."""
    passed: dict[str, Flags] = {}
    above: Flags | None = None
    for key in reversed(TARGET_ORDER):
        if key in met:
            above = met[key] if above is None else met[key] | above
            passed[key] = above
    return {key: passed[key] for key in TARGET_ORDER if key in passed}


def _sum_part(kpi: KpiScheme, part: KpiPart, met: Mapping[str, Flags], count: int) -> Floats:
    reading = np.full(count, float(kpi.readings["below"].value.value))
    for key, flags in met.items():
        reading = np.where(flags, np.maximum(reading, float(kpi.readings[key].value.value)), reading)
    points: Floats = reading * float(part.weight.value) / 100
    return points
