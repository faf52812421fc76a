"""Fitting the assumed steps of a scheme to an official result, and the versions made that way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from scoring.comparing import queries as comparing
from scoring.comparing.queries import EstimateDeviation
from scoring.engine import queries
from scoring.engine.explain import format_number
from scoring.models import SchemeVersion
from scoring.results.actions import scheme_versions as actions
from scoring.results.fit_queries import FitProposal, propose_fit
from scoring.results.scheme_fit import StepAdjustment
from scoring.scheme import registry
from scoring.scheme.types import Criterion, ScoringScheme
from scoring.scheme.wording import localize_text
from survey.access import get_response
from survey.instrument.addresses import item_id_of
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.models import Round


@dataclass(frozen=True, slots=True)
class AdjustmentView:
    """A moved step in words: the criterion, from what on, from how many points to how many."""

    sub_pillar: str
    criterion: str
    at: str
    old: Decimal
    new: Decimal


@dataclass(frozen=True, slots=True)
class FitRow:
    """A sub-pillar's official score beside the estimate then, and the score by the fitted steps."""

    miss: EstimateDeviation
    name: str
    fitted: Decimal | None
    unfitted: bool


@require_http_methods(["GET", "POST"])
@allow(Capability.INSTRUMENTS_MANAGE)
def fit(request: SignedInRequest, pk: int) -> HttpResponse:
    """What fitting to the official result would move; POST stores it as the next version."""
    response = get_response(request.user, pk, Capability.INSTRUMENTS_MANAGE)
    if not response.is_provincial:
        raise Http404
    try:
        found = queries.score_response(response)
        if request.method == "POST":
            made = actions.create_scheme_version(by=request.user, response=response)
            messages.success(request, _("สร้างเกณฑ์ฉบับที่ %(n)s แล้ว ยังไม่มีรอบใดใช้") % {"n": made.version})
            return redirect("scoring:schemes")
        proposal = propose_fit(response, found.facts)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    except (actions.NothingToFit, actions.VersionConflict):
        messages.error(request, _("ยังสร้างฉบับใหม่ไม่ได้ เปิดหน้านี้อีกครั้งเพื่อดูว่ามีอะไรให้ปรับ"))
        return redirect("scoring:fit", response.pk)
    context: dict[str, Any] = {"response": response, "proposal": proposal}
    if proposal is not None:
        missed = comparing.list_estimate_deviations(found, proposal.official)
        context |= {
            "rows": list(_list_fit_rows(missed, proposal)),
            "moves": list(_describe_adjustments(found.instrument, proposal.base.scheme, proposal.fit.moves)),
            "next": proposal.base.scheme.version + 1,
        }
    return render(request, "scoring/results/fit.html", context)


def _list_fit_rows(missed: Sequence[EstimateDeviation], proposal: FitProposal) -> Iterator[FitRow]:
    after = {s.code: s.score for s in proposal.after.sub_pillars}
    for one in missed:
        yield FitRow(one, localize_text(one.name), after.get(one.code), one.code in proposal.fit.unfitted)


def _describe_adjustments(
    instrument: CompiledInstrument, scheme: ScoringScheme, moves: Sequence[StepAdjustment]
) -> Iterator[AdjustmentView]:
    criteria = {c.id: c for c in scheme.criteria}
    for move in moves:
        one = criteria[move.criterion]
        yield AdjustmentView(
            move.sub_pillar, localize_text(one.name), _describe_step(instrument, one, move.key), move.old, move.new
        )


def _describe_step(instrument: CompiledInstrument, criterion: Criterion, key: str) -> str:
    """What reaches the step: a number in the criterion's unit, or an answer in its words."""
    if criterion.choice is None:
        step = criterion.steps[int(key)]
        return _("ตั้งแต่ %(n)s %(unit)s") % {"n": format_number(step.at), "unit": localize_text(criterion.unit)}
    option = instrument.items[item_id_of(criterion.choice)].by_key.get(key)
    return _("ตอบ “%(answer)s”") % {"answer": localize_text(option.label) if option else key}


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def schemes(request: SignedInRequest) -> HttpResponse:
    """The versions made by fitting, newest first, with what they moved and the rounds scored by them."""
    rows = list(SchemeVersion.objects.select_related("fitted_to", "made_by").defer("text"))
    rounds = list(Round.objects.select_related("instrument", "province").defer("instrument__source"))
    context = {"rows": [(row, _describe_version(row, rounds), _count_rounds(row, rounds)) for row in rows]}
    return render(request, "scoring/results/schemes.html", context)


def _describe_version(row: SchemeVersion, rounds: Sequence[Round]) -> list[AdjustmentView]:
    """The moves of a version in words; by their ids where no round has its form any more."""
    instrument = next((compiled_instrument(r.instrument) for r in rounds if r.instrument.scheme_key == row.key), None)
    moves = [
        StepAdjustment(m["sub_pillar"], m["criterion"], m["key"], Decimal(m["old"]), Decimal(m["new"]))
        for m in row.moves
    ]
    if instrument is None:
        return [AdjustmentView(m.sub_pillar, m.criterion, m.key, m.old, m.new) for m in moves]
    return list(_describe_adjustments(instrument, registry.get_scheme_for_instrument(instrument).scheme, moves))


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


@require_POST
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
