"""Reads of the journal of a response."""

from __future__ import annotations

from django.db.models import QuerySet

from survey.models import Event, Question, Response


def question_history(response: Response, question: Question) -> QuerySet[Event]:
    """The events about one question of a response, newest first."""
    return Event.objects.filter(response=response, question=question).select_related("by").order_by("-seq")


def newest_answer_changes(response: Response, question: Question, count: int) -> list[Event]:
    """The newest changes of an answer, newest first. Each change is one event and one revision of the answer."""
    return list(question_history(response, question).filter(verb="answer.save")[:count])
