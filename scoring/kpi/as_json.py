"""A province's KPI as JSON. PURE."""

from __future__ import annotations

from typing import Any

from scoring.engine.as_json import count, places
from scoring.kpi.rules import KpiStanding, Target


def kpi_json(standing: KpiStanding) -> dict[str, Any]:
    """A province's KPI: group, targets, where it stands now, how far each target is."""
    group = standing.group
    return {
        "scheme": standing.scheme,
        "fiscal_year": standing.fiscal_year,
        "name": standing.name.json(),
        "group": {"key": group.key, "name": group.name.json()} if group else None,
        "points": places(standing.points),
        "weight": places(standing.weight),
        "all_official": not standing.soft,
        "parts": [
            {
                "key": part.key,
                "name": part.name.json(),
                "unit": part.unit.json(),
                "weight": places(part.weight),
                "now": count(part.now),
                "best": count(part.best),
                "reading": count(part.reading),
                "points": places(part.points),
                "targets": {t.key: _target(t) for t in part.targets},
            }
            for part in standing.parts
        ],
    }


def kpi_ends(low: KpiStanding, best: KpiStanding, high: KpiStanding) -> dict[str, Any]:
    """The points and what each part measures, with the score at its lowest, best and highest."""

    def end(standing: KpiStanding) -> dict[str, Any]:
        parts = {p.key: {"now": count(p.now), "reading": count(p.reading)} for p in standing.parts}
        return {"points": places(standing.points), "parts": parts}

    return {"low": end(low), "best": end(best), "high": end(high)}


def _target(target: Target) -> dict[str, Any]:
    return {
        "reading": count(target.reading),
        "needed": count(target.needed),
        "above": target.above,
        "conditions": {c.kind: count(c.value) for c in target.conditions},
        "distance": count(target.distance),
        "reached": target.reached,
    }
