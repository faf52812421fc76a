"""Fetching is the permission check: rounds and responses, or 404."""

from __future__ import annotations

from django.http import Http404

from accounts.access import place_q
from accounts.models import User
from accounts.roles import Capability
from survey.models import Question, Response, Round
from survey.queries import questions_of

C = Capability

# A contribution is reached with the capability that stands for the provincial one.
_CONTRIBUTION = {C.RESPONSE_READ: C.CONTRIBUTION_READ, C.ANSWER_EDIT: C.CONTRIBUTION_EDIT}

# What a page needs of a response's surroundings; the instrument itself is kept compiled.
_RESPONSES = (
    Response.objects.select_related("round__province", "round__instrument", "agency")
    .defer("round__instrument__source", "round__instrument__title_th", "round__instrument__title_en")
    .defer("round__province__sort_key", "agency__sort_key", "open_points")
    .order_by()
)


def get_response(user: User, pk: int, cap: Capability) -> Response:
    """The response with its round, province and instrument; Http404 unless the person holds `cap` for it.

    For an agency's contribution RESPONSE_READ and ANSWER_EDIT mean their contribution counterparts.
    """
    found = _RESPONSES.filter(pk=pk).first()
    if found is None or not may(user, found, cap):
        raise Http404
    return found


def may(user: User, response: Response, cap: Capability) -> bool:
    """Whether the person holds `cap` for this response."""
    if response.agency_id is not None:
        cap = _CONTRIBUTION.get(cap, cap)
    return user.has(cap, province_id=response.round.province_id, agency_id=response.agency_id)


def get_question(response: Response, item_id: str) -> Question:
    """The question row of this response's instrument; Http404 when it has none of that id."""
    found = questions_of(response.round.instrument).get(item_id)
    if found is None:
        raise Http404
    return found


def get_round(user: User, code: str, year: int, cap: Capability) -> Round:
    """The round of a province and year; Http404 unless the person holds `cap` there."""
    rounds = Round.objects.select_related("province", "instrument").defer("instrument__source")
    found = rounds.filter(place_q(user, cap, province="province"), province__code=code, year=year).first()
    if found is None:
        raise Http404
    return found
