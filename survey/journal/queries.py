"""Reads of the journal: the events of one question."""

from __future__ import annotations

from django.db.models import QuerySet

from survey.models import Event, Question, Response


def question_history(response: Response, question: Question) -> QuerySet[Event]:
    """The events of one question, newest first."""
    return Event.objects.filter(response=response, question=question).select_related("by").order_by("-seq")
