"""What departments answered about the provinces, from their approved answers: two queries, one without any."""

from __future__ import annotations

from typing import Any

from accounts.respondents import RespondentKind
from dgready.localized_text import LocalizedText
from nation.facts.departments import DepartmentAnswer, department_blocks
from nation.facts.types import FactBlock
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue
from survey.models import Answer, Response


def read_department_blocks(year: int) -> tuple[FactBlock, ...]:
    """The blocks of the forms that departments answered in a year, form by form; empty without approved answers."""
    rows = Response.objects.filter(
        agency=None,
        round__year=year,
        round__province__kind=RespondentKind.DEPARTMENT,
        state=Response.State.APPROVED,
    )
    rows = rows.select_related("round__province", "round__instrument").defer("round__instrument__source")
    responses = list(rows.order_by("round__province__sort_key"))
    if not responses:
        return ()
    values: dict[int, dict[str, AnswerValue]] = {}
    stored: Any = Answer.objects.filter(response__in=responses).values_list("response", "value")
    for response, value in stored:
        values.setdefault(response, {}).update(value)
    by_form: dict[int, list[Response]] = {}
    for answer in responses:
        by_form.setdefault(answer.round.instrument_id, []).append(answer)
    return tuple(block for some in by_form.values() for block in _blocks(some, values))


def _blocks(responses: list[Response], values: dict[int, dict[str, AnswerValue]]) -> tuple[FactBlock, ...]:
    form = compiled_instrument(responses[0].round.instrument)
    answers = [
        DepartmentAnswer(
            response.round.province.code,
            LocalizedText(response.round.province.name_th, response.round.province.name_en),
            resolve_path(form, values.get(response.pk, {})).values,
        )
        for response in responses
    ]
    return department_blocks(form, answers)
