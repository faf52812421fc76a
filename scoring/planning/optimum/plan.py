"""Proposing the optimal plan for a target or a budget: actions, effort, and the score they lead to. PURE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.engine.score_range import compute_sheet_ranges
from scoring.engine.shares import compute_score_shares
from scoring.engine.sheet import ScoreSheet
from scoring.planning.optimum.action_text import describe_pieces
from scoring.planning.optimum.exclusions import list_excluded_criteria
from scoring.planning.optimum.improvement import ImprovementStep
from scoring.planning.optimum.optimizer import PlanOptimizer
from scoring.planning.optimum.plan_types import (
    LevelChange,
    PlanAction,
    PlanningCase,
    PlanNotPossible,
    PlanProposal,
    PlanTarget,
)
from scoring.planning.optimum.work import sum_effort
from scoring.planning.what_if.changes import ScenarioChanges, merge_changes
from survey.instrument.schema import LocalizedText


def propose_plan(case: PlanningCase, target: PlanTarget) -> PlanProposal:
    """The plan of least effort that reaches the target (with an effort: of most gain). Raises PlanNotPossible."""
    if not case.scheme.work_kinds:
        raise PlanNotPossible(
            LocalizedText("เกณฑ์ปีนี้ยังไม่บอกชนิดของงาน จึงวางแผนไม่ได้", "The scheme names no kinds of work.")
        )
    board = PlanOptimizer(case)
    steps = board.best(target)
    if steps is not None:
        return _build_proposal(case, board, target, steps, True, None)
    for lower in _list_lower_targets(case, target):
        steps = board.best(lower)
        if steps is not None:
            return _build_proposal(case, board, target, steps, False, lower)
    made = _build_proposal(case, board, target, board.most(target.effort), False, None)
    return made if target.total is None else replace(made, reachable=PlanTarget(total=made.after.total))


def _list_lower_targets(case: PlanningCase, target: PlanTarget) -> list[PlanTarget]:
    """Lesser targets of the same sort, the highest first."""
    if target.pillars is not None:
        return [replace(target, pillars=n) for n in range(min(target.pillars, len(case.sheet.pillars) + 1) - 1, 0, -1)]
    standing = case.evaluate_kpi(case.sheet) if target.kpi is not None else None
    if standing is None:
        return []
    readings = {t.reading for p in standing.parts for t in p.targets}
    return [replace(target, kpi=r) for r in sorted(readings, reverse=True) if target.kpi and r < target.kpi]


def _build_proposal(
    case: PlanningCase,
    board: PlanOptimizer,
    target: PlanTarget,
    steps: Sequence[ImprovementStep],
    reached: bool,
    reachable: PlanTarget | None,
) -> PlanProposal:
    facts, after = case.score_changes(merge_changes(s.changes for s in steps))
    actions = _build_actions(case, _order_steps(case, steps, after))
    return PlanProposal(
        target,
        reached,
        reachable,
        sum(a.effort for a in actions),
        actions,
        case.sheet,
        after,
        compute_sheet_ranges(case.instrument, case.scheme, facts, after),
        case.evaluate_kpi(case.sheet),
        case.evaluate_kpi(after),
        list_excluded_criteria(case.scheme, board.highest(), case.expected),
        {a: n for a, n in case.expected.items() if a not in case.facts.path.values},
    )


def _order_steps(case: PlanningCase, steps: Sequence[ImprovementStep], after: ScoreSheet) -> list[ImprovementStep]:
    """The steps that bring most for their effort first."""
    shares_before, shares_after = compute_score_shares(case.sheet), compute_score_shares(after)
    gain_per_effort = {
        s.criterion: (shares_after[s.criterion].kept - shares_before[s.criterion].kept) / max(s.effort, 1)
        for s in steps
    }
    return sorted(steps, key=lambda s: (-gain_per_effort[s.criterion], s.criterion))


def _build_actions(case: PlanningCase, steps: Sequence[ImprovementStep]) -> tuple[PlanAction, ...]:
    """The steps as actions; what each brings is the difference of the whole score, so that they add up to it."""
    subs = {c.id: (p.number, s.code, c) for p in case.sheet.pillars for s in p.sub_pillars for c in s.walk()}
    actions: list[PlanAction] = []
    previous_sheet, previous_kpi, so_far = case.sheet, case.evaluate_kpi(case.sheet), ScenarioChanges()
    done: set[str] = set()
    for step in steps:
        pieces = tuple(p for p in step.pieces if p.key not in done)
        done.update(p.key for p in pieces)
        so_far = merge_changes([so_far, step.changes])
        sheet = case.score_changes(so_far)[1]
        kpi = case.evaluate_kpi(sheet)
        pillar, sub, criterion = subs[step.criterion]
        actions.append(
            PlanAction(
                criterion=step.criterion,
                name=criterion.name,
                text=describe_pieces(case.scheme, case.instrument, pieces),
                pieces=pieces,
                effort=sum_effort(pieces),
                changes=step.changes,
                gain=sheet.low - previous_sheet.low,
                points=(criterion.points or Decimal(0), step.points),
                sub=LevelChange(sub, _sub_pillar_level(previous_sheet, sub), _sub_pillar_level(sheet, sub)),
                pillar=LevelChange(pillar, _pillar_level(previous_sheet, pillar), _pillar_level(sheet, pillar)),
                total=sheet.total,
                kpi=(previous_kpi.points, kpi.points) if previous_kpi and kpi else None,
            )
        )
        previous_sheet, previous_kpi = sheet, kpi
    return tuple(actions)


def _sub_pillar_level(sheet: ScoreSheet, code: str) -> int | None:
    return next((s.level for s in sheet.sub_pillars if s.code == code), None)


def _pillar_level(sheet: ScoreSheet, number: str) -> int | None:
    return next((p.level for p in sheet.pillars if p.number == number), None)
