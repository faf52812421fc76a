"""Views of the score: its page, the reasons of a sub-pillar, the panel on the filling page."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import localize_text
from scoring.engine import queries
from scoring.engine.shares import sum_kept_points
from scoring.engine.views.presentation import ScorePresenter, get_level_name
from scoring.kpi.queries import evaluate_kpi_range
from scoring.results.queries import list_results_before
from scoring.scheme import registry
from survey.access import get_response, has_response_capability
from survey.instrument.queries import compiled_instrument
from survey.models import Response


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def score(request: SignedInRequest, pk: int) -> HttpResponse:
    """The score page: all pillars and sub-pillars beside published results, with links to the reasons."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    context = {
        "response": response,
        "may_enter": response.is_provincial
        and has_response_capability(request.user, response, Capability.EXTERNAL_SCORE_EDIT),
    }
    try:
        scored = queries.score_response(response)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", context)
    sheet, province = scored.sheet, response.round.province
    past = list_results_before(province, response.round.year) if response.is_provincial else []
    presenter = ScorePresenter(scored, response.pk, past[:2])
    context |= {
        "sheet": sheet,
        "level_name": get_level_name(sheet.level),
        "pillars": presenter.pillars(),
        "columns": [heading for _year, _subject, heading in presenter.columns],
        "totals": presenter.published("total", "total"),
        "radar": presenter.radar(),
        "bars": presenter.bars(),
        "unknown": list_sub_pillar_names(response, sheet.unknown),
        "span": scored.ranges.total,
        "readings": [localize_text(r.name) for r in scored.scheme.readings],
        "kept": sum_kept_points(presenter.shares),
        "kpi_range": (kpi_range := evaluate_kpi_range(province, scored, past) if response.is_provincial else None),
        "kpi": kpi_range.best if kpi_range else None,
        "kpi_rows": kpi_range.rows() if kpi_range else [],
        "last": next((y.total("province") for y in past if y.total("province")), None),
    }
    return render(request, "scoring/engine/score.html", context)


@require_safe
@vary_on_headers("HX-Request")
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def why(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    """The reasons of one sub-pillar: a page, or the fragment that the score page loads."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    try:
        scored = queries.score_response(response)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    is_fragment = request.headers.get("HX-Request") == "true"
    provincial = response.is_provincial and not is_fragment
    past = list_results_before(response.round.province, response.round.year) if provincial else []
    presenter = ScorePresenter(scored, response.pk, past[:2])
    pillar = presenter.tree(code)
    if pillar is None:
        raise Http404
    context = {
        "response": response,
        "sheet": scored.sheet,
        "pillar": pillar,
        "sub": pillar.sub_pillars[0],
        "columns": [heading for _year, _subject, heading in presenter.columns],
    }
    return render(request, "scoring/engine/_why.html" if is_fragment else "scoring/engine/why.html", context)


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def panel(request: SignedInRequest, pk: int) -> HttpResponse:
    """The short score shown on the filling page."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    try:
        scored = queries.score_response(response)
    except registry.MissingScheme:
        return HttpResponse(status=204)
    sheet = scored.sheet
    context = {
        "response": response,
        "sheet": sheet,
        "span": scored.ranges.total,
        "pillars": [(p, scored.ranges.pillars[p.number]) for p in sheet.pillars],
        "level_name": get_level_name(sheet.level),
    }
    return render(request, "scoring/engine/_panel.html", context)


def list_sub_pillar_names(response: Response, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Sub-pillars with their names in the reader's language."""
    known = compiled_instrument(response.round.instrument).sub_pillars
    return [(code, f"{code} {localize_text(known[code].name)}") for code in codes]
