"""Views of the score: its page, the reasons of a sub-pillar, the panel on the filling page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import SignedInRequest, allow
from accounts.models import User
from accounts.roles import Capability
from dgready.language import localize_text
from dgready.lazy_values import LazyValues
from dgready.same_objects import SameObjects
from evidence.reviewing.rules import may_review
from scoring.comparing.own_result import compare_own_result
from scoring.engine import queries
from scoring.engine.shares import sum_kept_points
from scoring.engine.views.presentation import ScorePresenter, get_level_name
from scoring.headline.presentation import list_estimates, list_kpi_rows, show_headline
from scoring.headline.queries import Headline, YearResults, read_headline, read_year_results
from scoring.scheme import registry
from survey.access import get_response, has_response_capability
from survey.contributing.views.averages import averages_instead
from survey.instrument.queries import compiled_instrument
from survey.models import Response


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def score(request: SignedInRequest, pk: int) -> HttpResponse:
    """The score page: all pillars and sub-pillars beside published results, with links to the reasons."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    if instead := averages_instead(response):
        return instead
    rights = _rights(request.user, response)
    results = read_year_results(response) if response.is_provincial else YearResults(None, [])
    try:
        scored = queries.score_response(response)
    except registry.MissingScheme:
        context: dict[str, Any] = {"response": response, "may_enter": rights["may_enter"]}
        return render(request, "scoring/engine/no_scheme.html", context)
    headline = read_headline(response, results) if response.is_provincial else None
    review = queries.get_review_standing(response)
    state = (
        SameObjects(scored, headline, results.own, *results.past, review.claimed, review.reviewed),
        (review.accepted, review.rejected, review.unreviewed, response.pk, response.is_provincial),
        tuple(rights.values()),
    )

    def make() -> dict[str, Any]:
        told = {"response": response, **rights, "review": review, **_sheet_context(response, scored, results, headline)}
        if headline is None:
            return told
        view = show_headline(response, headline, results, may_enter=rights["may_enter"])
        return {**told, **_headline_context(headline), "headline": view}

    return render(request, "scoring/engine/score.html", {"response": response, "shown": LazyValues(state, make)})


def _rights(user: User, response: Response) -> dict[str, bool]:
    """What the reader may do, as far as the page shows it."""
    own = response.is_provincial
    return {
        "may_enter": own and has_response_capability(user, response, Capability.EXTERNAL_SCORE_EDIT),
        "may_review": own and may_review(user, response),
        "may_import": user.has(Capability.OFFICIAL_RESULT_EDIT, province_id=response.round.province_id),
    }


def _sheet_context(
    response: Response, scored: queries.ScoredResponse, results: YearResults, headline: Headline | None
) -> dict[str, Any]:
    """What the page shows of the sheet itself, beside what is published."""
    sheet, past, official = scored.sheet, results.past, compare_own_result(scored, results.own)
    uncertainty = headline.uncertainty if headline else None
    presenter = ScorePresenter(scored, response.pk, past[:2], uncertainty, official)
    return {
        "own": official,
        "own_level_name": get_level_name(official.level) if official else "",
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
        "last": next((y.total("province") for y in past if y.total("province")), None),
    }


def _headline_context(headline: Headline) -> dict[str, Any]:
    """What the headline is made of: the KPI and the outlook."""
    kpi = headline.kpi
    return {
        "outlook": headline.outlook,
        "like": headline.like,
        "estimates": list_estimates(headline.scored.sheet),
        "kpi_range": kpi,
        "kpi": kpi.best if kpi else None,
        "kpi_rows": list_kpi_rows(headline),
    }


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
    results = read_year_results(response) if provincial else YearResults(None, [])
    presenter = ScorePresenter(scored, response.pk, results.past[:2], own=compare_own_result(scored, results.own))
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
