"""Serializing a plan to JSON: what `manage.py score plan` prints and an action plan stores. PURE."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scoring.engine.as_json import format_decimal, format_quantity, serialize_score_range
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.types import KpiResult
from scoring.planning.optimum.exclusions import ExcludedCriterion
from scoring.planning.optimum.plan_types import (
    PILLAR_LEVEL,
    LevelChange,
    PlanAction,
    PlanProposal,
    PlanState,
    PlanTarget,
)
from scoring.planning.optimum.questions import OpenQuestion
from scoring.planning.optimum.schedule import PlanCapacity, list_weeks, schedule_efforts
from scoring.planning.optimum.work import WorkPiece
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
        "probability": None if plan.chance is None else f"{plan.chance:f}",
        "likely": {"low": f"{plan.likely.low:f}", "median": f"{plan.likely.median:f}", "high": f"{plan.likely.high:f}"},
        "effort_if_missing": plan.effort_if_missing,
        "this_year": _serialize_state(plan.this_year),
        "without_answers": _serialize_state(plan.without_answers),
        "frontier": [{"effort": effort, "total": format_decimal(total)} for effort, total in plan.frontier],
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
        "kpi_points": format_quantity(target.kpi_points),
        "pillar": target.pillar or None,
        "level": target.level or None,
        "probability": format_quantity(target.probability),
        "must": sorted(target.limits.must) or None,
        "must_not": sorted(target.limits.must_not) or None,
        "this_year": target.limits.this_year or None,
        "unanswered": "work" if target.limits.unanswered_is_work else None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _serialize_state(state: PlanState) -> dict[str, Any]:
    return {"effort": state.effort, **serialize_score_summary(state.sheet, state.kpi)}


def serialize_score_summary(sheet: ScoreSheet, kpi: KpiResult | None) -> dict[str, Any]:
    """A score in short."""
    return {
        "total": format_decimal(sheet.total),
        "level": sheet.level,
        "pillars_at_3": sheet.pillars_at(PILLAR_LEVEL),
        "pillars": {p.number: {"score": format_decimal(p.score), "level": p.level} for p in sheet.pillars},
        "kpi": {
            "points": format_decimal(kpi.points),
            **({"unknown": kpi.unknown.json()} if kpi.unknown else {}),
            "parts": {p.key: format_quantity(p.reading) for p in kpi.parts},
        }
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
        "effort_asking": sum(p.effort for p in action.questions),
        "counts": get_year(action.this_year),
        "points": format_decimal(action.gain),
        "points_per_day": format_decimal(action.gain_per_day),
        "criterion_points": {"before": format_decimal(action.points[0]), "after": format_decimal(action.points[1])},
        "level": _serialize_level_change(action.sub),
        "pillar_level": _serialize_level_change(action.pillar),
        "total_after": format_decimal(action.total),
        "kpi": {"before": format_decimal(action.kpi[0]), "after": format_decimal(action.kpi[1])}
        if action.kpi
        else None,
        "pieces": [_serialize_piece(p) for p in action.pieces],
        "changes": action.changes.json(),
    }


def serialize_question(question: OpenQuestion, asked: Sequence[str] = ()) -> dict[str, Any]:
    """A question to ask. `asked`: the agencies it goes to."""
    return {
        "question": question.code,
        "item": question.question,
        "text": question.item.ask.json(),
        "asked": list(asked),
        "effort": question.effort,
        "points": format_decimal(question.gain),
        "with_work": question.has_work,
        "criteria": list(question.criteria),
        "pieces": [_serialize_piece(p) for p in question.pieces],
    }


def serialize_schedule(actions: Sequence[PlanAction], capacity: PlanCapacity) -> dict[str, Any]:
    """The weeks of a plan, and what fits into the days there are."""
    works = schedule_efforts([a.effort for a in actions], capacity)
    return {
        "capacity": {
            "people": capacity.people,
            "days": capacity.days,
            "person_days": capacity.effort,
            "from": capacity.start.isoformat(),
        },
        "fits": all(w.fits for w in works),
        "does_not_fit": [a.criterion for a, w in zip(actions, works, strict=True) if not w.fits],
        "weeks": [
            {
                "week": week.number,
                "from": week.first.isoformat(),
                "to": week.last.isoformat(),
                "actions": [actions[at].criterion for at in week.works],
            }
            for week in list_weeks(works)
        ],
    }


def get_year(this_year: bool) -> str:
    """The word for the year that something counts in."""
    return "this_year" if this_year else "next_year"


def _serialize_piece(piece: WorkPiece) -> dict[str, Any]:
    return {
        "address": piece.key,
        "kind": piece.kind,
        "effort": piece.effort,
        "label": piece.label.json(),
        "counts": get_year(piece.this_year),
    }


def _serialize_level_change(crossing: LevelChange) -> dict[str, Any]:
    return {"before": crossing.before, "after": crossing.after, "crossed": crossing.crossed}
