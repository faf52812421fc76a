"""View of one question in the year before: what it was, last year's answer, how all provinces answered, the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.http import is_script_request
from dgready.language import localize_text, reader_language
from scoring.models import OfficialResult
from scoring.national.queries import NationalTopic, get_question_figures
from scoring.results.queries import list_results_before
from survey import access
from survey.answering.queries import response_path
from survey.carrying.views.carried_answers import carried_context, read_carried
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.journal.event_texts import item_title
from survey.linking.links import QuestionLink, SubPillarLink, YearLinks
from survey.linking.registry import links_into
from survey.linking.wording import RELATION_NAMES
from survey.models import Response


@dataclass(frozen=True, slots=True)
class EarlierQuestion:
    """A question of the earlier form that became this one, as shown."""

    codes: str
    relation: str
    comparable: bool
    note: str


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def question(request: SignedInRequest, pk: int, item_id: str) -> HttpResponse:
    """A question in the year before; a page, or its inner part for a script."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    row = access.get_question(response, item_id)
    instrument = compiled_instrument(response.round.instrument)
    links = links_into(instrument)
    found = links.links_to(item_id) if links else ()
    carried = read_carried(response).get(item_id)
    item = instrument.items[item_id]
    context: dict[str, Any] = {
        "response": response,
        "question": row,
        "title": item_title(item, reader_language()),
        "section": item.section,
        "year": links.year if links else response.round.year - 1,
        "earlier": [_earlier_question(link) for link in found],
        "carried": carried_context(response, carried) if carried else None,
        "topics": _shown_topics(get_question_figures(instrument, response_path(response).values, item_id)),
        "results": _sub_pillar_results(response, instrument, links, item.sub_pillar or ""),
    }
    inner = is_script_request(request)
    return render(request, f"survey/carrying/{'_' if inner else ''}last_year.html", context)


def _earlier_question(link: QuestionLink) -> EarlierQuestion:
    return EarlierQuestion(
        ", ".join(link.old), str(RELATION_NAMES[link.relation]), link.comparable, localize_text(link.note)
    )


def _shown_topics(topics: Sequence[NationalTopic]) -> list[dict[str, Any]]:
    return [
        {
            "code": topic.figures[0].row.code,
            "source": topic.figures[0].row.source,
            "figures": [(localize_text(figure.label), figure) for figure in topic.figures],
        }
        for topic in topics
    ]


def _sub_pillar_results(
    response: Response, instrument: CompiledInstrument, links: YearLinks | None, code: str
) -> list[tuple[str, list[OfficialResult]]]:
    """What was published in that year of the sub-pillars that this question's was, by their codes then."""
    if links is None or not response.is_provincial or not code:
        return []
    parts = code.split(".")
    wanted = [".".join(parts[:length]) for length in range(len(parts), 1, -1)]  # a part belongs to its sub-pillar
    was: Sequence[SubPillarLink] = next((w for c in wanted if (w := links.sub_pillars_to(c))), ())
    past = list_results_before(response.round.province, response.round.year)
    published = next((results.figures for results in past if results.year == links.year), {})
    found = []
    for link in was:
        figures = [published.get((who, "sub_pillar", link.old)) for who in ("province", "average", "rank-1")]
        if any(figures):
            found.append((link.old, [figure for figure in figures if figure]))
    return found
