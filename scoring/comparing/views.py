"""Comparing: years, average, best, region, group, national figures, agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from scoring.comparing import queries as comparing
from scoring.comparing.queries import ProvinceMeans
from scoring.engine import queries
from scoring.engine.queries import ScoredResponse
from scoring.engine.score_range import ScoreRange
from scoring.engine.sheet import PillarScore
from scoring.national.queries import NationalFigure, NationalFigures, get_national_figures
from scoring.results.fit_queries import get_official_scores
from scoring.results.queries import PublishedResults
from scoring.scheme import registry
from scoring.scheme.wording import localize_text
from survey.access import get_response, has_response_capability


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic of national figures as shown."""

    code: str
    name: str
    relation: str
    figures: list[tuple[str, NationalFigure]]


@require_safe
@allow(Capability.RESPONSE_READ)
def years(request: SignedInRequest, pk: int) -> HttpResponse:
    """This year's estimate beside published years, others, and the agencies' own answers."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    if not response.is_provincial:
        raise Http404
    try:
        found = queries.score_response(response)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    past = comparing.list_results_before_response(response)
    year, region, group = comparing.compute_region_and_group_means(response, past)
    agencies = comparing.score_contributions(response)
    figures = get_national_figures(found)
    columns = [(y, who) for y in past for who in ("province", "average", "rank-1") if y.has(who)]
    context = {
        "response": response,
        "sheet": found.sheet,
        "span": found.spread.total,
        "columns": [(y.year, _subject_name(who)) for y, who in columns],
        "totals": [_published_total(y, who) for y, who in columns],
        "rows": [_pillar_row(p, found, columns, region, group) for p in found.sheet.pillars],
        "notes": [
            (y.year, [localize_text(t) for t in comparing.list_changes_since(found.scheme, y.year)]) for y in past
        ],
        "around_year": year,
        "region": region,
        "group": group,
        "national": figures,
        "national_groups": _national_groups(found, figures),
        "agencies": agencies,
        "agency_rows": [
            (
                f"{s.code} {localize_text(s.name)}",
                found.spread.subs[s.code],
                [a.spread.subs[s.code] for a in agencies],
            )
            for s in found.sheet.sub_pillars
            if not s.external
        ],
        "misses": [
            (m, localize_text(m.name)) for m in comparing.list_estimate_deviations(found, get_official_scores(response))
        ],
        "may_fit": has_response_capability(request.user, response, Capability.INSTRUMENTS_MANAGE),
        "may_import": request.user.has(Capability.OFFICIAL_RESULT_EDIT, province_id=response.round.province_id),
    }
    return render(request, "scoring/comparing/years.html", context)


def _pillar_row(
    pillar: PillarScore,
    found: ScoredResponse,
    columns: Sequence[tuple[PublishedResults, str]],
    region: ProvinceMeans | None,
    group: ProvinceMeans | None,
) -> tuple[str, ScoreRange, list[Decimal | None]]:
    """A pillar's name, its range now, and what was published of it where the years can be compared."""
    number, past = pillar.number, {y.year for y, _who in columns}
    same = {year for year in past if comparing.is_comparable(found.scheme, year)}
    values = [y.score(who, "pillar", number) if y.year in same else None for y, who in columns]
    values += [one.pillar(number) for one in (region, group) if one]
    return f"{number} {localize_text(pillar.name)}", found.spread.pillars[number], values


def _national_groups(found: ScoredResponse, figures: NationalFigures | None) -> list[tuple[str, list[TopicView]]]:
    """National figures by pillar, in the reader's language."""
    names = {p.number: f"{p.number} {localize_text(p.name)}" for p in found.instrument.pillars}
    out = []
    for number, topics in figures.groups.items() if figures else ():
        views = [
            TopicView(t.code, localize_text(t.name), t.relation, [(localize_text(f.label), f) for f in t.figures])
            for t in topics
        ]
        out.append((names.get(number, _("ทั้งแบบสำรวจ")), views))
    return out


def _subject_name(subject: str) -> str:
    return {"province": _("จังหวัดนี้"), "average": _("เฉลี่ย"), "rank-1": _("อันดับ 1")}[subject]


def _published_total(year: PublishedResults, subject: str) -> object:
    found = year.total(subject)
    return found.score if found else None
