"""Views that submit the provincial answer to the governor, with a reason for each open point, and take it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from survey.access import get_provincial_response
from survey.approval.actions import MAX_REASON, UnexplainedPoints, submit_response, withdraw_response
from survey.approval.review import (
    current_open_points,
    open_points_of,
    read_review_state,
)
from survey.approval.views.open_points import POINT_KINDS, point_line
from survey.models import Response
from survey.workflow.refusal import TransitionRefused
from survey.workflow.response_states import refusal_message


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.SUBMIT)
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Submits: at once when nothing is open, else with a reason for each point."""
    response = get_provincial_response(request.user, pk, Capability.SUBMIT)
    if request.method != "POST":
        return _submit_page(request, response, _earlier_reasons(response), status=200)
    reasons = {
        name.partition(":")[2]: text
        for name, text in request.POST.dict().items()
        if name.startswith(("why:", "all:")) and isinstance(text, str) and text.strip()
    }
    try:
        submit_response(by=request.user, response=response, points=current_open_points, reasons=reasons)
    except UnexplainedPoints as refused:
        missing = {p.key for p in refused.points}
        return _submit_page(request, response, reasons, missing=missing, refused=str(refused), status=422)
    except TransitionRefused as refused:
        response.refresh_from_db(fields=["state", "version", "head"])
        return _submit_page(request, response, reasons, refused=str(refused), status=409)
    messages.success(request, _("เสนอผู้ว่าราชการจังหวัดแล้ว"))
    return redirect("survey:brief", pk)


def _earlier_reasons(response: Response) -> dict[str, str]:
    """The reasons of the last submission, for points that are still open."""
    return {f"{p['kind']}:{p['address']}": p["reason"] for p in response.open_points}


def _submit_page(
    request: SignedInRequest,
    response: Response,
    given: Mapping[str, str],
    *,
    missing: Iterable[str] = (),
    refused: str = "",
    status: int,
) -> HttpResponse:
    state = read_review_state(response)
    lacking = set(missing)
    groups: dict[str, dict[str, Any]] = {}
    for point in open_points_of(response, state):
        label, icon = POINT_KINDS[point.kind]
        group = groups.setdefault(
            point.kind,
            {"kind": point.kind, "label": label, "icon": icon, "reason": given.get(point.kind, ""), "points": {}},
        )
        line = {**point_line(response, point, state.path), "reason": given.get(point.key, "")}
        # Two files at one place are one point to explain.
        group["points"].setdefault(point.key, {**line, "texts": [], "lacking": point.key in lacking})
        group["points"][point.key]["texts"].append(line["text"])
    context = {
        "response": response,
        "groups": [groups[kind] for kind in POINT_KINDS if kind in groups],
        "refused": refused,
        "lacking": len(lacking),
        "refusal": refusal_message(request.user, response, "submit"),
        "max_reason": MAX_REASON,
    }
    return render(request, "survey/approval/submit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.SUBMIT)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Withdraws a submitted answer, after a confirmation page."""
    response = get_provincial_response(request.user, pk, Capability.SUBMIT)
    refused = ""
    if request.method == "POST":
        try:
            withdraw_response(by=request.user, response=response)
        except TransitionRefused as caught:
            refused = str(caught)
        else:
            messages.success(request, _("ถอนกลับมาแก้ไขแล้ว"))
            return redirect("survey:check", pk)
    context = {
        "response": response,
        "refused": refused or refusal_message(request.user, response, "withdraw"),
    }
    return render(request, "survey/approval/withdraw.html", context, status=409 if refused else 200)
