"""Points the rows of a round at questions and sub-pillars of another version of its form, matched by id and code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, QuerySet, Value, When

from evidence.models import Attachment
from scoring.moving.plan import ResponsePlan
from survey.assigning.queries import sub_pillar_keys
from survey.instrument.queries import questions_by_item_id
from survey.models import (
    Answer,
    Assignment,
    Carried,
    Comment,
    Consolidation,
    Instrument,
    Opinion,
    Question,
    Resolution,
    Response,
    Round,
    SubPillar,
)


def repoint_rows(round_: Round, target: Instrument) -> None:
    """Points every row of a round that names a question or a sub-pillar at that of the version, where it has it.

    Rows of what the version does not have stay where they are, also those that earlier moves left: they are found again
    by their id. Events are never changed.
    """
    versions = Instrument.objects.filter(key=target.key, year=target.year).exclude(pk=target.pk)
    new = {item: question.pk for item, question in questions_by_item_id(target).items()}
    old = Question.objects.filter(instrument__in=versions, item_id__in=new).values_list("pk", "item_id")
    questions = {pk: new[item] for pk, item in old}
    codes = sub_pillar_keys(target)
    rows = SubPillar.objects.filter(pillar__instrument__in=versions, code__in=codes).values_list("pk", "code")
    sub_pillars = {pk: codes[code] for pk, code in rows}
    for model in (Answer, Comment, Consolidation, Carried, Attachment):
        _repoint(model._default_manager.filter(response__round=round_), "question_id", questions)
    _repoint(Assignment.objects.filter(round=round_), "question_id", questions)
    _repoint(Assignment.objects.filter(round=round_), "sub_pillar_id", sub_pillars)
    for minutes in (Resolution, Opinion):
        _repoint(minutes._default_manager.filter(meeting__round=round_), "sub_pillar_id", sub_pillars)


def _repoint(rows: QuerySet[Any], column: str, keys: Mapping[int, int]) -> None:
    """Replaces keys in a column of rows. One statement."""
    if keys:
        cases = [When(**{column: old}, then=Value(new)) for old, new in keys.items()]
        rows.filter(**{f"{column}__in": list(keys)}).update(**{column: Case(*cases)})


def repoint_comments(response: Response, plan: ResponsePlan, questions: Mapping[str, Question]) -> None:
    """Threads on questions that go are about the whole answer; those whose question is back are about it again."""
    if plan.comments_aside:
        Comment.objects.filter(response=response, pk__in=plan.comments_aside).update(question=None)
    for pk, item in plan.comments_back.items():
        Comment.objects.filter(response=response, pk=pk).update(question=questions[item])
