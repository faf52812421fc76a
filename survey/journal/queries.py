"""Reads of the journal of a response."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from dgready.counted_rows import CountedRows
from dgready.prepared_select import PreparedSelect
from survey.models import Event, Question, Response

ANSWER_VERBS = "answer."  # verbs of this kind change one answer
FORM_MOVE_VERB = "instrument.move"  # the round moved to another version of its form


def question_history(response: Response, question: Question) -> QuerySet[Event]:
    """The events about one question of a response, newest first; also of earlier versions of the form."""
    return _of_question(*_key(response, question)).select_related("by").order_by("-seq")


def _key(response: Response, question: Question) -> tuple[int, str, str, int]:
    form = response.round.instrument
    return response.pk, question.item_id, form.key, form.year


def _of_question(response: int, item_id: str, form: str, year: int) -> QuerySet[Event]:
    # The form leads to the few questions of that name by an index; by the name alone all questions might be read.
    of_form = Question.objects.filter(instrument__key=form, instrument__year=year)
    return Event.objects.filter(response=response, question__in=of_form.filter(item_id=item_id))


def listed_history(response: Response, question: Question) -> CountedRows[Event]:
    """The events of `question_history`, for a page. One query, and one for each slice."""
    key = _key(response, question)
    counted = _COUNT_OF_QUESTION.first(*key)
    return CountedRows(
        counted[0] if counted else 0, lambda start, stop: _PAGE_OF_QUESTION.all(*key, start=start, stop=stop)
    )


def count_answer_changes(response: Response, question: Question, until: int) -> int:
    """How many changes of an answer there were up to an event, by its number. One query."""
    counted = _COUNT_OF_CHANGES.first(*_key(response, question), until)
    return counted[0] if counted else 0


def newest_answer_changes(response: Response, question: Question, count: int) -> list[Event]:
    """The newest changes of an answer, newest first. Each change is one event and one revision of the answer."""
    return list(answer_changes(response, question)[:count])


def answer_changes(response: Response, question: Question) -> QuerySet[Event]:
    """The changes of an answer, newest first: saved, cleared, an earlier value put back."""
    return question_history(response, question).filter(verb__startswith=ANSWER_VERBS)


def listed_events_of(response: Response, verb: str = "") -> CountedRows[Event]:
    """The events of a response, newest first, for a page; `verb`: of one kind. One query, and one for each slice."""
    values = (response.pk, verb) if verb else (response.pk,)
    counted = _COUNT.first(*values)
    return CountedRows(counted[0] if counted else 0, lambda start, stop: _PAGE.all(*values, start=start, stop=stop))


def _events_of(response: int, *verbs: str) -> QuerySet[Event]:
    rows = Event.objects.filter(response=response)
    return rows.filter(verb=verbs[0]) if verbs else rows


_COUNT: PreparedSelect[tuple[int]] = PreparedSelect(
    lambda *values: _events_of(*values).order_by().values("response").annotate(n=Count("pk")).values_list("n")
)
_PAGE: PreparedSelect[Event] = PreparedSelect(
    lambda *values, start, stop: _events_of(*values).select_related("by", "question").order_by("-seq")[start:stop]
)
_COUNT_OF_QUESTION: PreparedSelect[tuple[int]] = PreparedSelect(
    lambda *key: _of_question(*key).order_by().values("response").annotate(n=Count("pk")).values_list("n")
)
_PAGE_OF_QUESTION: PreparedSelect[Event] = PreparedSelect(
    lambda *key, start, stop: _of_question(*key).select_related("by", "question").order_by("-seq")[start:stop]
)
_COUNT_OF_CHANGES: PreparedSelect[tuple[int]] = PreparedSelect(
    lambda response, item_id, form, year, until: (
        _of_question(response, item_id, form, year)
        .filter(verb__startswith=ANSWER_VERBS, seq__lte=until)
        .order_by()
        .values("response")
        .annotate(n=Count("pk"))
        .values_list("n")
    )
)
