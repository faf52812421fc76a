"""Reads of the survey: compiled instruments, the state of a response, progress, history."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.db.models import QuerySet

from survey.instrument.load import load
from survey.instrument.path import Path, resolve
from survey.instrument.schema import Instrument as Compiled
from survey.instrument.schema import Value
from survey.models import Answer, Event, Instrument, Question, Response


def instrument_of(row: Instrument) -> Compiled:
    """The frozen instrument of a row, built once per process and checksum."""
    return _compiled(row.pk, row.checksum)


@lru_cache(maxsize=16)
def _compiled(pk: int, checksum: str) -> Compiled:
    return load(Instrument.objects.only("source").get(pk=pk, checksum=checksum).source)


@lru_cache(maxsize=16)
def _question_ids(pk: int, checksum: str) -> Mapping[str, int]:
    rows = Question.objects.filter(instrument_id=pk).values_list("item_id", "pk")
    return dict(rows)


def question_ids(row: Instrument) -> Mapping[str, int]:
    """Primary keys of the questions by item id, built once per process and checksum."""
    return _question_ids(row.pk, row.checksum)


def values_of(response: Response) -> dict[str, Value]:
    """Every stored value of the response, flat, on the path or not. One query."""
    out: dict[str, Value] = {}
    for value in Answer.objects.filter(response=response).values_list("value", flat=True):
        out.update(value)
    return out


def path_of(response: Response) -> Path:
    """The path of the response as stored. One query."""
    return resolve(instrument_of(response.round.instrument), values_of(response))


def answers_of(response: Response) -> dict[str, Answer]:
    """The answer rows by item id of their question, with who saved them. One query."""
    rows = Answer.objects.filter(response=response).select_related("question", "saved_by")
    return {a.question.item_id: a for a in rows}


def history(response: Response, question: Question) -> QuerySet[Event]:
    """The events of one question, newest first."""
    return Event.objects.filter(response=response, question=question).select_related("by").order_by("-seq")
