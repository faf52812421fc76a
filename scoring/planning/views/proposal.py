"""A proposed plan as the page shows it: questions, works as rows, what they lead to, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Agency
from dgready.language import localize_text
from scoring.engine.explain import format_number
from scoring.engine.levels import round_score
from scoring.engine.recommendations import list_recommendations
from scoring.engine.sheet import SubPillarScore
from scoring.engine.views.view_types import RecommendationView
from scoring.planning import queries as planning
from scoring.planning.asking import AskedQuestion, find_agencies, list_answering_agencies
from scoring.planning.charts import MAX_STAKES, build_frontier_chart, build_tornado_chart, build_weeks_chart
from scoring.planning.forms import TargetForm
from scoring.planning.optimum.action_text import describe_pieces
from scoring.planning.optimum.chances import list_reading_stakes
from scoring.planning.optimum.plan import propose_plan
from scoring.planning.optimum.plan_types import PlanAction, PlanningCase, PlanProposal
from scoring.planning.optimum.questions import OpenQuestion, list_questions
from scoring.planning.optimum.schedule import PlanCapacity, ScheduledWork, add_work_days, schedule_efforts
from scoring.planning.optimum.sensitivity import list_assumption_stakes, list_question_stakes
from survey.instrument.schema import LocalizedText
from survey.models import Response


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A work of the plan as a row: who answers for it, when it is done, what is recommended."""

    number: int
    action: PlanAction
    text: LocalizedText
    agency: Agency | None
    work: ScheduledWork
    advice: Sequence[RecommendationView]
    must: bool


def build_proposal_context(response: Response, case: PlanningCase, form: TargetForm) -> dict[str, Any]:
    """A proposal as the page shows it. Raises PlanNotPossible."""
    given = form.cleaned_data
    proposal = propose_plan(case, given["target"])
    capacity = planning.get_plan_capacity(response.round, given["people"], given["days"])
    answering = list_answering_agencies(response.round) if proposal.actions else {}
    asking, rows = _list_rows(case, proposal, capacity, answering)
    missing_numbers = planning.list_missing_numbers(case)
    expected = [(localize_text(missing_numbers[a]), n) for a, n in proposal.expected.items() if a in missing_numbers]
    return {
        "plan": proposal,
        "works_this_year": [row for row in rows if row.action.this_year],
        "works_next_year": [row for row in rows if not row.action.this_year],
        "asked": _list_asked(case, proposal, answering),
        "asked_advice": _advise_on_questions(case, proposal, rows),
        "late": [row for row in rows if not row.work.fits],
        "capacity": capacity,
        "expected": expected,
        "far": "" if proposal.reached else _describe_reachable_target(proposal),
        "given": form.given(),
        "given_freely": form.given(without=("must", "must_not")),
        "left_aside": _list_left_aside(case, form),
        "must": given["target"].limits.must,
        **_build_charts(case, proposal, capacity, asking, rows),
    }


def _list_rows(
    case: PlanningCase, plan: PlanProposal, capacity: PlanCapacity, answering: Mapping[str, Sequence[Agency]]
) -> tuple[ScheduledWork, list[WorkRow]]:
    """When the questions are asked, all together and first, and the works that follow."""
    doing = [a for a in plan.actions if a.works]
    asking = sum(a.effort for a in plan.actions if not a.works)
    asked, *works = schedule_efforts([asking, *(a.effort for a in doing)], capacity)
    return asked, list(_build_rows(case, plan, zip(doing, works, strict=True), answering))


def _build_rows(
    case: PlanningCase,
    plan: PlanProposal,
    works: Iterable[tuple[PlanAction, ScheduledWork]],
    answering: Mapping[str, Sequence[Agency]],
) -> Iterator[WorkRow]:
    subs = {s.code: s for s in case.sheet.sub_pillars}
    owners = find_agencies(case.instrument, plan.actions, answering)
    advised: set[str] = set()
    for number, (action, work) in enumerate(works, start=1):
        code = action.sub.code
        advice = _advise(case, subs[code]) if code not in advised else []
        advised.add(code)
        yield WorkRow(
            number,
            action,
            describe_pieces(case.scheme, case.instrument, action.works),
            owners.get(action.criterion),
            work,
            advice,
            action.criterion in plan.target.limits.must,
        )


