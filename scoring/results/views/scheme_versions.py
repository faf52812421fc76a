"""Views of the stored scheme versions, fitted or uploaded: their list, their files, adopting one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.posting import post_only
from scoring.models import OfficialResult, SchemeVersion
from scoring.results.actions import scheme_versions as actions
from scoring.results.fitting.types import Adjustment
from scoring.results.views.fitting import AdjustmentView, describe_adjustments
from scoring.scheme import registry
from scoring.scheme.queries import get_scheme_of_form
from survey.instrument.queries import compiled_instrument
from survey.models import Round


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def schemes(request: SignedInRequest) -> HttpResponse:
    """The stored versions, newest first, with what fitting moved and the rounds scored by them."""
    rows = list(SchemeVersion.objects.select_related("fitted_to", "made_by").defer("text"))
    rounds = list(Round.objects.select_related("instrument", "province").defer("instrument__source"))
    years = OfficialResult.objects.filter(year__in={r.year for r in rounds}).order_by("-year")
    context: dict[str, Any] = {"years": list(years.values_list("year", flat=True).distinct())}
    context["rows"] = [(row, _describe_version(row, rounds), _count_rounds(row, rounds)) for row in rows]
    return render(request, "scoring/results/schemes.html", context)


def _describe_version(row: SchemeVersion, rounds: Sequence[Round]) -> list[AdjustmentView]:
    """The moves of a version in words; by their ids where no round has its form any more."""
    instrument = next((compiled_instrument(r.instrument) for r in rounds if r.instrument.scheme_key == row.key), None)
    moves = [
        Adjustment(
            m["sub_pillar"], m["criterion"], m["key"], Decimal(m["old"]), Decimal(m["new"]), m.get("part", "points")
        )
        for m in row.moves
    ]
    if not moves:
        return []
    if instrument is None:
        return [AdjustmentView(m.sub_pillar, m.criterion, m.key, m.part, m.old, m.new) for m in moves]
    return list(describe_adjustments(instrument, get_scheme_of_form(instrument).scheme, moves))


def _count_rounds(row: SchemeVersion, rounds: Sequence[Round]) -> Mapping[str, int]:
    same = [r for r in rounds if r.instrument.scheme_key == row.key]
    using = sum(r.scheme_sha256 == row.checksum for r in same)
    return {"using": using, "others": len(same) - using}


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def scheme_file(request: SignedInRequest, number: int) -> HttpResponse:
    """A version's file, for review."""
    row = _get_version(number)
    name = f"{row.key}-v{row.version}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(row.text, content_type="application/yaml; charset=utf-8", headers=headers)


@post_only("scoring:schemes")
@allow(Capability.INSTRUMENTS_MANAGE)
def scheme_use(request: SignedInRequest, number: int) -> HttpResponse:
    """Scores the rounds that can still change by a version."""
    try:
        moved = actions.adopt_scheme_version(by=request.user, version=_get_version(number))
    except registry.FaultyScheme:
        messages.error(request, _("เกณฑ์ฉบับนี้ไม่ตรงกับแบบสำรวจที่ใช้อยู่ จึงใช้ไม่ได้"))
    else:
        text = _("ใช้เกณฑ์ฉบับนี้กับ %(n)s รอบที่ยังแก้ไขได้แล้ว รอบที่เสนอหรืออนุมัติแล้วใช้ฉบับเดิม")
        messages.success(request, text % {"n": moved})
    return redirect("scoring:schemes")


def _get_version(number: int) -> SchemeVersion:
    row = SchemeVersion.objects.filter(pk=number).first()
    if row is None:
        raise Http404
    return row
