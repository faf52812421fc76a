"""Views that choose provinces and an act, and store its preview."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.made_once import made_once
from accounts.models import Province
from accounts.roles import Capability
from accounts.second_factor.gate import asks_second_factor_again
from dgready.lazy_values import LazyValues
from dgready.posting import post_only
from nation.agency_rounds.queries import is_agency_year
from nation.bulk import actions
from nation.bulk.forms import FORM_KINDS, ActForm, FileKind
from nation.bulk.queries import list_started_acts
from nation.bulk.views.choosing import choosing_context, require_year, sent_codes
from nation.bulk.views.exports import ask_for_files


def province_codes() -> list[str]:
    """The codes of all provinces. One query."""
    return list(Province.objects.provinces().order_by("sort_key").values_list("code", flat=True))


@require_safe
@allow(Capability.NATION_MANAGE)
def acts(request: SignedInRequest, year: int) -> HttpResponse:
    """All provinces to choose from, the acts, and what was done lately."""
    require_year(request, year)
    kind = request.GET.get("kind", "")
    kind = kind if kind in (*FORM_KINDS, *FileKind) else ""
    # Beside a date stands how it is typed, with today as the example.
    fields = LazyValues((kind, timezone.localdate()), lambda: {"form": ActForm(initial={"kind": kind}, codes=())})
    return _acts_page(request, year, choosing_context(year, request.GET), fields=fields)


@post_only("nation:acts", "year")
@allow(Capability.NATION_MANAGE)
@asks_second_factor_again
@made_once
def act_preview(request: SignedInRequest, year: int) -> HttpResponse:
    """Works out what the act would do in each chosen province, and leads to the page that shows it; or to files."""
    require_year(request, year)
    form = ActForm(request.POST, codes=province_codes())
    if form.is_valid():
        kind, codes = form.cleaned_data["kind"], form.cleaned_data["provinces"]
        if kind in FileKind.values:
            return ask_for_files(request, year, codes, kind)
        try:
            act = actions.draft_act(by=request.user, kind=kind, year=year, codes=codes, params=form.params())
        except actions.TooManyMessages:
            form.add_error(None, too_many_text())
        else:
            return redirect("nation:act", year, act.pk)
    return _acts_page(request, year, choosing_context(year, request.GET, sent_codes(request.POST)), form=form)


def too_many_text() -> str:
    """Why no more is sent."""
    return _("ส่งได้วันละไม่เกิน %(acts)s ครั้ง และครั้งละไม่เกิน %(people)s คน") % {
        "acts": actions.SENT_A_DAY,
        "people": actions.PEOPLE_A_MESSAGE,
    }


def _acts_page(request: SignedInRequest, year: int, choosing: dict[str, Any], **fields: Any) -> HttpResponse:
    """The page with the `form` that was refused, or with its kept `fields`."""
    acts = list_started_acts(year)
    context = {
        **choosing,
        **fields,
        "agency_year": is_agency_year(year),
        "latest": LazyValues(acts, lambda: {"acts": acts, "more": acts[0].acts_in_all - len(acts) if acts else 0}),
    }
    return render(request, "nation/bulk/acts.html", context, status=422 if "form" in fields else 200)
