"""View of fitting a year's scheme to the official results of all provinces together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from scoring.engine.levels import round_score
from scoring.results.actions import scheme_versions as actions
from scoring.results.fit_cases import YearCases
from scoring.results.fit_queries import JointProposal, propose_joint_fit
from scoring.results.fitting.back_test import BackTestRow, run_back_test
from scoring.results.fitting.types import OpenNumber
from scoring.results.province_results import list_results
from scoring.results.views.fitting import describe_adjustments, describe_place
from scoring.scheme import registry

PAGE_FOLDS = 12  # provinces left out in turn on the page; the command takes all
SHOWN_OPEN = 60


@dataclass(frozen=True, slots=True)
class BackTestView:
    """The errors of a sub-pillar with its name; `left_off`: what stays off at most, where something does."""

    row: BackTestRow
    name: str
    left_off: Decimal | None


@dataclass(frozen=True, slots=True)
class OpenView:
    """A number that the results do not determine, in words."""

    number: OpenNumber
    criterion: str
    at: str


@require_http_methods(["GET", "POST"])
@allow(Capability.INSTRUMENTS_MANAGE)
def fit_year(request: SignedInRequest, year: int) -> HttpResponse:
    """What fitting to all results of a year would change, how well, what stays open; POST stores the next version."""
    try:
        if request.method == "POST":
            return _store(request, year)
        proposal = propose_joint_fit(year)
    except registry.MissingScheme as error:
        raise Http404 from error
    except registry.FaultyScheme:
        messages.error(request, _("เกณฑ์ของปีนี้ไม่ตรงกับแบบสำรวจ จึงปรับไม่ได้"))
        return redirect("scoring:schemes")
    context: dict[str, Any] = {"year": year, "proposal": proposal}
    if proposal is not None:
        context |= _fit_context(proposal)
    return render(request, "scoring/results/fit_year.html", context)


def _store(request: SignedInRequest, year: int) -> HttpResponse:
    try:
        version = actions.create_joint_version(by=request.user, year=year, checksum=request.POST.get("checksum", "-"))
    except (actions.NothingToFit, actions.VersionConflict):
        messages.error(request, _("ยังสร้างฉบับใหม่ไม่ได้ ผลหรือคำตอบเปลี่ยนหลังจากเปิดหน้านี้ ดูอีกครั้ง"))
        return redirect("scoring:fit-year", year)
    messages.success(request, _("สร้างเกณฑ์ฉบับที่ %(n)s แล้ว ยังไม่มีรอบใดใช้") % {"n": version.version})
    return redirect("scoring:schemes")


def _fit_context(proposal: JointProposal) -> dict[str, Any]:
    found, fit = proposal.found, proposal.fit
    test = run_back_test(found.base.scheme, found.cases, PAGE_FOLDS)
    seen = [one for one in fit.open if one.is_seen]
    return {
        "count": len(found.cases),
        "skipped": found.skipped,
        "columns": len(found.columns),
        "rows": list(_list_rows(found, test.rows, fit.tolerance or {})),
        "folds": test.folds,
        "moves": list(describe_adjustments(found.instrument, found.base.scheme, fit.moves)),
        "open": list(_list_open(found, seen[:SHOWN_OPEN])),
        "more_open": max(len(seen) - SHOWN_OPEN, 0),
        "unseen": len(fit.open) - len(seen),
        "provinces": list_results(found.base.scheme, found.cases),
        "next": found.base.scheme.version + 1,
        "weight_faults": [code for code in fit.unfitted if code not in found.base.scheme.sub_pillars],
    }


def _list_rows(
    found: YearCases, rows: tuple[BackTestRow, ...], tolerance: Mapping[str, Decimal]
) -> Iterator[BackTestView]:
    for row in rows:
        name = localize_text(found.instrument.sub_pillars[row.code].name)
        left_off = tolerance.get(row.code)
        yield BackTestView(row, name, round_score(left_off) if left_off else None)


def _list_open(found: YearCases, numbers: list[OpenNumber]) -> Iterator[OpenView]:
    for number in numbers:
        yield OpenView(number, *describe_place(found.instrument, found.base.scheme, number))
