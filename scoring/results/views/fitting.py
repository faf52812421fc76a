"""View of fitting the assumed steps of a scheme to an official result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import localize_text
from scoring.comparing.deviations import EstimateDeviation, list_estimate_deviations
from scoring.engine import queries
from scoring.engine.explain import format_number
from scoring.results.actions import scheme_versions as actions
from scoring.results.fit_queries import FitProposal, propose_fit
from scoring.results.fitting.types import Adjustment, OpenNumber
from scoring.scheme import registry
from scoring.scheme.types import Criterion, ScoringScheme
from survey.access import get_response
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument


@dataclass(frozen=True, slots=True)
class AdjustmentView:
    """A changed number in words: the criterion, from what on, and from how much to how much (`part`: of what)."""

    sub_pillar: str
    criterion: str
    at: str
    part: str
    old: Decimal
    new: Decimal


@dataclass(frozen=True, slots=True)
class FitRow:
    """A sub-pillar's official score beside the estimate then, and the score by the fitted steps."""

    deviation: EstimateDeviation
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
        scored = queries.score_response(response)
        if request.method == "POST":
            version = actions.create_scheme_version(by=request.user, response=response)
            messages.success(request, _("สร้างเกณฑ์ฉบับที่ %(n)s แล้ว ยังไม่มีรอบใดใช้") % {"n": version.version})
            return redirect("scoring:schemes")
        proposal = propose_fit(response, scored.facts)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    except (actions.NothingToFit, actions.VersionConflict):
        messages.error(request, _("ยังสร้างฉบับใหม่ไม่ได้ เปิดหน้านี้อีกครั้งเพื่อดูว่ามีอะไรให้ปรับ"))
        return redirect("scoring:fit", response.pk)
    context: dict[str, Any] = {"response": response, "proposal": proposal}
    if proposal is not None:
        deviations = list_estimate_deviations(scored, proposal.official)
        context |= {
            "rows": list(_list_fit_rows(deviations, proposal)),
            "moves": list(describe_adjustments(scored.instrument, proposal.base.scheme, proposal.fit.moves)),
            "next": proposal.base.scheme.version + 1,
        }
    return render(request, "scoring/results/fit.html", context)


def _list_fit_rows(deviations: Sequence[EstimateDeviation], proposal: FitProposal) -> Iterator[FitRow]:
    after = {s.code: s.score for s in proposal.after.sub_pillars}
    for deviation in deviations:
        yield FitRow(
            deviation, localize_text(deviation.name), after.get(deviation.code), deviation.code in proposal.fit.unfitted
        )


def describe_adjustments(
    instrument: CompiledInstrument, scheme: ScoringScheme, adjustments: Sequence[Adjustment]
) -> Iterator[AdjustmentView]:
    """Changed numbers in words."""
    for one in adjustments:
        name, at = describe_place(instrument, scheme, one)
        yield AdjustmentView(one.sub_pillar, name, at, one.part, one.old, one.new)


def describe_place(
    instrument: CompiledInstrument, scheme: ScoringScheme, one: Adjustment | OpenNumber
) -> tuple[str, str]:
    """The criterion of a number and what reaches it: an amount in the criterion's unit, or an answer in its words."""
    criterion = next((c for c in scheme.criteria if c.id == one.criterion), None)
    if criterion is None:
        return _("น้ำหนักของตัวชี้วัดย่อย"), ""
    return localize_text(criterion.name), _describe_step(instrument, criterion, one.key)


def _describe_step(instrument: CompiledInstrument, criterion: Criterion, key: str) -> str:
    if criterion.choice is None:
        step = criterion.steps[int(key)]
        return _("ตั้งแต่ %(n)s %(unit)s") % {"n": format_number(step.threshold), "unit": localize_text(criterion.unit)}
    option = instrument.items[item_id_of(criterion.choice)].by_key.get(key)
    return _("ตอบ “%(answer)s”") % {"answer": localize_text(option.label) if option else key}
