"""A province's page of a round that each agency answers: who answered, averages, every agency, its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.actions import RefusedError
from accounts.roles import Capability
from dgready.language import localize_text
from dgready.posting import post_only
from nation.agency_rounds.averaging import AgencyAnswer
from nation.agency_rounds.queries import read_agency_round
from nation.agency_rounds.report import AgencyYear
from nation.agency_rounds.texts import CHANNELS, OTHER_KIND, STANDINGS
from nation.agency_rounds.views.common import (
    csv_table,
    dimension_heads,
    file_response,
    json_bytes,
    plain_scores,
    score_cells,
    score_names,
    shown_blocks,
)
from survey import access
from survey.assigning.whole_form import agencies_by_kind, agencies_to_ask, ask_agencies
from survey.models import Round


@require_safe
@allow(Capability.RESPONSE_READ)
def page(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Who answered, the averages with their n, and every asked agency. Ten queries at most, with the reader's."""
    return _render(request, *_agency_round(request, code, year, Capability.RESPONSE_READ))


def _render(
    request: SignedInRequest, round_: Round, found: AgencyYear, *, fault: str = "", status: int = 200
) -> HttpResponse:
    may_assign = request.user.has(Capability.ASSIGN, province_id=round_.province_id)
    context: dict[str, Any] = {
        "round": round_,
        "province": round_.province,
        "found": found,
        "asked": len(found.answers),
        "answered": sum(one.has_answered for one in found.answers),
        "blocks": shown_blocks(found.province_blocks()),
        "heads": dimension_heads(found),
        "rows": [_row(found, one) for one in found.answers],
        "without": [localize_text(one.kind.name) for one in agencies_by_kind(round_) if not one.agencies],
        "to_ask": agencies_to_ask(round_) if may_assign else [],
        "fault": fault,
    }
    return render(request, "nation/agency_rounds/province.html", context, status=status)


def _row(found: AgencyYear, one: AgencyAnswer) -> dict[str, Any]:
    """An agency as the table shows it. `href` opens its answer, once it has begun one."""
    kinds = {kind.key: kind.name for kind in found.form.answering.kinds}
    return {
        "name": one.name,
        "kind": localize_text(kinds.get(one.kind, OTHER_KIND)),
        "standing": one.standing.value,
        "standing_label": localize_text(STANDINGS[one.standing]),
        "channel": localize_text(CHANNELS[one.channel]) if one.channel else "–",
        "is_counted": one.is_counted,
        "response": one.response,
        "scores": score_cells(found, found.agency_scores(one)),
    }


@post_only("nation:agency-round", "code", "year")
@allow(Capability.ASSIGN)
def ask(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Gives the whole form to agencies of the asked kinds that came after the round was opened; 422 when closed."""
    round_, found = _agency_round(request, code, year, Capability.ASSIGN)
    try:
        asked = ask_agencies(by=request.user, round_=round_)
    except RefusedError as refused:
        return _render(request, round_, found, fault=str(refused), status=422)
    messages.success(request, _("มอบแบบสำรวจทั้งฉบับให้ %(count)d หน่วยงาน") % {"count": len(asked)})
    return redirect("nation:agency-round", code, year)


@require_safe
@allow(Capability.RESPONSE_READ)
def as_csv(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Every asked agency with its scores as a line of CSV."""
    _round, found = _agency_round(request, code, year, Capability.RESPONSE_READ)
    rows = [["agency", "name", "kind", "standing", "channel", *score_names(found)]]
    for one in found.answers:
        scores = plain_scores(found, found.agency_scores(one))
        rows.append([one.code, one.name, one.kind, one.standing.value, one.channel, *scores])
    return file_response(csv_table(rows), f"dgready-agencies-{code}-{year}.csv")


@require_safe
@allow(Capability.RESPONSE_READ)
def as_json(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The province's blocks and every asked agency as JSON."""
    _round, found = _agency_round(request, code, year, Capability.RESPONSE_READ)
    return file_response(json_bytes(found.province_json()), f"dgready-agencies-{code}-{year}.json")


def _agency_round(request: SignedInRequest, code: str, year: int, cap: Capability) -> tuple[Round, AgencyYear]:
    """The round and who answered it; Http404 without the capability in the province, or where the province answers."""
    round_ = access.get_round(request.user, code, year, cap)
    found = read_agency_round(round_)
    if found is None:
        raise Http404
    return round_, found
