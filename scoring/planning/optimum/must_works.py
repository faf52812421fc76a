"""Works that a plan must hold: they are done first, and what is left is planned from there. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from scoring.planning.optimum.answer_changes import ChangeFinder
from scoring.planning.optimum.improvement import ImprovementStep
from scoring.planning.optimum.piece_rules import WorkLimits
from scoring.planning.optimum.plan_types import PlanningCase, PlanNotPossible
from scoring.planning.optimum.steps import StepFinder
from scoring.planning.optimum.work import WorkPiece
from scoring.planning.what_if.changes import merge_changes
from survey.instrument.schema import LocalizedText


def build_step_finder(case: PlanningCase, limits: WorkLimits) -> StepFinder:
    """The finder of a case's steps within limits."""
    changes = ChangeFinder(case.instrument, case.values, case.facts)
    return StepFinder(changes, case.efforts, case.expected, case.rules(limits))


def split_must_works(case: PlanningCase, limits: WorkLimits) -> tuple[list[ImprovementStep], frozenset[str]]:
    """The steps that the pieces a plan must hold make, and the criteria that it must raise.

    Raises PlanNotPossible for what is no work of this case, or may not be done.
    """
    if both := limits.must & limits.must_not:
        raise PlanNotPossible(_say("งานเดียวกันทั้งต้องทำและห้ามทำ", "The same work must and must not be done", both))
    criteria = {c.id for c in case.sheet.criteria}
    wanted = limits.must - criteria
    steps = _find_steps(case, limits, wanted) if wanted else []
    if unknown := wanted - {key for step in steps for key in (p.key for p in step.pieces)}:
        raise PlanNotPossible(_say("ไม่มีงานนี้ให้ทำ", "There is no such work to do", unknown))
    return steps, limits.must & criteria


def _find_steps(case: PlanningCase, limits: WorkLimits, wanted: Iterable[str]) -> list[ImprovementStep]:
    finder, keys = build_step_finder(case, limits), set(wanted)
    steps = []
    criteria = {c.id: c for c in case.scheme.criteria}
    for current in case.sheet.criteria:
        units = [u for u in finder.list_units(criteria[current.id], current) if u.pieces and u.pieces[0].key in keys]
        units = list({u.pieces[0].key: u for u in units}.values())
        if not units:
            continue
        keys -= {u.pieces[0].key for u in units}
        changes = merge_changes(c for u in units for c in u.changes)
        after = next(c for c in case.score_changes(changes)[1].criteria if c.id == current.id)
        pieces = {p.key: p for u in units for p in u.pieces}
        steps.append(ImprovementStep(current.id, after.points or Decimal(0), tuple(pieces.values()), changes))
    return steps


def join_steps(first: Iterable[ImprovementStep], then: Iterable[ImprovementStep]) -> list[ImprovementStep]:
    """Steps that are done first with those that follow, one for each criterion."""
    joined: dict[str, ImprovementStep] = {}
    done: set[str] = set()
    for step in (*first, *then):
        pieces: tuple[WorkPiece, ...] = tuple(p for p in step.pieces if p.key not in done)
        done.update(p.key for p in pieces)
        earlier = joined.get(step.criterion)
        if earlier is None:
            joined[step.criterion] = replace(step, pieces=pieces)
            continue
        changes = merge_changes([earlier.changes, step.changes])
        joined[step.criterion] = replace(step, pieces=(*earlier.pieces, *pieces), changes=changes)
    return list(joined.values())


def _say(th: str, en: str, keys: Iterable[str]) -> LocalizedText:
    named = ", ".join(sorted(keys))
    return LocalizedText(f"{th}: {named}", f"{en}: {named}")
