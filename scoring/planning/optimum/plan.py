"""Proposing the optimal plan for a target or a budget: actions, effort, and the score they lead to. PURE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from scoring.engine.score_range import compute_sheet_ranges
from scoring.engine.shares import compute_score_shares
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.types import KpiResult
from scoring.planning.optimum.action_text import describe_pieces
from scoring.planning.optimum.chances import draw_outcomes, judge_outcomes
from scoring.planning.optimum.exclusions import list_excluded_criteria
from scoring.planning.optimum.goals import list_kpi_points
from scoring.planning.optimum.improvement import ImprovementStep
from scoring.planning.optimum.likely_plans import TOLERANCE, find_likely_plan
from scoring.planning.optimum.optimizer import PlanOptimizer
from scoring.planning.optimum.plan_types import (
    LevelChange,
    PlanAction,
    PlanningCase,
    PlanNotPossible,
    PlanProposal,
    PlanState,
    PlanTarget,
)
from scoring.planning.optimum.work import sum_effort
from scoring.planning.what_if.changes import ScenarioChanges, merge_changes
from scoring.scheme.load_extensions import ASK_WORK
from scoring.uncertainty.summary import find_interval
from survey.instrument.schema import LocalizedText


def propose_plan(case: PlanningCase, target: PlanTarget) -> PlanProposal:
    """The plan of least effort that reaches the target (with an effort: of most gain). Raises PlanNotPossible."""
    if not case.scheme.work_kinds:
        raise PlanNotPossible(
            LocalizedText("เกณฑ์ปีนี้ยังไม่บอกชนิดของงาน จึงวางแผนไม่ได้", "The scheme names no kinds of work.")
        )
    case = case.with_contradictions_held()
    board = PlanOptimizer(case, target.limits)
    if target.probability is not None and not target.is_budget:
        return _propose_likely(case, board, target, target.probability)
    steps = board.best(target)
    if steps is not None:
        return _build_proposal(case, board, target, steps, True, None)
    for lower in _list_lower_targets(case, target):
        steps = board.best(lower)
        if steps is not None:
            return _build_proposal(case, board, target, steps, False, lower)
    made = _build_proposal(case, board, target, board.most(target.effort), False, None)
    return made if target.total is None else replace(made, reachable=PlanTarget(total=made.after.total))


def _propose_likely(case: PlanningCase, board: PlanOptimizer, target: PlanTarget, wanted: Decimal) -> PlanProposal:
    """The cheapest plan that reaches the target with a probability; if none does, the likeliest."""
    likely = find_likely_plan(board, target, float(wanted))
    if not likely.chance:
        return _build_proposal(case, board, target, board.most(target.effort), False, None)
    reached = likely.chance >= float(wanted) - TOLERANCE
    return _build_proposal(case, board, target, board.list_steps(likely.picks), reached, None)


def _list_lower_targets(case: PlanningCase, target: PlanTarget) -> list[PlanTarget]:
    """Lesser targets of the same sort, the highest first."""
    if target.pillars is not None:
        return [replace(target, pillars=n) for n in range(min(target.pillars, len(case.sheet.pillars) + 1) - 1, 0, -1)]
    if target.pillar:
        return [replace(target, level=n) for n in range(target.level - 1, 0, -1)]
    standing = case.evaluate_kpi(case.sheet)
    if standing is None:
        return []
    if target.kpi_points is not None:
        return [replace(target, kpi_points=p) for p in list_kpi_points(standing.parts) if 0 < p < target.kpi_points]
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
    outcomes = draw_outcomes(case, facts, after)
    actions = _build_actions(case, _order_steps(case, steps, after))
    lasting, known = [a for a in actions if a.this_year], [a for a in actions if not a.questions]
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
        facts,
        _score_some(case, lasting),
        _score_some(case, known),
        tuple(board.list_frontier()),
        _effort_if_missing(case, target) if any(a.questions for a in actions) else None,
        _round_chance(judge_outcomes(case, target, outcomes)),
        find_interval(outcomes.total, outcomes.weights),
    )


def _round_chance(chance: float | None) -> Decimal | None:
    """To four places, downwards: what is not quite certain is not said to be."""
    return None if chance is None else Decimal(f"{chance + TOLERANCE:.9f}").quantize(Decimal("0.0001"), ROUND_DOWN)


def _effort_if_missing(case: PlanningCase, target: PlanTarget) -> int | None:
    """The least effort for a target if nothing is there of what nobody answered; None: it cannot be reached then."""
    try:
        steps = PlanOptimizer(case, replace(target.limits, unanswered_is_work=True)).best(replace(target, effort=None))
    except PlanNotPossible:
        return None
    return None if steps is None else sum_effort(p for s in steps for p in s.pieces)


def _score_some(case: PlanningCase, actions: Sequence[PlanAction]) -> PlanState:
    """What some actions of a plan lead to by themselves."""
    sheet = case.score_changes(merge_changes(a.changes for a in actions))[1] if actions else case.sheet
    return PlanState(sheet, case.evaluate_kpi(sheet), sum(a.effort for a in actions))


def _order_steps(case: PlanningCase, steps: Sequence[ImprovementStep], after: ScoreSheet) -> list[ImprovementStep]:
    """Questions first, then what still counts this year; of each what brings most for its effort."""
    shares_before, shares_after = compute_score_shares(case.sheet), compute_score_shares(after)
    gain_per_effort = {
        s.criterion: (shares_after[s.criterion].kept - shares_before[s.criterion].kept) / max(s.effort, 1)
        for s in steps
    }
    return sorted(
        steps,
        key=lambda s: (
            any(p.kind != ASK_WORK for p in s.pieces),
            not all(p.this_year for p in s.pieces),
            -gain_per_effort[s.criterion],
            s.criterion,
        ),
    )


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
                kpi=_points_change(previous_kpi, kpi),
            )
        )
        previous_sheet, previous_kpi = sheet, kpi
    return tuple(actions)


def _points_change(before: KpiResult | None, after: KpiResult | None) -> tuple[Decimal, Decimal] | None:
    """The KPI points before and after; None where they cannot be told."""
    if before is None or after is None or before.points is None or after.points is None:
        return None
    return before.points, after.points


def _sub_pillar_level(sheet: ScoreSheet, code: str) -> int | None:
    return next((s.level for s in sheet.sub_pillars if s.code == code), None)


def _pillar_level(sheet: ScoreSheet, number: str) -> int | None:
    return next((p.level for p in sheet.pillars if p.number == number), None)
