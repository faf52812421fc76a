"""Plain text of `manage.py score`: the lines of a score and of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.engine.as_json import format_decimal
from scoring.engine.sheet import CriterionScore, ScoreSheet, SubPillarScore
from scoring.planning.optimum.as_json import serialize_target
from scoring.planning.optimum.plan_types import PlanProposal
from scoring.scheme.marked import OFFICIAL, origin_of


def write_plan_lines(plan: PlanProposal) -> Iterator[str]:
    word = "does not reach the target"
    if plan.reached:
        word = "reaches the target" if plan.target.effort is None else f"within {plan.target.effort}"
    total = f"{format_decimal(plan.before.total)} → {format_decimal(plan.after.total)}"
    yield f"{total}, effort {plan.effort} person-days, {word}"
    if not plan.reached:
        best = serialize_target(plan.reachable) if plan.reachable else {}
        reachable = ", ".join(f"{key} {value}" for key, value in best.items())
        yield f"the best that can be reached: {reachable or 'no lower target either; this is the highest total'}"
    for action in plan.actions:
        yield f"  {action.sub.code} +{format_decimal(action.gain)} ({action.effort}): {action.text.th}"
    for one in plan.left_out:
        yield f"  not planned: {one.sub_pillar} {one.name.th}: {one.why.th}"


def write_sheet_lines(sheet: ScoreSheet) -> Iterator[str]:
    word = "estimated" if sheet.estimated else "final"
    yield f"{sheet.instrument} {sheet.year}: {format_decimal(sheet.total) or '-'} ({word}), level {sheet.level or '-'}"
    if sheet.unknown:
        known, low, high = format_decimal(sheet.known_weight), format_decimal(sheet.low), format_decimal(sheet.high)
        yield f"known: {known} % of the weight, so {low} to {high}; not entered: {', '.join(sheet.unknown)}"
    for pillar in sheet.pillars:
        weight, score = format_decimal(pillar.weight.value), format_decimal(pillar.score) or "-"
        yield f"{pillar.number} {pillar.name.th}: {score}, level {pillar.level or '-'}, weight {weight}"
        for sub in pillar.sub_pillars:
            yield from _sub_pillar_lines(sub, "  ")


def _sub_pillar_lines(sub: SubPillarScore, pad: str) -> Iterator[str]:
    origin = origin_of(sub.score)
    mark = "" if origin == OFFICIAL else f" [{origin}]"
    yield f"{pad}{sub.code} {sub.name.th}: {format_decimal(sub.score) or '-'}{mark}"
    for criterion in sub.criteria:
        yield from _criterion_lines(criterion, pad + "  ")
    for part in sub.parts:
        yield from _sub_pillar_lines(part, pad + "  ")


def _criterion_lines(criterion: CriterionScore, pad: str) -> Iterator[str]:
    points = f"{format_decimal(criterion.points) or '-'}/{format_decimal(criterion.maximum)}"
    yield f"{pad}- {criterion.name.th}: {points} [{criterion.origin}]"
    yield f"{pad}  {criterion.reason.th}"
    if missing := [leaf.address for leaf in criterion.missing]:
        yield f"{pad}  missing: {', '.join(missing)}"
