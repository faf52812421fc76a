"""Views of the open points of a response: all of them by pillar and section, and the way to the next one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.lazy_values import LazyValues
from dgready.same_objects import SameObjects
from dgready.templatetags.keep import digest_of
from survey import access
from survey.answering.checker import OpenPoint
from survey.answering.point_order import point_after
from survey.approval.point_kinds import POINT_KINDS
from survey.approval.review import ReviewState, allowed_transitions, open_points_of, point_href, read_review_state
from survey.approval.views.open_points import agency_points, kind_counts, points_by_pillar
from survey.assigning.queries import answer_scope
from survey.contributing.views.averages import averages_instead
from survey.instrument.path import QuestionnairePath
from survey.models import Response
from survey.threads.queries import count_must_answer_threads
from survey.workflow.response_states import refusal_message


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lists the open points, each with a link to its field; `?kind=` shows one kind."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    if instead := averages_instead(response):
        return instead
    points, state, handed_in = _points_of_reader(response, waiting=response.is_editable)
    kind = _chosen_kind(request)
    context = {
        "response": response,
        "steps": allowed_transitions(request, response),
        "refusal": _submit_refusal(request, response),
        "must_answer": count_must_answer_threads(response) if response.is_provincial else 0,
        "points": _points_shown(response, points, state.path, handed_in, (kind, request.GET.get("at", ""))),
    }
    return render(request, "survey/approval/check.html", context)


def _points_shown(
    response: Response,
    points: Sequence[OpenPoint],
    path: QuestionnairePath,
    handed_in: Collection[str],
    asked: tuple[str, str],
) -> LazyValues:
    """The points by pillar; `asked`: the kind that is wanted, and the key of the point that was seen last."""
    kind, seen = asked

    def make() -> dict[str, Any]:
        chosen = [p for p in points if not kind or p.kind == kind]
        return {
            "total": len(points),
            "kind": kind,
            "kinds": kind_counts(points),
            "groups": points_by_pillar(response, chosen, path, handed_in, seen=seen),
            "next": f"next/?{urlencode({'kind': kind})}" if kind else "next/",
            "pk": response.pk,
            "is_provincial": response.is_provincial,
        }

    state = (response.pk, SameObjects(path), digest_of(points), frozenset(handed_in), asked)
    return LazyValues(state, make)


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def next_point(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leads to the open point behind `?after=` (survey.answering.point_order), of one kind with `?kind=`.

    Behind the last one it leads to the list, which says so.
    """
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    points, state, _handed_in = _points_of_reader(response)
    kind = _chosen_kind(request)
    wanted = [p for p in points if not kind or p.kind == kind]
    point = point_after(wanted, state.path, request.GET.get("after", "")[:400])
    if point is not None:
        return redirect(point_href(response, point, state.path))
    if wanted:
        messages.info(request, _("ถึงจุดที่ค้างจุดสุดท้ายแล้ว รายการต่อไปนี้ยังค้างอยู่"))
    return redirect("survey:check", pk)


def _points_of_reader(
    response: Response, *, waiting: bool = False
) -> tuple[list[OpenPoint], ReviewState, Collection[str]]:
    """The open points of a response (of a contribution those that concern its agency) and the questions handed in.

    `waiting`: also those that settle by themselves.
    """
    state = read_review_state(response)
    points = open_points_of(response, state, waiting=waiting)
    if response.is_provincial:
        return points, state, frozenset()
    scope = answer_scope(response)
    return agency_points(points, scope, state), state, frozenset(scope.asked.keys() - scope.writable.keys())


def _chosen_kind(request: SignedInRequest) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in POINT_KINDS else ""


def _submit_refusal(request: SignedInRequest, response: Response) -> str:
    """The reason why this person, who may submit, cannot do so now; empty otherwise."""
    if not (response.is_provincial and access.has_response_capability(request.user, response, Capability.SUBMIT)):
        return ""
    return refusal_message(request.user, response, "submit")
