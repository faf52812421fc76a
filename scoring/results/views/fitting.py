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
from scoring.comparing.queries import Miss
from scoring.engine import queries
from scoring.engine.explain import number
from scoring.models import SchemeVersion
from scoring.results.actions import fitting as actions
from scoring.results.fit import Move
from scoring.results.fitting import FitProposal, fit_proposal
from scoring.scheme import registry
from scoring.scheme.types import Criterion, Scheme
from scoring.scheme.wording import wording
from survey.access import get_response
from survey.instrument.address import item_id
from survey.instrument.queries import instrument_of
from survey.instrument.schema import Instrument
from survey.models import Round


@dataclass(frozen=True, slots=True)
class MoveView:
    """A moved step in words: the criterion, from what on, from how many points to how many."""

    sub_pillar: str
    criterion: str
    at: str
    old: Decimal
    new: Decimal


@dataclass(frozen=True, slots=True)
class FitRow:
    """A sub-pillar's official score beside the estimate then, and the score by the fitted steps."""

    miss: Miss
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
        found = queries.scored(response)
        if request.method == "POST":
            made = actions.make(by=request.user, response=response)
            messages.success(request, _("สร้างเกณฑ์ฉบับที่ %(n)s แล้ว ยังไม่มีรอบใดใช้") % {"n": made.version})
            return redirect("scoring:schemes")
        proposal = fit_proposal(response, found.facts)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    except (actions.NothingToFit, actions.Taken):
        messages.error(request, _("ยังสร้างฉบับใหม่ไม่ได้ เปิดหน้านี้อีกครั้งเพื่อดูว่ามีอะไรให้ปรับ"))
        return redirect("scoring:fit", response.pk)
    context: dict[str, Any] = {"response": response, "proposal": proposal}
    if proposal is not None:
        missed = comparing.misses(found, proposal.official)
        context |= {
            "rows": list(_rows(missed, proposal)),
            "moves": list(_moves(found.instrument, proposal.base.scheme, proposal.fit.moves)),
            "next": proposal.base.scheme.version + 1,
        }
    return render(request, "scoring/results/fit.html", context)


def _rows(missed: Sequence[Miss], proposal: FitProposal) -> Iterator[FitRow]:
    after = {s.code: s.score for s in proposal.after.sub_pillars}
    for one in missed:
        yield FitRow(one, wording(one.name), after.get(one.code), one.code in proposal.fit.unfitted)


def _moves(instrument: Instrument, scheme: Scheme, moves: Sequence[Move]) -> Iterator[MoveView]:
    criteria = {c.id: c for c in scheme.criteria}
    for move in moves:
        one = criteria[move.criterion]
        yield MoveView(move.sub_pillar, wording(one.name), _at(instrument, one, move.key), move.old, move.new)


def _at(instrument: Instrument, criterion: Criterion, key: str) -> str:
    """What reaches the step: a number in the criterion's unit, or an answer in its words."""
    if criterion.choice is None:
        step = criterion.steps[int(key)]
        return _("ตั้งแต่ %(n)s %(unit)s") % {"n": number(step.at), "unit": wording(criterion.unit)}
    option = instrument.items[item_id(criterion.choice)].by_key.get(key)
    return _("ตอบ “%(answer)s”") % {"answer": wording(option.label) if option else key}


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def schemes(request: SignedInRequest) -> HttpResponse:
    """The versions made by fitting, newest first, with what they moved and the rounds scored by them."""
    rows = list(SchemeVersion.objects.select_related("fitted_to", "made_by").defer("text"))
    rounds = list(Round.objects.select_related("instrument", "province").defer("instrument__source"))
    context = {"rows": [(row, _told(row, rounds), _using(row, rounds)) for row in rows]}
    return render(request, "scoring/results/schemes.html", context)


def _told(row: SchemeVersion, rounds: Sequence[Round]) -> list[MoveView]:
    """The moves of a version in words; by their ids where no round has its form any more."""
    instrument = next((instrument_of(r.instrument) for r in rounds if r.instrument.scheme_key == row.key), None)
    moves = [Move(m["sub_pillar"], m["criterion"], m["key"], Decimal(m["old"]), Decimal(m["new"])) for m in row.moves]
    if instrument is None:
        return [MoveView(m.sub_pillar, m.criterion, m.key, m.old, m.new) for m in moves]
    return list(_moves(instrument, registry.scheme_for(instrument).scheme, moves))


def _using(row: SchemeVersion, rounds: Sequence[Round]) -> Mapping[str, int]:
    same = [r for r in rounds if r.instrument.scheme_key == row.key]
    using = sum(r.scheme_sha256 == row.checksum for r in same)
    return {"using": using, "others": len(same) - using}


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def scheme_file(request: SignedInRequest, number: int) -> HttpResponse:
    """A version's file, for review."""
    row = _version(number)
    name = f"{row.key}-v{row.version}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(row.text, content_type="application/yaml; charset=utf-8", headers=headers)


@require_POST
@allow(Capability.INSTRUMENTS_MANAGE)
def scheme_use(request: SignedInRequest, number: int) -> HttpResponse:
    """Scores the rounds that can still change by a version."""
    try:
        moved = actions.use(by=request.user, version=_version(number))
    except registry.FaultyScheme:
        messages.error(request, _("เกณฑ์ฉบับนี้ไม่ตรงกับแบบสำรวจที่ใช้อยู่ จึงใช้ไม่ได้"))
    else:
        text = _("ใช้เกณฑ์ฉบับนี้กับ %(n)s รอบที่ยังแก้ไขได้แล้ว รอบที่เสนอหรืออนุมัติแล้วใช้ฉบับเดิม")
        messages.success(request, text % {"n": moved})
    return redirect("scoring:schemes")


def _version(number: int) -> SchemeVersion:
    row = SchemeVersion.objects.filter(pk=number).first()
    if row is None:
        raise Http404
    return row
