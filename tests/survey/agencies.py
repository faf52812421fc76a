"""Agencies of a province and what they answer, for tests of consolidation and threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import Role
from survey.answering import actions as answers
from survey.answering.opening import ensure_response
from survey.instrument.queries import questions_by_item_id
from survey.instrument.schema import AnswerValue
from survey.models import Answer, Assignment, Event, Question, Rasci, Response, Round
from tests.factories import AgencyFactory, MembershipFactory


def agency(round_: Round, code: str) -> Agency:
    """An agency of the round's province, made when it is first named."""
    found = Agency.objects.filter(province=round_.province_id, code=code).first()
    return found or AgencyFactory(province=round_.province, code=code, name_th=f"สำนักงาน {code}")


def contribution(round_: Round, code: str) -> Response:
    """The agency's response."""
    response = ensure_response(by=None, round_=round_, agency=agency(round_, code))
    response.round = round_
    return response


def coordinator(of: Agency) -> User:
    """The agency's own person."""
    found = User.objects.filter(memberships__agency=of).first()
    return found or MembershipFactory(agency=of, role=Role.COORDINATOR, province=of.province).user


def give(round_: Round, code: str, item_id: str, value: Mapping[str, AnswerValue], **more: Any) -> Response:
    """What an agency answers to one question, on top of what it said before."""
    response = contribution(round_, code)
    question = questions_by_item_id(round_.instrument)[item_id]
    old = Answer.objects.filter(response=response, question=question).first()
    by = coordinator(agency(round_, code))
    base = old.revision if old else 0
    saved = answers.save_answer(by=by, response=response, question=question, value=value, base_revision=base, **more)
    assert not saved.conflict
    return response


def assign(
    round_: Round, code: str, item_id: str, state: str = Assignment.State.SUBMITTED, part: str = ""
) -> Assignment:
    """A part of the form given to an agency, in some state."""
    question: Question = questions_by_item_id(round_.instrument)[item_id]
    return Assignment.objects.create(
        round=round_,
        agency=agency(round_, code),
        question=question,
        item_id=part,
        role=Rasci.RESPONSIBLE,
        state=state,
        state_at=timezone.now(),
    )


def verbs(response: Response) -> list[str]:
    """The journal of a response in short."""
    return list(Event.objects.filter(response=response).order_by("seq").values_list("verb", flat=True))
