"""Views of the stored scheme versions, fitted or uploaded: their list, their files, adopting one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.posting import post_only
from dgready.prepared_select import PreparedSelect
from scoring.models import OfficialResult, SchemeVersion
from scoring.results.actions import scheme_versions as actions
from scoring.results.fitting.types import Adjustment
from scoring.results.views.fitting import AdjustmentView, describe_adjustments
from scoring.scheme import registry
from scoring.scheme.queries import get_scheme_of_form
from survey.instrument.queries import compiled_instrument
from survey.models import Instrument, Round


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def schemes(request: SignedInRequest) -> HttpResponse:
    """The stored versions, newest first, with what fitting moved and the rounds scored by them."""
    rows, rounds = _VERSIONS.all(), [RoundsOfForm(*row) for row in _ROUNDS.all()]
    years = _YEARS.all(sorted({r.year for r in rounds})) if rounds else []
    context: dict[str, Any] = {"years": [year for (year,) in years]}
    forms = (
        Instrument.objects.defer("source").in_bulk({r.form for r in rounds}) if any(row.moves for row in rows) else {}
    )
    context["rows"] = [(row, _describe_version(row, rounds, forms), _count_rounds(row, rounds)) for row in rows]
    return render(request, "scoring/results/schemes.html", context)


@dataclass(frozen=True, slots=True)
class RoundsOfForm:
    """How many rounds of a year answer a form and are scored by the scheme with that checksum."""

    year: int
    form: int
    form_key: str
    form_year: int
    scheme_sha256: str
    count: int

    def are_scored_as(self, row: SchemeVersion) -> bool:
        """Whether the version is one of the scheme of their form."""
        return row.key == Instrument(key=self.form_key, year=self.form_year).scheme_key


def _rounds() -> QuerySet[Round, Any]:
    keys = ("year", "instrument", "instrument__key", "instrument__year", "scheme_sha256")
    return Round.objects.order_by().values(*keys).annotate(n=Count("pk")).order_by("-year").values_list(*keys, "n")


_ROUNDS: PreparedSelect[tuple[Any, ...]] = PreparedSelect(_rounds)
_VERSIONS: PreparedSelect[SchemeVersion] = PreparedSelect(
    lambda: SchemeVersion.objects.select_related("fitted_to", "made_by").defer("text")
)
_YEARS: PreparedSelect[tuple[int]] = PreparedSelect(
    lambda years: OfficialResult.objects.filter(year__in=years).order_by("-year").values_list("year").distinct()
)


def _describe_version(
    row: SchemeVersion, rounds: Sequence[RoundsOfForm], forms: Mapping[int, Instrument]
) -> list[AdjustmentView]:
    """The moves of a version in words; by their ids where no round has its form any more."""
    moves = [
        Adjustment(
            m["sub_pillar"], m["criterion"], m["key"], Decimal(m["old"]), Decimal(m["new"]), m.get("part", "points")
        )
        for m in row.moves
    ]
    if not moves:
        return []
    form = next((forms[r.form] for r in rounds if r.are_scored_as(row)), None)
    if form is None:
        return [AdjustmentView(m.sub_pillar, m.criterion, m.key, m.part, m.old, m.new) for m in moves]
    instrument = compiled_instrument(form)
    return list(describe_adjustments(instrument, get_scheme_of_form(instrument).scheme, moves))


def _count_rounds(row: SchemeVersion, rounds: Sequence[RoundsOfForm]) -> Mapping[str, int]:
    same = [r for r in rounds if r.are_scored_as(row)]
    using = sum(r.count for r in same if r.scheme_sha256 == row.checksum)
    return {"using": using, "others": sum(r.count for r in same) - using}


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
