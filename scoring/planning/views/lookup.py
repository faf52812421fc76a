"""Fetching for the planning views: the provincial response of an address, a plan or scenario of it, or 404."""

from __future__ import annotations

from django.http import Http404, QueryDict

from accounts.access import SignedInRequest
from accounts.roles import Capability
from scoring.models import ActionPlan, Scenario
from survey.access import get_response
from survey.models import Response


def get_provincial_response(request: SignedInRequest, pk: int, cap: Capability) -> Response:
    response = get_response(request.user, pk, cap)
    if not response.is_provincial:
        raise Http404
    return response


def get_plan(response: Response, pk: int, *, dropped: bool = False) -> ActionPlan:
    rows = ActionPlan.objects.filter(response=response, pk=pk, dropped_at__isnull=not dropped)
    plan = rows.select_related("made_by").first()
    if plan is None:
        raise Http404
    return plan


def get_scenario(response: Response, pk: int, *, dropped: bool = False) -> Scenario:
    scenario = Scenario.objects.filter(response=response, pk=pk, dropped_at__isnull=not dropped).first()
    if scenario is None:
        raise Http404
    return scenario


def number_in(query: QueryDict, name: str) -> int | None:
    """A row's number in the query; None for none or for anything else."""
    text = query.get(name, "")
    return int(text[:18]) if text.isascii() and text.isdigit() else None
