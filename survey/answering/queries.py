"""Reads of answers: the stored answers of a response, its path, and what names its state."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from dgready.lru_cache import LruCache
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import AnswerValue
from survey.models import Answer, Response


class AnswerRow(NamedTuple):
    """An answer as pages show it."""

    value: dict[str, AnswerValue]
    revision: int
    unsure: bool
    note: str
    saved_at: datetime
    saved_by: str


def response_state_key(response: Response) -> tuple[Hashable, ...] | None:
    """Names the state of a response: every write moves version and head on. None before the first event."""
    return (response.pk, response.version, response.head) if response.head else None


@dataclass(frozen=True, slots=True, eq=False)
class ResponseState:
    """What a response says in one state; read only."""

    rows: Mapping[str, AnswerRow]
    values: Mapping[str, AnswerValue]
    path: QuestionnairePath


_response_states: LruCache[ResponseState] = LruCache(32)


def response_state(response: Response) -> ResponseState:
    """Answers, values and path of a response. One query, or none when this process has just read this state."""

    def make() -> ResponseState:
        rows = answer_rows(response)
        values = merge_answer_values(rows)
        return ResponseState(rows, values, resolve_path(compiled_instrument(response.round.instrument), values))

    return _response_states.get(response_state_key(response), make)


def answer_rows(response: Response) -> dict[str, AnswerRow]:
    """The answers by item id of their question. One query, plain tuples: the page is made of them."""
    items = {q.pk: q.item_id for q in questions_by_item_id(response.round.instrument).values()}
    fields = ("question_id", "value", "revision", "unsure", "note", "saved_at")
    names = ("saved_by__first_name", "saved_by__last_name", "saved_by__email")
    found = Answer.objects.filter(response=response).values_list(*fields, *names)
    return {
        items[question]: AnswerRow(value, revision, unsure, note, saved_at, f"{first} {last}".strip() or email)
        for question, value, revision, unsure, note, saved_at, first, last, email in found
    }


def merge_answer_values(rows: Mapping[str, AnswerRow]) -> dict[str, AnswerValue]:
    """Every stored value, flat, on the path or not."""
    out: dict[str, AnswerValue] = {}
    for row in rows.values():
        out.update(row.value)
    return out


def answer_values(response: Response) -> dict[str, AnswerValue]:
    """Every stored value of the response, flat, on the path or not. One query."""
    out: dict[str, AnswerValue] = {}
    for value in Answer.objects.filter(response=response).values_list("value", flat=True):
        out.update(value)
    return out


def response_path(response: Response) -> QuestionnairePath:
    """The path of the response as stored. One query or none."""
    return response_state(response).path
