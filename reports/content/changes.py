"""The differences between this year's draft and last year's answers, question by question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dgready.shorten import shorten
from survey.answering.queries import response_path
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.journal import event_texts as describe
from survey.models import Answer, Carried, Response

MAX_SHOWN_DIFFERENCES = 4  # places told in full of each question
MAX_VALUE_LENGTH = 90  # characters of a value


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """One place of a question: its value last year and now, "" for none."""

    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangedQuestion:
    """A question whose answer differs from last year's: the first places, and how many more."""

    code: str
    differences: tuple[AnswerDifference, ...]
    more: int


@dataclass(frozen=True, slots=True)
class YearChanges:
    """All changed questions; `same` counts those whose answer did not change."""

    year: int
    questions: tuple[ChangedQuestion, ...]
    same: int


def changes_since_last_year(response: Response, language: str) -> YearChanges | None:
    """The draft compared with the answers of the round it was started from; None where there are none.

    What is not asked this year, given its answers, is not counted.
    """
    rows = Carried.objects.filter(response=response, question__instrument=response.round.instrument_id)
    rows = rows.select_related("question", "from_response__round")
    carried = list(rows.order_by("question__order"))
    if not carried:
        return None
    path = response_path(response)
    answers = dict(Answer.objects.filter(response=response).values_list("question", "value"))
    changed: list[ChangedQuestion] = []
    for row in carried:
        item = path.instrument.items[row.question.item_id]
        now = {a: v for a, v in answers.get(row.question_id, {}).items() if a in path.values}
        differences = list(_differences(path.instrument, row.value, now, language))
        if differences and item.id not in path.off:
            more = max(len(differences) - MAX_SHOWN_DIFFERENCES, 0)
            changed.append(ChangedQuestion(item.code or "", tuple(differences[:MAX_SHOWN_DIFFERENCES]), more))
    return YearChanges(carried[0].from_response.round.year, tuple(changed), len(carried) - len(changed))


def _differences(
    instrument: CompiledInstrument, before: Mapping[str, AnswerValue], now: Mapping[str, AnswerValue], language: str
) -> Iterator[AnswerDifference]:
    for address in dict.fromkeys([*now, *before]):
        old, new = (
            shorten(describe.describe_value(instrument, address, side.get(address), language), MAX_VALUE_LENGTH)
            for side in (before, now)
        )
        if old != new:
            where = " › ".join(describe.describe_address(instrument, address, {**before, **now}, language))
            yield AnswerDifference(where, old, new)
