"""Reads of the journal of a response."""

from __future__ import annotations

from django.db.models import QuerySet

from survey.models import Event, Question, Response

ANSWER_VERBS = "answer."  # verbs of this kind change one answer
FORM_MOVE_VERB = "instrument.move"  # the round moved to another version of its form


def question_history(response: Response, question: Question) -> QuerySet[Event]:
    """The events about one question of a response, newest first; also of earlier versions of the form."""
    rows = Event.objects.filter(response=response, question__item_id=question.item_id)
    return rows.select_related("by").order_by("-seq")


def newest_answer_changes(response: Response, question: Question, count: int) -> list[Event]:
    """The newest changes of an answer, newest first. Each change is one event and one revision of the answer."""
    return list(answer_changes(response, question)[:count])


def answer_changes(response: Response, question: Question) -> QuerySet[Event]:
    """The changes of an answer, newest first: saved, cleared, an earlier value put back."""
    return question_history(response, question).filter(verb__startswith=ANSWER_VERBS)
