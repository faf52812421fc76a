"""What this year's draft says otherwise than last year's answer, question by question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey.answering.queries import path_of
from survey.instrument.schema import Instrument, Value
from survey.journal import words as describe
from survey.models import Answer, Carried, Response

SHOWN = 4  # places told in full of each question
LONGEST = 90  # characters of a value


@dataclass(frozen=True, slots=True)
class Difference:
    """One place of a question: what it said and says, "" for nothing."""

    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A question whose answer differs from last year's: the first places, and how many more."""

    code: str
    differences: tuple[Difference, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Changes:
    """All of them; `same` counts the questions that say what they said."""

    year: int
    questions: tuple[Changed, ...]
    same: int


def since_last_year(response: Response, language: str) -> Changes | None:
    """The draft beside the answers of the round it was started from; None where there are none.

    What is not asked this year, as the answers stand, is not counted.
    """
    rows = Carried.objects.filter(response=response).select_related("question", "from_response__round")
    carried = list(rows.order_by("question__order"))
    if not carried:
        return None
    path = path_of(response)
    answers = dict(Answer.objects.filter(response=response).values_list("question", "value"))
    found: list[Changed] = []
    for row in carried:
        item = path.instrument.items[row.question.item_id]
        now = {a: v for a, v in answers.get(row.question_id, {}).items() if a in path.values}
        differences = list(_differences(path.instrument, row.value, now, language))
        if differences and item.id not in path.off:
            more = max(len(differences) - SHOWN, 0)
            found.append(Changed(item.code or "", tuple(differences[:SHOWN]), more))
    return Changes(carried[0].from_response.round.year, tuple(found), len(carried) - len(found))


def _differences(
    instrument: Instrument, before: Mapping[str, Value], now: Mapping[str, Value], language: str
) -> Iterator[Difference]:
    for address in dict.fromkeys([*now, *before]):
        old, new = (_cut(describe.value(instrument, address, side.get(address), language)) for side in (before, now))
        if old != new:
            where = " › ".join(describe.place(instrument, address, {**before, **now}, language))
            yield Difference(where, old, new)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
