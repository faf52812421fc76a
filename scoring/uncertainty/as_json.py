"""Serializing the uncertainty of a score to JSON: scores as strings with two places, probabilities with four. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from scoring.uncertainty.calibration import Calibration, ConstraintResult
from scoring.uncertainty.summary import Interval, KpiChances, ScoreUncertainty


def serialize_uncertainty(found: ScoreUncertainty) -> dict[str, Any]:
    """Medians with 90 % intervals, and the probability of each level and of each KPI target."""
    return {
        "total": serialize_interval(found.total),
        "pillars": {number: serialize_interval(one) for number, one in found.pillars.items()},
        "sub_pillars": {code: serialize_interval(one) for code, one in found.sub_pillars.items()},
        "level_chances": serialize_chances(found.level_chances),
        "pillar_level_chances": {n: serialize_chances(one) for n, one in found.pillar_level_chances.items()},
        "kpi": None if found.kpi is None else _serialize_kpi(found.kpi),
        "seed": found.seed,
        "draws": found.draws,
    }


def serialize_interval(interval: Interval) -> dict[str, str]:
    """Lowest, median and highest of the 90 % interval."""
    return {"low": f"{interval.low:f}", "median": f"{interval.median:f}", "high": f"{interval.high:f}"}


def serialize_chances(chances: Mapping[Any, Decimal]) -> dict[str, str]:
    """Probabilities by level, target or points."""
    return {str(key): f"{chance:f}" for key, chance in chances.items()}


def _serialize_kpi(kpi: KpiChances) -> dict[str, Any]:
    return {
        "points": None if kpi.points is None else serialize_interval(kpi.points),
        "points_chances": serialize_chances(kpi.points_chances),
        "parts": {key: serialize_chances(targets) for key, targets in kpi.parts.items()},
    }


def serialize_calibration(found: Calibration) -> dict[str, Any]:
    """Every constraint and how well it is met, and how much the drawn readings are worth."""
    return {
        "scheme": found.scheme,
        "version": found.version,
        "seed": found.seed,
        "draws": found.draws,
        "evidence_year": found.year,
        "kept": found.kept,
        "effective": round(found.effective, 1),
        "acceptance": round(found.acceptance, 4),
        "constraints": [_serialize_constraint(one) for one in found.constraints],
        "failed": [one.id for one in found.failed],
        "sub_pillars": {
            code: {"tried": b.candidates, "accepted": b.accepted, "effective": round(b.effective, 1)}
            for code, b in found.blocks.items()
        },
        "level_rules": {key: round(chance, 4) for key, chance in found.rule_chances.items()},
        "own_weights": {number: round(chance, 4) for number, chance in found.weight_chances.items()},
    }


def _serialize_constraint(one: ConstraintResult) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "code": one.code,
        "published": f"{one.published:.2f}",
        "given": {"low": f"{one.given_low:.2f}", "high": f"{one.given_high:.2f}"},
        "share": round(one.share, 4),
        "weight": round(one.weight, 4),
        "distance": f"{one.distance:.2f}",
        "ok": one.ok,
        "source": one.source.json(),
    }
