"""Views that submit the provincial answer to the governor, with a reason for all that is open, and take it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from scoring.engine.queries import get_review_standing
from scoring.engine.review_standing import ReviewStanding
from scoring.scheme import registry
from survey.access import get_provincial_response
from survey.approval.actions import MAX_REASON, ReasonsMissing, submit_response, withdraw_response
from survey.approval.earlier_reasons import EarlierReason, read_earlier_reasons
from survey.approval.review import current_open_points, open_points_of, read_review_state
from survey.approval.submission_standing import GuardStanding, SubmissionStanding, read_submission_standing
from survey.approval.views.open_points import groups_by_kind, points_by_kind_and_pillar
from survey.committee.endorsement import touched_questions
from survey.models import Response, SubmissionGuard
from survey.threads.queries import count_must_answer_threads
from survey.workflow.refusal import TransitionRefused
from survey.workflow.response_states import refusal_message

POINT_FIELDS = ("why:", "all:")
OPEN_GROUPS = 4  # groups that stand unfolded


@dataclass(frozen=True, slots=True)
class _Posted:
    """What the form said, and what was found lacking.

    `asked`: keys of points that had a field of their own; `each`: the group whose points are to get one.
    """

    reasons: Mapping[str, str] = field(default_factory=dict)
    guards: Mapping[str, str] = field(default_factory=dict)
    again: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    each: str = ""
    lacking: frozenset[str] = frozenset()
    unmet: frozenset[str] = frozenset()
    refused: str = ""
    status: int = 200


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.SUBMIT)
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Submits what was shown: at once when nothing is open, else with a reason for each group and failing guard.

    `each` only gives the points of a group fields of their own.
    """
    response = get_provincial_response(request.user, pk, Capability.SUBMIT, with_points=True)
    if request.method != "POST":
        return _submit_page(request, response, _Posted())
    posted = _read_form(request.POST.dict())
    if posted.each:
        return _submit_page(request, response, posted)
    try:
        submit_response(
            by=request.user,
            response=response,
            points=current_open_points,
            reasons=posted.reasons,
            overrides=posted.guards,
            again=posted.again,
            seen=request.POST.get("seen", ""),
        )
    except ReasonsMissing as refused:
        posted = replace(
            posted,
            lacking=frozenset(p.key for p in refused.points),
            unmet=frozenset(str(g.guard) for g in refused.guards),
            refused=str(refused),
            status=422,
        )
        return _submit_page(request, response, posted)
    except TransitionRefused as refused:
        fresh = get_provincial_response(request.user, pk, Capability.SUBMIT, with_points=True)
        return _submit_page(request, fresh, replace(posted, refused=str(refused), status=409))
    messages.success(request, _("เสนอ%(chief)sแล้ว") % {"chief": response.round.province.chief_title})
    return redirect("survey:brief", pk)


def _read_form(post: Mapping[str, Any]) -> _Posted:
    """Reasons of points and groups, of guards, and the groups that keep their earlier reasons."""
    texts = {name: text for name, text in post.items() if isinstance(text, str) and text.strip()}
    return _Posted(
        reasons={n.partition(":")[2]: t for n, t in texts.items() if n.startswith(POINT_FIELDS)},
        guards={g: texts[f"guard:{g}"] for g in SubmissionGuard.values if f"guard:{g}" in texts},
        again=frozenset(n.partition(":")[2] for n in texts if n.startswith("again:")),
        asked=frozenset(n.partition(":")[2] for n in post if n.startswith("why:")),
        each=texts.get("each", ""),
    )


