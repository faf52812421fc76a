"""The parts that wait for the secretariat: read one by one, or several accepted or returned at once."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.models import Agency
from accounts.roles import Capability
from dgready.posting import post_only
from dgready.typed.characters import clean_line
from survey import access
from survey.assigning.queries import ANSWERING_ROLES, sort_assignments
from survey.assigning.views.round_context import round_context
from survey.contributing import actions
from survey.contributing.actions import PartsToMove
from survey.contributing.facts import MAX_REASON, contribution_counts
from survey.contributing.views.part_list import part_view
from survey.contributing.views.part_view import PartView
from survey.contributing.views.progress_board import contributions_of, counts_by_agency
from survey.models import Assignment, Round
from survey.workflow.refusal import TransitionRefused

PER_PAGE = 12  # a page on a phone stays short
OWN_REASON_PREFIX = "reason:"  # before the key of a part: the posted reason of its own


@dataclass(slots=True)
class WaitingPart:
    """A part that waits, with what was typed for it on a page that was refused."""

    view: PartView
    agency: Agency
    key: str
    picked: bool = False
    own_reason: str = ""


@require_safe
@allow(Capability.ASSIGN)
def waiting(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The parts handed in and neither accepted nor returned, of all agencies or one (`?agency=`)."""
    return _render_waiting(request, access.get_round(request.user, code, year, Capability.ASSIGN))


def _render_waiting(request: SignedInRequest, round_: Round, *, fault: str = "", status: int = 200) -> HttpResponse:
    agencies, rows = _waiting_parts(round_)
    wanted = _wanted_agency(request)
    chosen = [row for row in rows if wanted in ("", row.agency.code)]
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **round_context(request, round_),
        "page": page,
        "rows": _with_progress(request, round_, page),
        "agencies": agencies,
        "wanted": wanted,
        "all": len(rows),
        "fault": fault,
        "reason": request.POST.get("reason", ""),
        "max_reason": MAX_REASON,
    }
    return render(request, "survey/contributing/waiting.html", context, status=status)


def _wanted_agency(request: SignedInRequest) -> str:
    """The code of the agency asked for; empty for all."""
    return clean_line(request.GET.get("agency", ""))[:40]


def _waiting_parts(round_: Round) -> tuple[list[Agency], list[Assignment]]:
    """The agencies with waiting parts, and the parts: by agency, in the order of the form. One query."""
    found = Assignment.objects.filter(round=round_, role__in=ANSWERING_ROLES, state=Assignment.State.SUBMITTED)
    by_agency: dict[Agency, list[Assignment]] = {}
    for row in found.select_related("agency", "state_by").order_by("agency__sort_key", "agency", "pk"):
        row.round = round_
        by_agency.setdefault(row.agency, []).append(row)
    rows = [row for some in by_agency.values() for row in sort_assignments(round_.instrument, some)]
    return list(by_agency), rows


def _with_progress(request: SignedInRequest, round_: Round, page: Page[Assignment]) -> list[WaitingPart]:
    counts, empty = counts_by_agency(round_, contributions_of(round_)), contribution_counts(round_, None)
    picked = set(request.POST.getlist("part"))
    rows = []
    for part in page:
        view = part_view(request.user, part, counts.get(part.agency_id, empty), None, "", {})
        key = f"{part.pk}@{view.seen}"
        own = request.POST.get(f"{OWN_REASON_PREFIX}{part.pk}", "")
        rows.append(WaitingPart(view, part.agency, key, key in picked, own))
    return rows


@post_only("survey:parts-waiting", "code", "year")
@allow(Capability.ASSIGN)
def decide(request: SignedInRequest, code: str, year: int) -> HttpResponseBase:
    """Accepts or returns the chosen parts as they stood when the page was opened; 422 without choice or reason."""
    round_ = access.get_round(request.user, code, year, Capability.ASSIGN)
    keys = set(request.POST.getlist("part"))
    if not keys:
        return _render_waiting(request, round_, fault=_("โปรดเลือกอย่างน้อยหนึ่งส่วน"), status=422)
    # Taken back and sent again since the page was opened: not decided unseen.
    parts = [
        row for row in _waiting_parts(round_)[1] if row.state_at and f"{row.pk}@{row.state_at.isoformat()}" in keys
    ]
    if request.POST.get("do") == "return":
        own = {part.pk: request.POST.get(f"{OWN_REASON_PREFIX}{part.pk}", "") for part in parts}
        try:
            moved = actions.return_parts(
                by=request.user, chosen=PartsToMove(parts, request.POST.get("reason", ""), own)
            )
        except TransitionRefused as refused:
            return _render_waiting(request, round_, fault=str(refused), status=422)
        said = ngettext("ส่งกลับให้แก้ไขแล้ว %(count)d ส่วน", "ส่งกลับให้แก้ไขแล้ว %(count)d ส่วน", moved)
    else:
        moved = actions.accept_parts(by=request.user, parts=parts)
        said = ngettext("รับแล้ว %(count)d ส่วน", "รับแล้ว %(count)d ส่วน", moved)
    messages.success(request, said % {"count": moved})
    _warn_of_left(request, len(keys) - moved)
    back = reverse("survey:parts-waiting", args=[code, year])
    return redirect(f"{back}?{urlencode({'agency': _wanted_agency(request)})}" if _wanted_agency(request) else back)


def _warn_of_left(request: SignedInRequest, count: int) -> None:
    """Says how many of the chosen parts had changed since the page was opened, and so stay as they are."""
    if count:
        text = ngettext(
            "อีก %(count)d ส่วนเปลี่ยนไปหลังจากเปิดหน้านี้ จึงยังไม่ได้ทำ โปรดดูอีกครั้ง",
            "อีก %(count)d ส่วนเปลี่ยนไปหลังจากเปิดหน้านี้ จึงยังไม่ได้ทำ โปรดดูอีกครั้ง",
            count,
        )
        messages.warning(request, text % {"count": count})
