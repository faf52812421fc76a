"""Views of one act: its preview, doing it, its progress and outcome, undoing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.actions.log import RefusedError
from accounts.made_once import made_once
from accounts.models import Province
from accounts.roles import Capability
from accounts.second_factor.gate import asks_second_factor_again
from dgready.middleware import mark_as_poll
from dgready.posting import post_only
from dgready.undo import Undo
from nation.bulk import actions
from nation.bulk.queries import count_steps, find_act, read_steps
from nation.bulk.views.choosing import require_year
from nation.bulk.views.step_rows import conflict_rows, step_table
from nation.bulk.words import UNDO_NOTES
from nation.models import BulkAct

manages = allow(Capability.NATION_MANAGE)


def _get_act(request: SignedInRequest, year: int, number: int) -> BulkAct:
    """The act; a preview only for the person it was made for. Raises Http404."""
    require_year(request, year)
    act = find_act(year, number)
    if act is None or (act.started_at is None and act.by_id != request.user.pk):
        raise Http404
    return act


@require_safe
@manages
def act(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """What an act would do, does or did, province by province."""
    return _act_page(request, _get_act(request, year, number))


def _act_page(request: SignedInRequest, act: BulkAct, *, status: int = 200) -> HttpResponse:
    steps = read_steps(act)
    counts = count_steps(steps)
    context: dict[str, Any] = {
        "act": act,
        "year": act.year,
        **step_table(act, steps),
        "counts": counts,
        "people": len({pk for step in steps for pk in step.after.get("people", ())}),
        "department": _department(act),
        "conflicts": conflict_rows(act, steps) if act.started_at is None else [],
        "undo_note": UNDO_NOTES[act.kind],
        "undo": _undo(act) if counts.done else None,
    }
    if "HX-Request" not in request.headers:
        return render(request, "nation/bulk/act.html", context, status=status)
    mark_as_poll(request)
    answer = render(request, "nation/bulk/_progress.html", context, status=status)
    if not act.is_running:  # the page that asks shows the outcome as a whole
        answer["HX-Refresh"] = "true"
    return answer


def _department(act: BulkAct) -> Province | None:
    """The department whose table an act enters. One query for such an act."""
    code = act.params.get("department")
    return Province.objects.departments().filter(code=code).first() if code else None


def _undo(act: BulkAct) -> Undo | None:
    """The button that undoes the act, where that is possible and was not done."""
    if act.kind not in actions.UNDOABLE_KINDS or act.done_at is None or hasattr(act, "undone_by"):
        return None
    url = reverse("nation:act-undo", args=[act.year, act.pk])
    return Undo(_("ทำแล้ว: %(what)s") % {"what": act.get_kind_display()}, url, about=act.get_kind_display())


@post_only("nation:act", "year", "number")
@manages
@asks_second_factor_again
def act_do(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """Does what the preview showed; a second press does nothing more."""
    found = _get_act(request, year, number)
    try:
        actions.start_act(by=request.user, act=found, digest=request.POST.get("digest", ""))
    except actions.PreviewStale:
        return _stale(request, found)
    except actions.TooManyMessages:
        messages.error(request, _("วันนี้ส่งครบจำนวนที่ส่งได้แล้ว"))
        return _act_page(request, found, status=409)
    return redirect("nation:act", year, number)


def _stale(request: SignedInRequest, act: BulkAct) -> HttpResponse:
    """Nothing is done; where it can be worked out again, the page shows what would be done now."""
    messages.error(request, _("มีอะไรเปลี่ยนไปหลังจากที่ท่านดู ระบบยังไม่ทำอะไร โปรดดูอีกครั้ง"))
    try:
        fresh = actions.draft_again(by=request.user, act=act)
    except actions.TooManyMessages:
        return _act_page(request, act, status=409)
    return _act_page(request, find_act(act.year, fresh.pk) or fresh, status=409)


@post_only("nation:act", "year", "number")
@manages
@made_once
def act_undo(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """Undoes an act, and leads to what became of that in each province."""
    found = _get_act(request, year, number)
    reason = f"เลิกทำ: {found.get_kind_display()} ครั้งที่ {found.pk}"  # stays in the journal, which is Thai
    try:
        undoing = actions.undo_act(by=request.user, act=found, reason=reason)
    except RefusedError:
        messages.error(request, _("งานนี้เลิกทำไม่ได้"))
        return redirect("nation:act", year, number)
    return redirect("nation:act", year, undoing.pk)
