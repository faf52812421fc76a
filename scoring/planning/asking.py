"""Who is asked what a plan does not know, and the whole plan as JSON with them and its weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models import Agency
from scoring.planning.optimum.as_json import serialize_plan, serialize_question, serialize_schedule
from scoring.planning.optimum.plan_types import PlanAction, PlanningCase, PlanProposal
from scoring.planning.optimum.questions import OpenQuestion, find_question, list_questions
from scoring.planning.optimum.schedule import PlanCapacity
from survey.assigning.queries import ANSWERING_ROLES, assignment_target
from survey.assigning.targets import covered_questions
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.models import Assignment, Response, Round

AskedQuestion = tuple[OpenQuestion, Sequence[Agency]]


def list_answering_agencies(round_: Round) -> dict[str, list[Agency]]:
    """The agencies that answer each question (R and S), by the question's item id. One query."""
    rows = Assignment.objects.filter(round=round_, role__in=ANSWERING_ROLES)
    rows = rows.exclude(state=Assignment.State.DECLINED).select_related("agency").order_by("role", "agency__sort_key")
    compiled = compiled_instrument(round_.instrument)
    agencies: dict[str, list[Agency]] = {}
    for row in rows:
        for question in covered_questions(compiled, assignment_target(round_.instrument, row)):
            known = agencies.setdefault(question, [])
            if row.agency not in known:
                known.append(row.agency)
    return agencies


def list_asked(response: Response, case: PlanningCase, plan: PlanProposal) -> list[AskedQuestion]:
    """The questions a plan asks, each with the agencies that answer it. One query where it asks any."""
    questions = list_questions(case.instrument, plan.actions)
    agencies = list_answering_agencies(response.round) if questions else {}
    return [(question, agencies.get(question.question, ())) for question in questions]


def find_agencies(
    instrument: CompiledInstrument, actions: Sequence[PlanAction], agencies: Mapping[str, Sequence[Agency]]
) -> dict[str, Agency]:
    """The agency that answers most of what an action is about, by its criterion."""
    found: dict[str, Agency] = {}
    for action in actions:
        counts: dict[Agency, int] = {}
        for piece in action.pieces:
            question = find_question(instrument, piece.key)
            for agency in agencies.get(question.id, ())[:1] if question else ():
                counts[agency] = counts.get(agency, 0) + 1
        if counts:
            found[action.criterion] = max(counts, key=lambda one: counts[one])
    return found


def serialize_whole_plan(
    response: Response, case: PlanningCase, plan: PlanProposal, capacity: PlanCapacity
) -> dict[str, Any]:
    """A plan as the command prints it: with the questions it asks and its weeks."""
    asked = list_asked(response, case, plan)
    questions = [serialize_question(question, [a.name_th for a in agencies]) for question, agencies in asked]
    return {
        **serialize_plan(plan, case.scheme),
        "questions": questions,
        **serialize_schedule(plan.actions, capacity),
    }
