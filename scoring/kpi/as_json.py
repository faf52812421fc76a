"""Serializing a province's KPI result to JSON. PURE."""

from __future__ import annotations

from typing import Any

from scoring.engine.as_json import format_decimal, format_quantity
from scoring.kpi.types import KpiResult, KpiTarget
from scoring.scheme.marked import OFFICIAL, origin_of


def serialize_kpi(standing: KpiResult) -> dict[str, Any]:
    """A province's KPI: group, targets, where it stands now, how far each target is."""
    group = standing.group
    return {
        "scheme": standing.scheme,
        "fiscal_year": standing.fiscal_year,
        "name": standing.name.json(),
        "group": {"key": group.key, "name": group.name.json()} if group else None,
        "points": format_decimal(standing.points),
        **({"unknown": standing.unknown.json()} if standing.unknown else {}),
        **({"missing_years": list(standing.missing)} if standing.missing else {}),
        "weight": format_decimal(standing.weight),
        "all_official": not standing.has_unofficial_figures,
        "parts": [
            {
                "key": part.key,
                "name": part.name.json(),
                "unit": part.unit.json(),
                "weight": format_decimal(part.weight),
                "now": format_quantity(part.current),
                "best": format_quantity(part.best),
                **({} if origin_of(part.best) == OFFICIAL else {"best_from": origin_of(part.best)}),
                "reading": format_quantity(part.reading),
                "points": format_decimal(part.points),
                "targets": {t.key: _serialize_target(t) for t in part.targets},
            }
            for part in standing.parts
        ],
    }


def serialize_kpi_range(low: KpiResult, best: KpiResult, high: KpiResult) -> dict[str, Any]:
    """The points and what each part measures, with the score at its lowest, best and highest."""

    def end(standing: KpiResult) -> dict[str, Any]:
        parts = {
            p.key: {"now": format_quantity(p.current), "reading": format_quantity(p.reading)} for p in standing.parts
        }
        return {"points": format_decimal(standing.points), "parts": parts}

    return {"low": end(low), "best": end(best), "high": end(high)}


def _serialize_target(target: KpiTarget) -> dict[str, Any]:
    return {
        "reading": format_quantity(target.reading),
        "needed": format_quantity(target.needed),
        "above": target.above,
        "conditions": {c.kind: format_quantity(c.value) for c in target.conditions},
        "distance": format_quantity(target.distance),
        "reached": target.reached,
    }
