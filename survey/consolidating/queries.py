"""Reading what consolidation needs: the answers and assignments of every agency of a round, and the decisions."""

from __future__ import annotations

from survey.answering.queries import AnswerRow, merge_answer_values
from survey.consolidating.agency_answers import AgencyAnswer, agency_answers, agency_tasks
from survey.consolidating.decisions import decision_records
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.models import Answer, Response


def read_consolidation(response: Response) -> RoundConsolidation:
    """The consolidation of a provincial response. Four queries, whatever the number of agencies and questions."""
    instrument = compiled_instrument(response.round.instrument)
    responses = Response.objects.filter(round=response.round_id, agency__isnull=False).select_related("agency")
    contributions = {r.pk: r for r in responses.order_by("pk")}
    answers = _answer_rows(response)
    provincial_rows = answers.pop(response.pk, {})
    values = merge_answer_values(provincial_rows)
    tasks = agency_tasks(response, instrument)
    answers_by_question: dict[str, list[AgencyAnswer]] = {}
    for pk, contribution in contributions.items():
        for part in agency_answers(contribution, answers.get(pk, {}), instrument, tasks):
            answers_by_question.setdefault(part[0], []).append(part[1])
    return RoundConsolidation(
        response=response,
        instrument=instrument,
        answers=provincial_rows,
        values=values,
        path=resolve_path(instrument, values),
        agency_answers=answers_by_question,
        decisions=decision_records(response),
        tasks=tasks,
    )


def _answer_rows(response: Response) -> dict[int, dict[str, AnswerRow]]:
    """Every answer of the round by response and question. One query of plain tuples."""
    ids = {q.pk: q.item_id for q in questions_by_item_id(response.round.instrument).values()}
    columns = ("response_id", "question_id", "value", "revision", "unsure", "note", "saved_at")
    names = ("saved_by__first_name", "saved_by__last_name", "saved_by__email")
    rows_by_response: dict[int, dict[str, AnswerRow]] = {}
    rows = Answer.objects.filter(response__round=response.round_id).order_by().values_list(*columns, *names)
    for pk, question, value, revision, unsure, note, saved_at, first, last, email in rows:
        if question not in ids:  # of an earlier version of the form
            continue
        who = f"{first} {last}".strip() or email
        rows_by_response.setdefault(pk, {})[ids[question]] = AnswerRow(value, revision, unsure, note, saved_at, who)
    return rows_by_response
