"""View that compares the estimate with earlier years, other provinces, national figures and the agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import localize_text
from dgready.lazy_values import LazyValues
from dgready.same_objects import SameObjects
from scoring.comparing import queries as comparing
from scoring.comparing.contributions import ScoredContribution, score_contributions
from scoring.comparing.own_result import compare_own_result
from scoring.comparing.queries import ProvinceMeans
from scoring.comparing.scheme_changes import find_scheme_of_year, is_comparable, list_changes_since
from scoring.engine import queries
from scoring.engine.queries import ScoredResponse
from scoring.engine.range_types import ScoreRange
from scoring.engine.views.presentation import get_level_name
from scoring.national.queries import LinkedFigure, NationalFigure, NationalFigures, read_linked_figures, topics_of
from scoring.results.queries import PublishedResults, read_results
from scoring.scheme import registry
from survey.access import get_response, has_response_capability
from survey.models import Response


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
    """The comparison page of a provincial response."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    if not response.is_provincial:
        raise Http404
    try:
        scored = queries.score_response(response)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    return render(request, "scoring/comparing/years.html", _comparison_context(request, response, scored))


def _comparison_context(request: SignedInRequest, response: Response, scored: ScoredResponse) -> dict[str, Any]:
    """The response, and what is compared: made only where nothing like it is kept as HTML."""
    own, past = read_results(response.round.province, response.round.year)
    published = [own, *past] if own is not None else past
    around = comparing.compute_region_and_group_means(response, published)
    agencies = score_contributions(response)
    figures = read_linked_figures(scored.instrument)
    rights = {
        "may_fit": has_response_capability(request.user, response, Capability.INSTRUMENTS_MANAGE),
        "may_import": request.user.has(Capability.OFFICIAL_RESULT_EDIT, province_id=response.round.province_id),
    }
    schemes = [find_scheme_of_year(one.year) for one in past]
    state = (
        SameObjects(scored, own, *past, *around[1:], figures, *schemes, *(one.ranges for one in agencies)),
        (around[0], response.pk, tuple(str(one.response.agency) for one in agencies), tuple(rights.values())),
    )

    def make() -> dict[str, Any]:
        compared = _compared(scored, own, past, around)
        return {
            "response": response,
            **rights,
            **compared,
            **_national(scored, figures),
            "agencies": agencies,
            "agency_rows": _agency_rows(scored, agencies),
        }

    return {"response": response, "comparison": LazyValues(state, make)}


def _compared(
    scored: ScoredResponse,
    own: PublishedResults | None,
    past: list[PublishedResults],
    around: tuple[int | None, ProvinceMeans | None, ProvinceMeans | None],
) -> dict[str, Any]:
    """The score beside what was published of this year and of those before. No query."""
    year, region, group = around
    official = compare_own_result(scored, own)
    columns = _list_columns([own, *past] if own is not None else past)
    return {
        "sheet": scored.sheet,
        "span": scored.ranges.total,
        "columns": [
            (results.year, _subject_name(subject), results.edition_name if subject == "province" else "")
            for results, subject in columns
        ],
        "totals": [_published_total(results, subject) for results, subject in columns],
        "rows": _pillar_rows(scored, columns, region, group),
        "notes": [(results.year, _changes_since(scored, results.year)) for results in past],
        "around_year": year,
        "region": region,
        "group": group,
        "own": official,
        "like": comparing.compare_with_last(scored, past),
        "own_level_name": get_level_name(official.level) if official else "",
        "misses": [(m, localize_text(m.name)) for m in official.sub_pillars] if official else [],
    }


def _national(scored: ScoredResponse, linked: Sequence[LinkedFigure]) -> dict[str, Any]:
    figures = topics_of(scored, linked)
    return {"national": figures, "national_groups": _national_groups(scored, figures)}


def _list_columns(published: Sequence[PublishedResults]) -> list[tuple[PublishedResults, str]]:
    """Year by year the province's result, its earlier editions beside it, the average and the best."""
    columns = []
    for results in published:
        columns += [(one, "province") for one in (results, *results.earlier) if one.has_subject("province")]
        columns += [(results, subject) for subject in ("average", "rank-1") if results.has_subject(subject)]
    return columns


def _changes_since(scored: ScoredResponse, past_year: int) -> list[str]:
    """What is measured otherwise than in a past year, in the reader's language."""
    return [localize_text(text) for text in list_changes_since(scored.scheme, scored.instrument, past_year)]


def _agency_rows(
    scored: ScoredResponse, agencies: Sequence[ScoredContribution]
) -> list[tuple[str, ScoreRange, list[ScoreRange]]]:
    """A sub-pillar's name, its range, and its range by each agency's own answers."""
    return [
        (
            f"{sub.code} {localize_text(sub.name)}",
            scored.ranges.sub_pillars[sub.code],
            [agency.ranges.sub_pillars[sub.code] for agency in agencies],
        )
        for sub in scored.sheet.sub_pillars
        if not sub.external
    ]


def _pillar_rows(
    scored: ScoredResponse,
    columns: Sequence[tuple[PublishedResults, str]],
    region: ProvinceMeans | None,
    group: ProvinceMeans | None,
) -> list[tuple[str, ScoreRange, list[Decimal | None]]]:
    """A pillar's name, its range now, and what was published of it where the years can be compared."""
    comparable_years = {year for year in {y.year for y, _who in columns} if is_comparable(scored.scheme, year)}

    def values(number: str) -> list[Decimal | None]:
        published = [y.score(who, "pillar", number) if y.year in comparable_years else None for y, who in columns]
        return [*published, *(one.pillar(number) for one in (region, group) if one)]

    return [
        (f"{p.number} {localize_text(p.name)}", scored.ranges.pillars[p.number], values(p.number))
        for p in scored.sheet.pillars
    ]


def _national_groups(scored: ScoredResponse, figures: NationalFigures | None) -> list[tuple[str, list[TopicView]]]:
    """National figures by pillar, in the reader's language."""
    names = {p.number: f"{p.number} {localize_text(p.name)}" for p in scored.instrument.pillars}
    groups = []
    for number, topics in figures.groups.items() if figures else ():
        views = [
            TopicView(t.code, localize_text(t.name), t.relation, [(localize_text(f.label), f) for f in t.figures])
            for t in topics
        ]
        groups.append((names.get(number, _("ทั้งแบบสำรวจ")), views))
    return groups


def _subject_name(subject: str) -> str:
    return {"province": _("จังหวัดนี้"), "average": _("เฉลี่ย"), "rank-1": _("อันดับ 1")}[subject]


def _published_total(year: PublishedResults, subject: str) -> Decimal | None:
    return year.score(subject, "total", "total")
