"""Reads of the survey: compiled instruments, the state of a response, progress, history."""

from __future__ import annotations

import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import QuerySet

from dgready.recent import Recent
from survey.instrument.address import item_id
from survey.instrument.load import load
from survey.instrument.path import Path, resolve
from survey.instrument.schema import Instrument as Compiled
from survey.instrument.schema import Value
from survey.models import Answer, Comment, Event, Instrument, OfficialText, Question, Response

OFFICIAL_STAYS = 60  # seconds


def instrument_of(row: Instrument) -> Compiled:
    """The frozen instrument of a row, built once per process and checksum."""
    return _compiled(row.pk, row.checksum)


@lru_cache(maxsize=16)
def _compiled(pk: int, checksum: str) -> Compiled:
    return load(Instrument.objects.only("source").get(pk=pk, checksum=checksum).source)


@lru_cache(maxsize=16)
def _questions(pk: int, checksum: str) -> Mapping[str, Question]:
    return {q.item_id: q for q in Question.objects.filter(instrument_id=pk)}


def questions_of(row: Instrument) -> Mapping[str, Question]:
    """The question rows by item id, read once per process and checksum."""
    return _questions(row.pk, row.checksum)


@lru_cache(maxsize=16)
def _dependents(pk: int, checksum: str) -> Mapping[str, frozenset[str]]:
    instrument = _compiled(pk, checksum)
    out: dict[str, set[str]] = {}
    for item in instrument.items.values():
        sources = [s.source for s in instrument.skips.get(item.id, ())]
        sources += [item_id(a) for a in (item.when.addresses() if item.when else ())]
        shown = [i.question for i in (item, *item.descendants()) if i.question == i.id]
        for source in sources:
            owner = instrument.items[source].question
            out.setdefault(owner or source, set()).update(q for q in shown if q and q != owner)
    return {question: frozenset(some) for question, some in out.items()}


def dependents(row: Instrument, question: str) -> frozenset[str]:
    """The questions that an answer to this one may open or close."""
    return _dependents(row.pk, row.checksum).get(question, frozenset())


class AnswerRow(NamedTuple):
    """An answer as pages show it."""

    value: dict[str, Value]
    revision: int
    unsure: bool
    note: str
    saved_at: datetime
    saved_by: str


def state_key(response: Response) -> tuple[Hashable, ...] | None:
    """Names the state of a response: every write moves version and head on. None before the first event."""
    return (response.pk, response.version, response.head) if response.head else None


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What a response says in one state; read only."""

    rows: Mapping[str, AnswerRow]
    values: Mapping[str, Value]
    path: Path


_standing: Recent[Standing] = Recent(32)


def standing(response: Response) -> Standing:
    """Answers, values and path of a response. One query, or none when this process has just read this state."""

    def make() -> Standing:
        rows = rows_of(response)
        values = merged(rows)
        return Standing(rows, values, resolve(instrument_of(response.round.instrument), values))

    return _standing.get(state_key(response), make)


def rows_of(response: Response) -> dict[str, AnswerRow]:
    """The answers by item id of their question. One query, plain tuples: the page is made of them."""
    items = {q.pk: q.item_id for q in questions_of(response.round.instrument).values()}
    fields = ("question_id", "value", "revision", "unsure", "note", "saved_at")
    names = ("saved_by__first_name", "saved_by__last_name", "saved_by__email")
    found = Answer.objects.filter(response=response).values_list(*fields, *names)
    return {
        items[question]: AnswerRow(value, revision, unsure, note, saved_at, f"{first} {last}".strip() or email)
        for question, value, revision, unsure, note, saved_at, first, last, email in found
    }


def merged(rows: Mapping[str, AnswerRow]) -> dict[str, Value]:
    """Every stored value, flat, on the path or not."""
    out: dict[str, Value] = {}
    for row in rows.values():
        out.update(row.value)
    return out


def values_of(response: Response) -> dict[str, Value]:
    """Every stored value of the response, flat, on the path or not. One query."""
    out: dict[str, Value] = {}
    for value in Answer.objects.filter(response=response).values_list("value", flat=True):
        out.update(value)
    return out


def path_of(response: Response) -> Path:
    """The path of the response as stored. One query or none."""
    return standing(response).path


def official_texts(row: Instrument) -> Mapping[str, str]:
    """The official wording of each question's card, where the installation has attached it.

    Read again after a minute; the wording of the items inside a card follows that of its question.
    """
    return _official_texts(row.pk, row.checksum, int(time.monotonic() // OFFICIAL_STAYS))


@lru_cache(maxsize=16)
def _official_texts(pk: int, checksum: str, minute: int) -> Mapping[str, str]:
    texts = dict(OfficialText.objects.filter(instrument_id=pk).values_list("item_id", "text"))
    items = _compiled(pk, checksum).items
    out: dict[str, list[str]] = {}
    for found in sorted(texts.keys() & items.keys(), key=lambda i: items[i].order):
        item = items[found]
        out.setdefault(item.question or item.id, []).append(f"{item.code or ''} {texts[found]}".strip())
    return {question: "\n\n".join(some) for question, some in out.items()}


class CommentRow(NamedTuple):
    """An open comment as the card of its question shows it. `must_answer`: before the answer is handed in."""

    text: str
    at: datetime
    by: str
    must_answer: bool = False


_comments: Recent[dict[str, list[CommentRow]]] = Recent(64)


def open_comments(response: Response) -> Mapping[str, list[CommentRow]]:
    """Unresolved comments by item id of their question ("" for the whole response). One query or none."""
    return _comments.get(state_key(response), lambda: _open_comments(response))


def _open_comments(response: Response) -> dict[str, list[CommentRow]]:
    fields = ("question__item_id", "text", "at", "must_answer", "by__first_name", "by__last_name", "by__email")
    rows = Comment.objects.filter(response=response, resolved_at=None, parent=None).order_by("at", "pk")
    out: dict[str, list[CommentRow]] = {}
    for question, text, at, must, first, last, email in rows.values_list(*fields):
        out.setdefault(question or "", []).append(CommentRow(text, at, f"{first} {last}".strip() or email, must))
    return out


def history(response: Response, question: Question) -> QuerySet[Event]:
    """The events of one question, newest first."""
    return Event.objects.filter(response=response, question=question).select_related("by").order_by("-seq")
