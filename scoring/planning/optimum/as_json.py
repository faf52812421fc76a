"""Serializing a plan to JSON: what `manage.py score plan` prints and an action plan stores. PURE."""

from __future__ import annotations

from typing import Any

from scoring.engine.as_json import format_decimal, format_quantity, serialize_score_range
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.types import KpiResult
from scoring.planning.optimum.exclusions import ExcludedCriterion
from scoring.planning.optimum.plan_types import PILLAR_LEVEL, LevelChange, PlanAction, PlanProposal, PlanTarget
from scoring.scheme.types import ScoringScheme


def serialize_plan(plan: PlanProposal, scheme: ScoringScheme) -> dict[str, Any]:
    """The whole plan: target, actions in order, what they bring, effort, before and result."""
    return {
        "target": serialize_target(plan.target),
        "reached": plan.reached,
        **({} if plan.reached else {"best_reachable": serialize_target(plan.reachable) if plan.reachable else None}),
        "expected": {address: f"{number:f}" for address, number in plan.expected.items()},
        "effort": plan.effort,
        "effort_unit": {"th": "วันทำงานของหนึ่งคน", "en": "person-days"},
        "points": format_decimal(plan.after.low - plan.before.low),
        "actions": [serialize_action(a) for a in plan.actions],
        "not_planned": [serialize_excluded_criterion(one) for one in plan.left_out],
        "before": serialize_score_summary(plan.before, plan.kpi_before),
        "result": {**serialize_score_summary(plan.after, plan.kpi_after), **serialize_score_range(plan.ranges.total)},
        "scheme": {"key": scheme.key, "version": scheme.version},
    }


def serialize_excluded_criterion(excluded: ExcludedCriterion) -> dict[str, Any]:
    """What is not planned, why, and what would let it be."""
    return {
        "criterion": excluded.criterion,
        "sub_pillar": excluded.sub_pillar,
        "name": excluded.name.json(),
        "why": excluded.why.json(),
        "lost": format_decimal(excluded.lost),
        "asks": list(excluded.asks),
    }


def serialize_target(target: PlanTarget) -> dict[str, Any]:
    """The target; only what is set."""
    values = {
        "total": format_decimal(target.total),
        "pillars": target.pillars,
        "kpi": format_quantity(target.kpi),
        "effort": target.effort,
    }
    return {key: value for key, value in values.items() if value is not None}


def serialize_score_summary(sheet: ScoreSheet, kpi: KpiResult | None) -> dict[str, Any]:
    """A score in short."""
    return {
        "total": format_decimal(sheet.total),
        "level": sheet.level,
        "pillars_at_3": sheet.pillars_at(PILLAR_LEVEL),
        "pillars": {p.number: {"score": format_decimal(p.score), "level": p.level} for p in sheet.pillars},
        "kpi": {"points": format_decimal(kpi.points), "parts": {p.key: format_quantity(p.reading) for p in kpi.parts}}
        if kpi
        else None,
    }


def serialize_action(action: PlanAction) -> dict[str, Any]:
    """An action with its pieces of work and the changes it amounts to."""
    return {
        "criterion": action.criterion,
        "sub_pillar": action.sub.code,
        "pillar": action.pillar.code,
        "name": action.name.json(),
        "text": action.text.json(),
        "effort": action.effort,
        "points": format_decimal(action.gain),
        "criterion_points": {"before": format_decimal(action.points[0]), "after": format_decimal(action.points[1])},
        "level": _serialize_level_change(action.sub),
        "pillar_level": _serialize_level_change(action.pillar),
        "total_after": format_decimal(action.total),
        "kpi": {"before": format_decimal(action.kpi[0]), "after": format_decimal(action.kpi[1])}
        if action.kpi
        else None,
        "pieces": [
            {"address": p.key, "kind": p.kind, "effort": p.effort, "label": p.label.json()} for p in action.pieces
        ],
        "changes": action.changes.json(),
    }


def _serialize_level_change(crossing: LevelChange) -> dict[str, Any]:
    return {"before": crossing.before, "after": crossing.after, "crossed": crossing.crossed}
