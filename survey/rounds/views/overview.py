"""View of a round: its dates, the provincial answer, the contributions a person may read."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.models import User
from accounts.roles import Capability
from dgready.prepared_select import PreparedSelect
from evidence.attaching.queries import marked_addresses
from survey import access
from survey.answering.queries import response_path
from survey.approval.round_days import is_approved, round_days
from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES
from survey.committee.endorsement import response_steps
from survey.instrument.place_windows import printed_windows
from survey.instrument.progress import progress_by_section, total_progress
from survey.instrument.queries import compiled_instrument, is_answered_by_each_agency
from survey.models import Assignment, Response, Round


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def overview(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """A round at a glance: dates, the provincial answer with its progress, this person's contributions."""
    round_ = _readable_round(request.user, code, year)
    responses = _RESPONSES.all(round_.pk)
    for response in responses:
        response.round = round_
    readable = [r for r in responses if access.has_response_capability(request.user, r, Capability.RESPONSE_READ)]
    provincial = next((r for r in readable if r.is_provincial), None)
    days = round_days(round_, response_steps(provincial) if provincial else ())
    context: dict[str, Any] = {
        "round": round_,
        "province": round_.province,
        "response": provincial,
        "contributions": _contributions_with_parts(round_, [r for r in readable if not r.is_provincial]),
        "days": days,
        "windows": printed_windows(compiled_instrument(round_.instrument), (round_.period_from, round_.period_to)),
        "is_approved": is_approved(days),
        "closed": round_.is_closed(timezone.now()),
        "may_manage": request.user.has(Capability.ROUND_MANAGE, province_id=round_.province_id),
        "links": _round_links(request, round_),
        "by_agencies": is_answered_by_each_agency(round_.instrument),
    }
    if provincial:
        progress = progress_by_section(response_path(provincial), set(marked_addresses(provincial)))
        context["overall"] = total_progress(progress)
    return render(request, "survey/rounds/round.html", context)


def _readable_round(user: User, code: str, year: int) -> Round:
    """A round that a person may read, or answers for an agency in; else Http404."""
    try:
        return access.get_round(user, code, year, Capability.RESPONSE_READ)
    except Http404:
        return access.get_round_with_own_agencies(user, code, year, Capability.CONTRIBUTION_READ)[0]


_RESPONSES: PreparedSelect[Response] = PreparedSelect(
    lambda round_: (
        Response.objects.filter(round=round_)
        .select_related("agency")
        .defer("open_points", "agency__sort_key")  # long, and not shown here
        .order_by("agency__sort_key")
    )
)


def _parts(round_: int) -> QuerySet[Assignment, Any]:
    answering = Assignment.objects.filter(round=round_, role__in=ANSWERING_ROLES).order_by().values("agency")
    counted = answering.annotate(total=Count("pk"), open=Count("pk", filter=Q(state__in=OPEN_STATES)))
    return counted.values_list("agency", "total", "open")


_PARTS: PreparedSelect[tuple[int, int, int]] = PreparedSelect(_parts)


def _contributions_with_parts(round_: Round, contributions: list[Response]) -> list[tuple[int, str, int, int]]:
    """Of each contribution its key, its agency, and the number of its parts handed in and of all. One query."""
    counts = {agency: (total, open_) for agency, total, open_ in _PARTS.all(round_.pk)} if contributions else {}
    rows = [(r, counts.get(r.agency_id or 0, (0, 0))) for r in contributions]
    return [(r.pk, str(r.agency), total - open_, total) for r, (total, open_) in rows]


# Pages of a round that are not in the main menu: label, URL name, capability.
ROUND_LINKS = (
    (_("การมอบอำนาจอนุมัติ"), "survey:delegations", Capability.RESPONSE_READ),
    (_("เงื่อนไขก่อนเสนอ%(chief)s"), "survey:round-guards", Capability.ROUND_MANAGE),
    (_("ฉบับของแบบสำรวจ"), "scoring:form-move", Capability.ROUND_MANAGE),
    (_("ปฏิทิน"), "survey:calendar-address", Capability.PROFILE),
)


def _round_links(request: SignedInRequest, round_: Round) -> list[tuple[str, str]]:
    links = []
    for label, name, cap in ROUND_LINKS:
        if not request.user.has(cap):
            continue
        # Some pages are of the province, whatever the year.
        for args in ([round_.province.code, round_.year], [round_.province.code]):
            try:
                links.append((str(label) % round_.province.words, reverse(name, args=args)))
                break
            except NoReverseMatch:
                continue
    return links
