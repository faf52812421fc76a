"""Reading what consolidation needs: the answers and assignments of every agency of a round, and the decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from accounts.models import Agency
from dgready.prepared_queries import PreparedValues
from survey.answering.queries import AnswerRow, merge_answer_values
from survey.consolidating.agency_answers import AgencyAnswer, Tasks, agency_answers, agency_tasks, values_on_path
from survey.consolidating.decisions import decision_records
from survey.consolidating.kept_rounds import KeptContribution, KeptContributions, KeptProvince, is_same, kept_round
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import CompiledInstrument
from survey.models import Answer, Response

_STATE_COLUMNS: Final = ("pk", "version", "head", "retold")  # as survey.answering.queries.response_state_key
_AGENCY_COLUMNS: Final = ("code", "name_th", "name_en")
# The provincial response among them: the one a caller holds may have moved on since it was read.
_RESPONSES = PreparedValues(
    lambda: Response.objects.order_by("pk").values_list(
        *_STATE_COLUMNS, *(f"agency__{name}" for name in _AGENCY_COLUMNS)
    ),
    "round",
)
Rows = Mapping[int, Mapping[str, AnswerRow]]


def read_consolidation(response: Response) -> RoundConsolidation:
    """The consolidation of a provincial response.

    Four queries at most, whatever the number of agencies and questions; two where no answer has changed since.
    """
    instrument = compiled_instrument(response.round.instrument)
    kept = kept_round(response)
    tasks = agency_tasks(response, instrument)
    found: dict[int, tuple[Any, ...]] = {row[0]: row for row in _RESPONSES.all(response.round_id)}
    own_state = found.pop(response.pk)[1 : len(_STATE_COLUMNS)]
    known, province = kept.contributions, kept.province
    before = known.by_key
    changed = [pk for pk, state in found.items() if not state[2] or pk not in before or before[pk].state != state]
    if province is not None and (not own_state[1] or province.state != own_state):
        province = None
    is_kept = province is not None
    rows = _answer_rows(response, [*changed, *([] if province else [response.pk])])
    if province is None:
        kept.province = province = _read_province(response, own_state, instrument, rows.get(response.pk, {}))
    by_key = {
        pk: _contribution(state, before.get(pk), rows.get(pk, {}) if pk in changed else None, instrument, tasks)
        for pk, state in found.items()
    }
    kept.contributions = contributions = _by_question(known, by_key)
    return RoundConsolidation(
        response=response,
        instrument=instrument,
        answers=province.rows,
        values=dict(province.values),
        path=province.path,
        agency_answers=contributions.by_question,
        decisions=province.decisions,
        tasks=tasks,
        kept=kept,
        is_province_kept=is_kept,
    )


def _read_province(
    response: Response, state: tuple[Any, ...], instrument: CompiledInstrument, rows: Mapping[str, AnswerRow]
) -> KeptProvince:
    values = merge_answer_values(rows)
    path = resolve_path(instrument, values)
    return KeptProvince(state, rows, values, path, decision_records(response))


def _contribution(
    state: tuple[Any, ...],
    before: KeptContribution | None,
    rows: Mapping[str, AnswerRow] | None,
    instrument: CompiledInstrument,
    tasks: Tasks,
) -> KeptContribution:
    """The contribution as it is; what equals what it was before stays the same object. `rows`: where they changed."""
    if before is not None and rows is None and before.tasks is tasks:
        return before
    read = values_on_path(rows, instrument) if before is None or rows is not None else before.read
    agency = Agency(**dict(zip(_AGENCY_COLUMNS, state[len(_STATE_COLUMNS) :], strict=True)))
    known = before.answers if before else {}
    answers = {
        question: old if (old := known.get(question)) == one else one
        for question, one in agency_answers(state[0], agency, read, tasks)
    }
    return KeptContribution(state, read, tasks, answers)


def _by_question(known: KeptContributions, by_key: Mapping[int, KeptContribution]) -> KeptContributions:
    """The answers by question, those of one contribution after the other; the same objects where nothing changed."""
    if is_same([*known.by_key.values()], [*by_key.values()]):
        return known
    by_question: dict[str, list[AgencyAnswer]] = {}
    for contribution in by_key.values():
        for question, answer in contribution.answers.items():
            by_question.setdefault(question, []).append(answer)
    same = {
        question: old if is_same(old := known.by_question.get(question, ()), found) else found
        for question, found in by_question.items()
    }
    return KeptContributions(by_key, same)


def _answer_rows(response: Response, responses: Collection[int]) -> Rows:
    """The answers of some responses of the round by response and question. One query of plain tuples, none for none."""
    if not responses:
        return {}
    ids = {q.pk: q.item_id for q in questions_by_item_id(response.round.instrument).values()}
    columns = ("response_id", "question_id", "value", "revision", "unsure", "note", "saved_at")
    names = ("saved_by__first_name", "saved_by__last_name", "saved_by__email")
    rows_by_response: dict[int, dict[str, AnswerRow]] = {}
    rows = Answer.objects.filter(response__in=responses).order_by().values_list(*columns, *names)
    for pk, question, value, revision, unsure, note, saved_at, first, last, email in rows:
        if question not in ids:  # of an earlier version of the form
            continue
        who = f"{first} {last}".strip() or email
        rows_by_response.setdefault(pk, {})[ids[question]] = AnswerRow(value, revision, unsure, note, saved_at, who)
    return rows_by_response