def _submit_page(request: SignedInRequest, response: Response, posted: _Posted) -> HttpResponse:
    refusal = refusal_message(request.user, response, "submit")
    context: dict[str, Any] = {
        "response": response,
        "refusal": refusal,
        "must_answer": count_must_answer_threads(response),
        "refused": "" if posted.refused == refusal else posted.refused,
        "lacking": len(posted.lacking),
        "max_reason": MAX_REASON,
    }
    state = read_review_state(response)
    points = open_points_of(response, state)
    standing = read_submission_standing(response)
    groups = points_by_kind_and_pillar(response, points, state.path)
    _explain_groups(groups, posted, read_earlier_reasons(response))
    context |= {
        "kinds": _unfolded(groups_by_kind(groups), len(groups)),
        "total": len(points),
        "review": _review_standing(response),
        "seen": standing.fingerprint(response, points),
        **_standing_context(request, response, standing, posted),
    }
    return render(request, "survey/approval/submit.html", context, status=posted.status)


def _review_standing(response: Response) -> ReviewStanding | None:
    """Both scores and how far the evidence is reviewed; None where this year has no scoring scheme."""
    try:
        return get_review_standing(response)
    except (registry.MissingScheme, registry.FaultyScheme):
        return None


def _explain_groups(groups: list[dict[str, Any]], posted: _Posted, earlier: Mapping[str, EarlierReason]) -> None:
    """Adds to each group what was typed, what lacks, and the earlier reasons of its points, told apart by their day."""
    for group in groups:
        old: dict[EarlierReason, int] = {}
        for key, point in group["points"].items():
            point |= {
                "reason": posted.reasons.get(key, ""),
                "lacking": key in posted.lacking,
                "earlier": earlier.get(key),
            }
            if key in earlier:
                old[earlier[key]] = old.get(earlier[key], 0) + 1
        group["reason"] = posted.reasons.get(group["key"], "")
        group["again"] = group["key"] in posted.again
        group["earlier"] = list(old.items())
        group["lacking"] = any(point["lacking"] for point in group["points"].values())
        group["single"] = len(group["points"]) == 1
        group["each"] = group["single"] or group["key"] == posted.each or not posted.asked.isdisjoint(group["points"])
        # One earlier reason for the whole group is told once, above.
        group["tell"] = group["each"] or len(group["earlier"]) > 1
        group["typed"] = bool(group["reason"] or group["again"] or (group["each"] and not group["single"]))
        group["typed"] = group["typed"] or any(p["reason"] for p in group["points"].values())


def _unfolded(kinds: list[dict[str, Any]], groups: int) -> list[dict[str, Any]]:
    """The kinds of open points, folded where there are many groups and nothing is typed or lacks."""
    for kind in kinds:
        kind["open"] = groups <= OPEN_GROUPS or any(g["typed"] or g["lacking"] for g in kind["groups"])
    return kinds


def _standing_context(
    request: SignedInRequest, response: Response, standing: SubmissionStanding, posted: _Posted
) -> dict[str, Any]:
    """Agencies, deadline, endorsement and guards as the page shows them."""
    language, today, round_ = reader_language(), timezone.localdate(), response.round
    endorsement = standing.endorsement
    return {
        "parts": standing.parts,
        "agencies": [(a, a.name.to(language)) for a in standing.parts.agencies],
        "agency_due": round_.agency_due,
        "due_days": (round_.agency_due - today).days,
        "endorsement": endorsement,
        "touched": touched_questions(round_, endorsement, language) if endorsement else [],
        "guards": [_guard_row(g, posted, language, round_.province.words) for g in standing.guards],
        "may_set_guards": request.user.has(Capability.ROUND_MANAGE, province_id=round_.province_id),
    }


def _guard_row(standing: GuardStanding, posted: _Posted, language: str, words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": str(standing.guard),
        "label": str(standing.guard.label) % words,
        "text": standing.text.to(language),
        "on": standing.on,
        "holds": standing.holds,
        "needs_reason": standing.needs_reason,
        "reason": posted.guards.get(str(standing.guard), ""),
        "lacking": str(standing.guard) in posted.unmet,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.SUBMIT)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Withdraws a submitted answer, after a confirmation page."""
    response = get_provincial_response(request.user, pk, Capability.SUBMIT, with_points=True)
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
