"""Fetching for the plan views: the provincial response of an address, and a plan of it, or 404."""

from __future__ import annotations

from django.http import Http404

from accounts.access import SignedInRequest
from accounts.roles import Capability
from scoring.models import ActionPlan
from survey.access import get_response
from survey.models import Response


def get_provincial_response(request: SignedInRequest, pk: int, cap: Capability) -> Response:
    response = get_response(request.user, pk, cap)
    if not response.is_provincial:
        raise Http404
    return response


def get_plan(response: Response, pk: int) -> ActionPlan:
    plan = ActionPlan.objects.filter(response=response, pk=pk).select_related("made_by").first()
    if plan is None:
        raise Http404
    return plan
