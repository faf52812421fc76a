"""Views of the home page and of the overview of a round."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, agency_ids_with_capability, allow, scope_filter
from accounts.roles import Capability
from evidence.attaching.queries import marked_addresses
from survey import access
from survey.answering.queries import response_path
from survey.approval.round_days import is_approved, round_days
from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES
from survey.committee.endorsement import response_steps
from survey.instrument.progress import progress_by_section, total_progress
from survey.models import Assignment, Response, Round

MAX_ROUNDS = 100


@require_safe
@allow(Capability.PROFILE)
def home(request: SignedInRequest) -> HttpResponse:
    """The rounds a person may read; redirects to the round when there is only one."""
    rows = list(_readable_rounds(request)[:MAX_ROUNDS])
    if len(rows) == 1:
        return redirect("survey:round", rows[0].province.code, rows[0].year)
    return render(request, "survey/rounds/home.html", {"rounds": rows})


def _readable_rounds(request: SignedInRequest) -> QuerySet[Round]:
    mine = scope_filter(request.user, Capability.RESPONSE_READ, province="province")
    agencies = agency_ids_with_capability(request.user, Capability.CONTRIBUTION_READ)
    rounds = Round.objects.filter(mine | Q(province__agencies__in=agencies)).distinct()
    return (
        rounds.select_related("province", "instrument")
        .defer("instrument__source")
        .order_by("-year", "province__sort_key")
    )


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def overview(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """A round at a glance: dates, the provincial answer with its progress, this person's contributions."""
    round_ = _readable_rounds(request).filter(province__code=code, year=year).first()
    if round_ is None:
        raise Http404
    responses = list(Response.objects.filter(round=round_).select_related("agency").order_by("agency__sort_key"))
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
        "is_approved": is_approved(days),
        "closed": round_.is_closed(timezone.now()),
        "may_manage": request.user.has(Capability.ROUND_MANAGE, province_id=round_.province_id),
        "links": _round_links(request, round_, provincial),
    }
    if provincial:
        progress = progress_by_section(response_path(provincial), set(marked_addresses(provincial)))
        context["overall"] = total_progress(progress)
    return render(request, "survey/rounds/round.html", context)


def _contributions_with_parts(round_: Round, contributions: list[Response]) -> list[tuple[Response, int, int]]:
    """Each contribution with the number of its parts handed in and of all its parts. One query."""
    open_count = Count("pk", filter=Q(state__in=OPEN_STATES))
    answering = Assignment.objects.filter(round=round_, role__in=ANSWERING_ROLES).order_by().values("agency")
    counts = (
        {row["agency"]: row for row in answering.annotate(total=Count("pk"), open=open_count)} if contributions else {}
    )
    no_parts = {"total": 0, "open": 0}
    rows = [(r, counts.get(r.agency_id or 0, no_parts)) for r in contributions]
    return [(r, row["total"] - row["open"], row["total"]) for r, row in rows]


# Pages of a round: label, URL name, capability, and whether the page is of the provincial response.
ROUND_LINKS = (
    (_("งานของหน่วยงานของฉัน"), "survey:desk", Capability.CONTRIBUTION_EDIT, False),
    (_("กระดานติดตาม"), "survey:board", Capability.RESPONSE_READ, False),
    (_("การมอบหมาย"), "survey:assignments", Capability.ASSIGN, False),
    (_("รวมคำตอบของหน่วยงาน"), "survey:consolidate", Capability.ANSWER_EDIT, True),
    (_("การประชุมคณะกรรมการ"), "survey:meetings", Capability.RESPONSE_READ, False),
    (_("การมอบอำนาจอนุมัติ"), "survey:delegations", Capability.RESPONSE_READ, False),
    (_("บันทึกเหตุการณ์"), "survey:province-journal", Capability.JOURNAL_READ, False),
    (_("ปฏิทิน (ICS)"), "survey:calendar", Capability.PROFILE, False),
)


def _round_links(request: SignedInRequest, round_: Round, response: Response | None) -> list[tuple[str, str]]:
    links = []
    for label, name, cap, of_response in ROUND_LINKS:
        if not request.user.has(cap) or (of_response and response is None):
            continue
        where = [response.pk] if of_response and response else [round_.province.code, round_.year]
        # Some pages are of the province, whatever the year.
        for args in (where, where[:1]):
            try:
                links.append((str(label), reverse(name, args=args)))
                break
            except NoReverseMatch:
                continue
    return links
