"""The centre's page of a year that each agency answers: response rates, averages, histogram, every province."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow, require_central
from accounts.roles import Capability
from nation.agency_rounds.queries import read_agency_year
from nation.agency_rounds.report import AgencyYear
from nation.agency_rounds.views.common import (
    dimension_heads,
    file_response,
    json_bytes,
    score_cells,
    shown_blocks,
)
from nation.facts.types import Population
from reports.workbooks.national_csv import national_csv


@require_safe
@allow(Capability.NATION_READ)
def page(request: SignedInRequest, year: int) -> HttpResponse:
    """All blocks, then every province in Thai order. Ten queries at most, with the reader's."""
    found = _agency_year(request, year)
    blocks = shown_blocks(found.national_blocks())
    context: dict[str, Any] = {
        "year": year,
        "agency_year": True,
        "found": found,
        "asked": len(found.answers),
        "answered": sum(one.has_answered for one in found.answers),
        "blocks": blocks,
        "heads": dimension_heads(found),
        "lines": [(line, score_cells(found, line.scores)) for line in found.province_lines()],
    }
    return render(request, "nation/agency_rounds/nation.html", context)


@require_safe
@allow(Capability.NATION_READ)
def as_csv(request: SignedInRequest, year: int) -> HttpResponse:
    """Every figure of the blocks as a line of CSV, in the columns of the national report."""
    found = _agency_year(request, year)
    return file_response(national_csv(found.national_report(Population(year))), f"dgready-agencies-{year}.csv")


@require_safe
@allow(Capability.NATION_READ)
def as_json(request: SignedInRequest, year: int) -> HttpResponse:
    """The blocks and every province as JSON."""
    return file_response(json_bytes(_agency_year(request, year).national_json()), f"dgready-agencies-{year}.json")


def _agency_year(request: SignedInRequest, year: int) -> AgencyYear:
    """The year, for the centre alone; Http404 also where the provinces answer it."""
    require_central(request.user, Capability.NATION_READ)
    found = read_agency_year(year)
    if found is None:
        raise Http404
    return found
