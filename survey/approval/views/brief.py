"""View of the governor's brief: score, open points, progress and dates on one screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.lazy_values import LazyValues
from survey.access import get_provincial_response, has_response_capability
from survey.approval.frozen_facts import valid_version
from survey.approval.point_kinds import POINT_KINDS
from survey.approval.review import ReviewState, allowed_transitions, count_by_kind, open_points_of, read_review_state
from survey.approval.review_events import read_review_events
from survey.approval.round_days import RoundDay, round_days
from survey.approval.time_left import time_left, time_left_texts
from survey.approval.views.decision import decision_context
from survey.approval.views.score_card import CardBasis, make_card, read_card_basis
from survey.committee.endorsement import touched_questions
from survey.contributing.views.averages import averages_instead
from survey.instrument.progress import progress_by_section, total_progress
from survey.models import Response
from survey.workflow.response_states import refusal_message


@require_safe
@allow(Capability.RESPONSE_READ)
def brief(request: SignedInRequest, pk: int) -> HttpResponse:
    """Score, change, KPI, open points, evidence, progress, dates, and what can be decided now."""
    response = get_provincial_response(request.user, pk, Capability.RESPONSE_READ, with_points=True)
    if instead := averages_instead(response):
        return instead
    state = read_review_state(response, comments=not response.is_before_governor)
    progress = total_progress(progress_by_section(state.path, state.marked_places))
    now = timezone.now()
    events = read_review_events(response)
    endorsement = events.endorsement()
    allowed = allowed_transitions(request, response)
    frozen = valid_version(response, events.steps) if response.state == Response.State.APPROVED else None
    days = round_days(response.round, events.steps, timezone.localdate(now))
    basis = read_card_basis(response)
    context: dict[str, Any] = {
        "response": response,
        "score": _score(response, basis),
        "progress": progress,
        "proven": progress.evidence - progress.missing_evidence,
        "files": state.file_count,
        "dates": list(_round_dates(days, now)),
        "left": "" if frozen else time_left(response.round.closes_at, now),
        "now": now,
        "words": time_left_texts(),
        "closed": response.round.is_closed(now),
        "frozen": frozen,
        "endorsement": endorsement,
        "touched": touched_questions(response.round, endorsement, reader_language()) if endorsement else [],
        "may_extend": request.user.has(Capability.ROUND_MANAGE, province_id=response.round.province_id),
        "may_print": basis is not None and has_response_capability(request.user, response, Capability.REPORT_READ),
        "steps": allowed,
        "approve_refusal": _approve_refusal(request, response, allowed),
    }
    if response.is_before_governor:
        context |= decision_context(response, events)
    else:
        context["points"] = _open_points(response, state)
    return render(request, "survey/approval/brief.html", context)


def _score(response: Response, basis: CardBasis | None) -> LazyValues:
    def make() -> dict[str, Any]:
        return {"card": make_card(basis) if basis else None, "response": response}

    return LazyValues(basis.state if basis else response.pk, make)


def _open_points(response: Response, state: ReviewState) -> dict[str, Any]:
    """The open points of an answer that is not submitted, as they are now, by kind."""
    counted = count_by_kind(open_points_of(response, state))
    kinds = [(label, counted[kind]) for kind, (label, _icon) in POINT_KINDS.items() if kind in counted]
    return {"count": sum(counted.values()), "kinds": kinds}


def _approve_refusal(request: SignedInRequest, response: Response, steps: Mapping[str, Any]) -> str:
    """Why this person, who may approve in this province, cannot approve what is submitted; empty otherwise."""
    submitted = response.state == Response.State.SUBMITTED
    if not submitted or "approve" in steps or not has_response_capability(request.user, response, Capability.APPROVE):
        return ""
    return refusal_message(request.user, response, "approve")


def _round_dates(days: Iterable[RoundDay], now: datetime) -> Iterator[dict[str, Any]]:
    today = timezone.localdate(now)
    for day in days:
        left = "" if day.happened else _days_text(day.day, today)
        yield {"label": day.label, "day": day.day, "past": not day.happened and day.day < today, "left": left}


def _days_text(day: date, today: date) -> str:
    days = (day - today).days
    if days < 0:
        return _("ผ่านแล้ว")
    if days == 0:
        return _("วันนี้")
    return ngettext("อีก %(days)d วัน", "อีก %(days)d วัน", days) % {"days": days}
