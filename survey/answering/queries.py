"""Reads of answers: stored answers of a response, its questionnaire path, and the key of its state."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from dgready.lru_cache import LruCache
from dgready.prepared_queries import PreparedValues
from survey.answering.contradictions import Contradictions, contradictions_by_question
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import AnswerValue
from survey.models import Answer, Response

_ANSWER_ROWS = PreparedValues(
    lambda: Answer.objects.values_list(
        *("question_id", "value", "revision", "unsure", "note", "saved_at"),
        *("saved_by__first_name", "saved_by__last_name", "saved_by__email"),
    ),
    "response",
)


class AnswerRow(NamedTuple):
    """A stored answer with the name of who saved it, as pages show it."""

    value: dict[str, AnswerValue]
    revision: int
    unsure: bool
    note: str
    saved_at: datetime
    saved_by: str


def response_state_key(response: Response) -> tuple[Hashable, ...] | None:
    """Cache key of the state of a response: every write advances version and head. None before the first event.

    What is shown with it and changes elsewhere, as the names of people, advances `retold` (survey.answering.retelling).
    """
    return (response.pk, response.version, response.head, response.retold) if response.head else None


@dataclass(frozen=True, eq=False)
class ResponseState:
    """Answers, values and path of a response in one state; read-only."""

    rows: Mapping[str, AnswerRow]
    values: Mapping[str, AnswerValue]
    path: QuestionnairePath

    @cached_property
    def contradictions(self) -> Contradictions:
        """The contradictions on the path."""
        return contradictions_by_question(self.path)


_response_states: LruCache[ResponseState] = LruCache(32)


def response_state(response: Response) -> ResponseState:
    """Answers, values and path of a response. One query, or none when this process has just read this state."""

    def make() -> ResponseState:
        rows = answer_rows(response)
        values = merge_answer_values(rows)
        return ResponseState(rows, values, resolve_path(compiled_instrument(response.round.instrument), values))

    return _response_states.get(response_state_key(response), make)


def answer_rows(response: Response) -> dict[str, AnswerRow]:
    """Answers by item id of their question. One query of plain tuples, for speed."""
    item_ids = {question.pk: question.item_id for question in questions_by_item_id(response.round.instrument).values()}
    return {
        item_ids[question]: AnswerRow(value, revision, unsure, note, saved_at, f"{first} {last}".strip() or email)
        for question, value, revision, unsure, note, saved_at, first, last, email in _ANSWER_ROWS.all(response.pk)
        if question in item_ids  # those to questions of an earlier version of the form are kept, and not shown
    }


def merge_answer_values(rows: Mapping[str, AnswerRow]) -> dict[str, AnswerValue]:
    """All values of answers by address, on the path or not."""
    values: dict[str, AnswerValue] = {}
    for row in rows.values():
        values.update(row.value)
    return values


def answer_values(response: Response) -> dict[str, AnswerValue]:
    """All stored values of a response by address, on the path or not. One query."""
    values: dict[str, AnswerValue] = {}
    rows = Answer.objects.filter(response=response, question__instrument=response.round.instrument_id)
    for value in rows.values_list("value", flat=True):
        values.update(value)
    return values


def response_path(response: Response) -> QuestionnairePath:
    """The questionnaire path of a response as stored. One query or none."""
    return response_state(response).path
