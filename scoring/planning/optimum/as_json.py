"""A plan as JSON: what `manage.py score plan` prints and an action plan stores. PURE."""

from __future__ import annotations

from typing import Any

from scoring.engine.as_json import count, places, span_json
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.rules import KpiStanding
from scoring.planning.optimum.left_out import LeftOut
from scoring.planning.optimum.plan import PILLAR_LEVEL, Action, Crossing, Plan, Target
from scoring.scheme.types import Scheme


def plan_json(plan: Plan, scheme: Scheme) -> dict[str, Any]:
    """The whole plan: target, actions in order, what they bring, effort, before and result."""
    return {
        "target": target_json(plan.target),
        "reached": plan.reached,
        **({} if plan.reached else {"best_reachable": target_json(plan.reachable) if plan.reachable else None}),
        "expected": {address: f"{number:f}" for address, number in plan.expected.items()},
        "effort": plan.effort,
        "effort_unit": {"th": "วันทำงานของหนึ่งคน", "en": "person-days"},
        "points": places(plan.after.low - plan.before.low),
        "actions": [action_json(a) for a in plan.actions],
        "not_planned": [left_json(one) for one in plan.left_out],
        "before": state_json(plan.before, plan.kpi_before),
        "result": {**state_json(plan.after, plan.kpi_after), **span_json(plan.spread.total)},
        "scheme": {"key": scheme.key, "version": scheme.version},
    }


def left_json(one: LeftOut) -> dict[str, Any]:
    """What is not planned, why, and what would let it be."""
    return {
        "criterion": one.criterion,
        "sub_pillar": one.sub_pillar,
        "name": one.name.json(),
        "why": one.why.json(),
        "lost": places(one.lost),
        "asks": list(one.asks),
    }


def target_json(target: Target) -> dict[str, Any]:
    """What was wanted; only what is set."""
    given = {
        "total": places(target.total),
        "pillars": target.pillars,
        "kpi": count(target.kpi),
        "effort": target.effort,
    }
    return {key: value for key, value in given.items() if value is not None}


def state_json(sheet: ScoreSheet, kpi: KpiStanding | None) -> dict[str, Any]:
    """A score in short."""
    return {
        "total": places(sheet.total),
        "level": sheet.level,
        "pillars_at_3": sheet.pillars_at(PILLAR_LEVEL),
        "pillars": {p.number: {"score": places(p.score), "level": p.level} for p in sheet.pillars},
        "kpi": {"points": places(kpi.points), "parts": {p.key: count(p.reading) for p in kpi.parts}} if kpi else None,
    }


def action_json(action: Action) -> dict[str, Any]:
    """An action with its pieces of work and the changes it amounts to."""
    return {
        "criterion": action.criterion,
        "sub_pillar": action.sub.code,
        "pillar": action.pillar.code,
        "name": action.name.json(),
        "text": action.text.json(),
        "effort": action.effort,
        "points": places(action.gain),
        "criterion_points": {"before": places(action.points[0]), "after": places(action.points[1])},
        "level": _crossing(action.sub),
        "pillar_level": _crossing(action.pillar),
        "total_after": places(action.total),
        "kpi": {"before": places(action.kpi[0]), "after": places(action.kpi[1])} if action.kpi else None,
        "pieces": [
            {"address": p.key, "kind": p.kind, "effort": p.effort, "label": p.label.json()} for p in action.pieces
        ],
        "changes": action.changes.json(),
    }


def _crossing(crossing: Crossing) -> dict[str, Any]:
    return {"before": crossing.before, "after": crossing.after, "crossed": crossing.crossed}