def _advise(case: PlanningCase, sub: SubPillarScore) -> list[RecommendationView]:
    advice = list_recommendations(case.sheet, sub)
    return [RecommendationView(localize_text(a.text), localize_text(a.source_text)) for a in advice]


def _advise_on_questions(
    case: PlanningCase, plan: PlanProposal, rows: Sequence[WorkRow]
) -> list[tuple[str, list[RecommendationView]]]:
    """What is recommended for the sub-pillars that the plan only asks about."""
    shown = {row.action.sub.code for row in rows}
    codes = {a.sub.code for a in plan.actions} - shown
    found = [(s.code, _advise(case, s)) for s in case.sheet.sub_pillars if s.code in codes]
    return [(code, advice) for code, advice in found if advice]


def _list_asked(
    case: PlanningCase, plan: PlanProposal, answering: Mapping[str, Sequence[Agency]]
) -> list[AskedQuestion]:
    questions: Sequence[OpenQuestion] = list_questions(case.instrument, plan.actions)
    return [(question, answering.get(question.question, ())) for question in questions]


def _list_left_aside(case: PlanningCase, form: TargetForm) -> list[tuple[str, LocalizedText]]:
    """The criteria that were chosen not to be in the plan."""
    chosen = form.cleaned_data["target"].limits.must_not
    return [(c.id, c.name) for c in case.sheet.criteria if c.id in chosen]


def _build_charts(
    case: PlanningCase,
    plan: PlanProposal,
    capacity: PlanCapacity,
    asking: ScheduledWork,
    rows: Sequence[WorkRow],
) -> dict[str, Any]:
    deadline = add_work_days(capacity.start, capacity.days - 1) if capacity.days else None
    labels = [str(row.number) for row in rows]
    names = [f"{row.action.sub.code} {localize_text(row.action.name)}" for row in rows]
    works = [row.work for row in rows]
    if any(not a.works for a in plan.actions):
        labels, names, works = [_("ถาม"), *labels], [_("ถามหน่วยงาน"), *names], [asking, *works]
    questions = list_question_stakes(case.instrument, case.scheme, plan.after)
    assumptions = list_assumption_stakes(case.instrument, case.scheme, plan.facts_after, plan.after)
    return {
        "weeks": build_weeks_chart(works, labels, names, deadline),
        "frontier": build_frontier_chart(plan.frontier, plan.effort, plan.after.low),
        "tornado": build_tornado_chart(questions),
        "assumptions": assumptions,
        "reading_stakes": list_reading_stakes(case, plan.facts_after, plan.after)[:MAX_STAKES],
    }


def _describe_reachable_target(plan: PlanProposal) -> str:
    """Describes the best target that can be reached when the one asked for cannot."""
    reachable = plan.reachable
    if reachable is not None and reachable.total is not None:
        return _("ไกลที่สุดที่ไปได้คือคะแนนรวม %(n)s") % {"n": f"{round_score(reachable.total):f}"}
    if reachable is not None and reachable.pillars is not None:
        return _("ไกลที่สุดที่ไปได้คือ %(n)s ตัวชี้วัดระดับ 3 ขึ้นไป") % {"n": reachable.pillars}
    if reachable is not None and reachable.kpi is not None:
        return _("ไกลที่สุดที่ไปได้คือตัวชี้วัด ก.พ.ร. ระดับ %(n)s") % {"n": format_number(reachable.kpi)}
    if reachable is not None and reachable.kpi_points is not None:
        return _("ไกลที่สุดที่ไปได้คือคะแนนตัวชี้วัด ก.พ.ร. %(n)s") % {"n": format_number(reachable.kpi_points)}
    if reachable is not None and reachable.pillar:
        names = {"code": reachable.pillar, "n": reachable.level}
        return _("ไกลที่สุดที่ไปได้คือตัวชี้วัด %(code)s ระดับ %(n)s") % names
    return _("แม้แต่เป้าที่ต่ำกว่านี้ก็ยังไปไม่ถึง แผนนี้ได้คะแนนรวมมากที่สุดเท่าที่ไปได้")
