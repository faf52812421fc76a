"""manage.py score plan: the plan that the options ask for, and its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.core.management.base import CommandError

from scoring.engine.as_json import format_decimal
from scoring.planning import queries as planning
from scoring.planning.asking import AskedQuestion
from scoring.planning.optimum.as_json import get_year, serialize_target
from scoring.planning.optimum.piece_rules import WorkLimits
from scoring.planning.optimum.plan import propose_plan
from scoring.planning.optimum.plan_types import PlanningCase, PlanNotPossible, PlanProposal, PlanTarget
from scoring.planning.optimum.schedule import PlanCapacity, schedule_efforts
from survey.models import Response


def make_plan(response: Response, options: dict[str, Any]) -> tuple[PlanningCase, PlanProposal, PlanCapacity]:
    """The plan that the options ask for. Raises CommandError with what is wrong."""
    target = _build_target(options)
    if target.is_empty:
        names = "--target-total, --target-pillars, --target-kpi, --target-kpi-points, --target-pillar-level"
        raise CommandError(f"name a target: {names} or --effort")
    capacity = planning.get_plan_capacity(response.round, options["people"], options["days"])
    if options["must_fit"]:
        most = capacity.effort or 0
        target = replace(target, effort=most if target.effort is None else min(most, target.effort))
    case = planning.build_planning_case(response, expected=dict(options["expect"] or ()))
    known = set(planning.list_missing_numbers(case))
    if wrong := sorted(set(case.expected) - known):
        asked = ", ".join(sorted(known)) or "nothing: the form has every number a plan needs"
        raise CommandError(f"--expect {', '.join(wrong)}: not a number that is missing; missing is {asked}")
    try:
        return case, propose_plan(case, target), capacity
    except PlanNotPossible as error:
        raise CommandError(str(error)) from error


def _build_target(options: dict[str, Any]) -> PlanTarget:
    """The target as the options give it."""
    pillar, level = options["target_pillar_level"] or ("", 0)
    limits = WorkLimits(
        frozenset(options["must"] or ()),
        frozenset(options["must_not"] or ()),
        options["this_year"],
        options["unanswered"] == "work",
    )
    return PlanTarget(
        options["target_total"],
        options["target_pillars"],
        options["target_kpi"],
        options["effort"],
        options["target_kpi_points"],
        pillar,
        level,
        options["probability"],
        limits,
    )


def write_plan_lines(plan: PlanProposal, asked: Sequence[AskedQuestion], capacity: PlanCapacity) -> Iterator[str]:
    """The lines of a plan: result, questions, work of this year and the next, what does not fit."""
    yield from _result_lines(plan)
    for question, agencies in asked:
        names = ", ".join(a.name_th for a in agencies) or "nobody is assigned"
        gain = f"+{format_decimal(question.gain)} " if question.gain else ""
        yield f"  ask {question.code} {gain}({question.effort}) {names}: {question.item.ask.th}"
    works = schedule_efforts([a.effort for a in plan.actions], capacity)
    for action, work in ((a, w) for a, w in zip(plan.actions, works, strict=True) if a.works):
        when = f"week {work.first_week}" if work.fits else "does not fit"
        marks = f"{get_year(action.this_year).replace('_', ' ')}, {when}"
        yield f"  {action.sub.code} +{format_decimal(action.gain)} ({action.effort}; {marks}): {action.text.th}"
    for one in plan.left_out:
        yield f"  not planned: {one.sub_pillar} {one.name.th}: {one.why.th}"
    yield f"capacity {capacity.people} × {capacity.days} days = {capacity.effort} person-days, needed {plan.effort}"


def _result_lines(plan: PlanProposal) -> Iterator[str]:
    word = "does not reach the target"
    if plan.reached:
        word = f"within {plan.target.effort}" if plan.target.is_budget else "reaches the target"
    total = f"{format_decimal(plan.before.total)} → {format_decimal(plan.after.total)}"
    yield f"{total}, effort {plan.effort} person-days, {word}"
    if not plan.reached:
        best = serialize_target(plan.reachable) if plan.reachable else {}
        reachable = ", ".join(f"{key} {value}" for key, value in best.items())
        yield f"the best that can be reached: {reachable or 'no lower target either; this is the highest total'}"
    if plan.chance is not None:
        wanted = plan.target.probability
        asked = "" if wanted is None else f", asked for {wanted:f}"
        yield f"probability of reaching the target: {plan.chance:f}{asked}"
    yield f"with only what still counts this year {format_decimal(plan.this_year.sheet.total)}"
    if plan.asks:
        rest = format_decimal(plan.without_answers.sheet.total)
        needed = "not possible" if plan.effort_if_missing is None else f"{plan.effort_if_missing} person-days"
        yield f"if nothing that is asked about is there: {rest} by the rest, {needed} for the same target"
