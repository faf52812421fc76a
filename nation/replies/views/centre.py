"""Views of the centre: the queue of objections, the window of a year, deciding."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import ALL_PROVINCES, SignedInRequest, allow, province_ids_with_capability, require_central
from accounts.actions import RefusedError
from accounts.made_once import made_once
from accounts.models.places import Region
from accounts.roles import Capability
from accounts.views.common import paginate
from dgready.language import localize_text
from dgready.lazy_values import LazyValues
from dgready.typed.characters import clean_line
from nation.agency_rounds.queries import is_agency_year
from nation.models import Objection
from nation.replies import actions
from nation.replies.comparison import SubPillarScores
from nation.replies.forms import DecisionForm, WindowForm
from nation.replies.queries import (
    QueueCounts,
    QueueFilter,
    count_queue,
    filter_queue,
    find_answer,
    find_objection,
    find_window,
    read_contested_result,
)
from scoring.scheme import registry

PER_PAGE = 25
SHOWN_STATES = (Objection.State.FILED, Objection.State.DECIDED, Objection.State.WITHDRAWN)


@require_safe
@allow(Capability.NATION_READ)
def replies(request: SignedInRequest, year: int) -> HttpResponse:
    """The objections of all provinces in a year, those that wait first; filters by state, sub-pillar, region, name."""
    require_central(request.user, Capability.NATION_READ)
    wanted, counts = _read_filter(request), count_queue(year)
    window, today = find_window(year), timezone.localdate()
    may_manage = province_ids_with_capability(request.user, Capability.NATION_MANAGE) is ALL_PROVINCES
    page = paginate(request, filter_queue(year, wanted, counts), PER_PAGE)
    rows = tuple(page.object_list)
    context = {
        "year": year,
        "agency_year": is_agency_year(year),
        "window": window,
        "is_open": window is not None and window.is_open(today),
        "page": page,
        "is_filtered": wanted != QueueFilter(),
        "filter": LazyValues((year, wanted, counts), lambda: _filter_values(year, wanted, counts)),
        "list": LazyValues((year, rows, may_manage), lambda: {"year": year, "rows": rows, "may_manage": may_manage}),
        "may_manage": may_manage,
    }
    return render(request, "nation/replies/queue.html", context)


def _filter_values(year: int, wanted: QueueFilter, counts: QueueCounts) -> dict[str, Any]:
    """The numbers by state, and the filter."""
    return {
        "year": year,
        "wanted": wanted,
        "is_filtered": wanted != QueueFilter(),
        "states": [(state.value, state.label, counts.count(state.value)) for state in SHOWN_STATES],
        "codes": counts.codes,
        "regions": Region.choices,
    }


def _read_filter(request: SignedInRequest) -> QueueFilter:
    """The filter by the address; what is no value of it filters nothing."""
    state, region = request.GET.get("state", ""), request.GET.get("region", "")
    return QueueFilter(
        state=state if state in {one.value for one in SHOWN_STATES} else "",
        code=clean_line(request.GET.get("code", ""))[:20],
        region=region if region in Region.values else "",
        text=clean_line(request.GET.get("q", ""))[:100].strip(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.NATION_MANAGE)
def reply_window(request: SignedInRequest, year: int) -> HttpResponse:
    """The days on which a year's results may be contested."""
    require_central(request.user, Capability.NATION_MANAGE)
    window = find_window(year)
    initial = {"opens_on": window.opens_on, "closes_on": window.closes_on} if window else None
    form = WindowForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.set_window(by=request.user, year=year, **form.cleaned_data)
        messages.success(request, _("กำหนดวันรับข้อโต้แย้งแล้ว"))
        return redirect("nation:replies", year)
    status = 422 if form.errors else 200
    return render(request, "nation/replies/window.html", {"year": year, "form": form, "window": window}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.NATION_MANAGE)
@made_once
def reply_decide(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """One objection with its evidence and all that is known of the score; POST decides it, or decides it anew."""
    require_central(request.user, Capability.NATION_MANAGE)
    objection = find_objection(year, number)
    if objection is None:
        raise Http404
    decisions = list(objection.decisions.all())
    form = DecisionForm(request.POST or None, initial={"seen": len(decisions)})
    if request.method == "POST" and form.is_valid():
        try:
            decision = actions.decide_objection(by=request.user, objection=objection, **form.cleaned_data)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("บันทึกคำวินิจฉัยแล้ว และแจ้งจังหวัดแล้ว")
            if decision.edition is not None:
                said = _("บันทึกคำวินิจฉัยแล้ว ออกผลฉบับ %(edition)s และแจ้งจังหวัดแล้ว") % {"edition": decision.edition_name}
            messages.success(request, said)
            return redirect("nation:replies", year)
    scores = _read_scores(objection)
    context: dict[str, Any] = {
        "year": year,
        "objection": objection,
        "province": objection.province,
        "decisions": decisions,
        "form": form,
        "scores": scores,
        "name": localize_text(scores.name) if scores else "",
        "questions": [(question, localize_text(question.name)) for question in scores.questions] if scores else [],
        "decidable": objection.state in (Objection.State.FILED, Objection.State.DECIDED),
    }
    return render(request, "nation/replies/decide.html", context, status=422 if form.errors else 200)


def _read_scores(objection: Objection) -> SubPillarScores | None:
    """What is known of the contested sub-pillar; None where the year has no round or scheme any more."""
    answer = find_answer(objection.province_id, objection.year)
    try:
        return read_contested_result(answer, [objection]).sub_pillar(objection.code) if answer else None
    except (registry.MissingScheme, registry.FaultyScheme):
        return None
