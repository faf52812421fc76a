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
from scoring.comparing.queries import Around
from scoring.engine import queries
from scoring.engine.queries import Scored
from scoring.engine.score_range import Span
from scoring.engine.sheet import PillarScore
from scoring.national.queries import Figure, National, national
from scoring.results.fitting import official_scores
from scoring.results.queries import YearResults
from scoring.scheme import registry
from scoring.scheme.wording import wording
from survey.access import get_response, may


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic of national figures as shown."""

    code: str
    name: str
    relation: str
    figures: list[tuple[str, Figure]]


@require_safe
@allow(Capability.RESPONSE_READ)
def years(request: SignedInRequest, pk: int) -> HttpResponse:
    """This year's estimate beside published years, others, and the agencies' own answers."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    if not response.is_provincial:
        raise Http404
    try:
        found = queries.scored(response)
    except registry.MissingScheme:
        return render(request, "scoring/engine/no_scheme.html", {"response": response})
    past = comparing.published(response)
    year, region, group = comparing.around(response, past)
    agencies = comparing.contributions(response)
    figures = national(found)
    columns = [(y, who) for y in past for who in ("province", "average", "rank-1") if y.has(who)]
    context = {
        "response": response,
        "sheet": found.sheet,
        "span": found.spread.total,
        "columns": [(y.year, _who(who)) for y, who in columns],
        "totals": [_total(y, who) for y, who in columns],
        "rows": [_pillar(p, found, columns, region, group) for p in found.sheet.pillars],
        "notes": [(y.year, [wording(t) for t in comparing.changes_since(found.scheme, y.year)]) for y in past],
        "around_year": year,
        "region": region,
        "group": group,
        "national": figures,
        "national_groups": _groups(found, figures),
        "agencies": agencies,
        "agency_rows": [
            (
                f"{s.code} {wording(s.name)}",
                found.spread.subs[s.code],
                [a.spread.subs[s.code] for a in agencies],
            )
            for s in found.sheet.sub_pillars
            if not s.external
        ],
        "misses": [(m, wording(m.name)) for m in comparing.misses(found, official_scores(response))],
        "may_fit": may(request.user, response, Capability.INSTRUMENTS_MANAGE),
        "may_import": request.user.has(Capability.OFFICIAL_RESULT_EDIT, province_id=response.round.province_id),
    }
    return render(request, "scoring/comparing/years.html", context)


def _pillar(
    pillar: PillarScore,
    found: Scored,
    columns: Sequence[tuple[YearResults, str]],
    region: Around | None,
    group: Around | None,
) -> tuple[str, Span, list[Decimal | None]]:
    """A pillar's name, its range now, and what was published of it where the years can be compared."""
    number, past = pillar.number, {y.year for y, _who in columns}
    same = {year for year in past if comparing.is_comparable(found.scheme, year)}
    values = [y.score(who, "pillar", number) if y.year in same else None for y, who in columns]
    values += [one.pillar(number) for one in (region, group) if one]
    return f"{number} {wording(pillar.name)}", found.spread.pillars[number], values


def _groups(found: Scored, figures: National | None) -> list[tuple[str, list[TopicView]]]:
    """National figures by pillar, in the reader's language."""
    names = {p.number: f"{p.number} {wording(p.name)}" for p in found.instrument.pillars}
    out = []
    for number, topics in figures.groups.items() if figures else ():
        views = [
            TopicView(t.code, wording(t.name), t.relation, [(wording(f.label), f) for f in t.figures]) for t in topics
        ]
        out.append((names.get(number, _("ทั้งแบบสำรวจ")), views))
    return out


def _who(subject: str) -> str:
    return {"province": _("จังหวัดนี้"), "average": _("เฉลี่ย"), "rank-1": _("อันดับ 1")}[subject]


def _total(year: YearResults, subject: str) -> object:
    found = year.total(subject)
    return found.score if found else None
