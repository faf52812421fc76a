"""View of the open points of a response, by section of the form."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from survey import access
from survey.approval.review import (
    allowed_transitions,
    open_points_of,
    read_review_state,
)
from survey.approval.views.open_points import POINT_KINDS, agency_points, kind_counts, points_by_section
from survey.assigning.queries import answer_scope
from survey.models import Response
from survey.threads.queries import count_must_answer_threads
from survey.workflow.response_states import refusal_message


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lists the open points, each with a link to its field; `?kind=` shows one kind."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    state = read_review_state(response)
    points = open_points_of(response, state)
    handed_in: frozenset[str] = frozenset()
    if not response.is_provincial:
        scope = answer_scope(response)
        points, handed_in = agency_points(points, scope, state), frozenset(scope.asked.keys() - scope.writable.keys())
    kind = request.GET.get("kind", "")
    chosen = [p for p in points if p.kind == kind] if kind in POINT_KINDS else points
    context = {
        "response": response,
        "total": len(points),
        "kind": kind if kind in POINT_KINDS else "",
        "kinds": kind_counts(points),
        "sections": points_by_section(response, chosen, state.path, handed_in),
        "steps": allowed_transitions(request, response),
        "refusal": _submit_refusal(request, response),
        "must_answer": count_must_answer_threads(response) if response.is_provincial else 0,
        "read_only": not response.is_editable,
    }
    return render(request, "survey/approval/check.html", context)


def _submit_refusal(request: SignedInRequest, response: Response) -> str:
    """The reason why this person, who may submit, cannot do so now; empty otherwise."""
    if not (response.is_provincial and access.has_response_capability(request.user, response, Capability.SUBMIT)):
        return ""
    return refusal_message(request.user, response, "submit")
