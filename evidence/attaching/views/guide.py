"""View of what level 5 asks of a question, what is missing now, and which documents count as proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.http import is_script_request
from dgready.language import localize_text, reader_language
from scoring.engine.level_five import LevelFiveStanding, standings
from scoring.engine.queries import score_response
from scoring.scheme import registry
from scoring.scheme.level_five import asks_by_question
from survey import access
from survey.instrument.proof.by_question import ProofGroup, proof_of_question
from survey.instrument.proof.guide import ProofGuide
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument, LocalizedText
from survey.journal.event_texts import describe_address, item_title
from survey.models import Response


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Places with the same documents, by their labels; each example with the labels that it is for."""

    guide: ProofGuide
    labels: tuple[str, ...]
    examples: tuple[tuple[LocalizedText, tuple[str, ...]], ...]


@require_safe
@vary_on_headers("HX-Request", "X-Requested-With")
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def guide(request: SignedInRequest, pk: int, item_id: str) -> HttpResponse:
    """What a question needs; a page, or its inner part for a script."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    question = access.get_question(response, item_id)
    instrument = compiled_instrument(response.round.instrument)
    item = instrument.items[item_id]
    context: dict[str, Any] = {
        "response": response,
        "question": question,
        "title": item_title(item, reader_language()),
        "section": item.section,
        **_what_is_asked(response, item_id),
        "groups": [_shown_group(instrument, group) for group in proof_of_question(instrument, item_id)],
    }
    return render(request, f"evidence/attaching/{'_' if is_script_request(request) else ''}guide.html", context)


def _what_is_asked(response: Response, question: str) -> dict[str, Any]:
    """What level 5 asks, with what is missing by the score sheet; or why the question is not scored."""
    try:
        scored = score_response(response)
    except (registry.MissingScheme, registry.FaultyScheme):
        return {"needs": (), "unscored": ""}
    asks = asks_by_question(scored.instrument, scored.scheme).get(question, ())
    why = next((localize_text(u.why) for u in scored.scheme.not_counted if u.question == question), "")
    needs: tuple[LevelFiveStanding, ...] = standings(asks, scored.sheet)
    return {"needs": needs, "unscored": why}


def _shown_group(instrument: CompiledInstrument, group: ProofGroup) -> ShownGroup:
    parts = {a: describe_address(instrument, a, {}, reader_language()) for a in group.addresses}
    shared = _shared_length(list(parts.values()))
    labels = {address: " › ".join(some[shared:]) for address, some in parts.items()}
    examples = tuple((example, tuple(labels[a] for a in some)) for example, some in group.examples)
    return ShownGroup(group.guide, tuple(labels.values()), examples)


def _shared_length(paths: Sequence[tuple[str, ...]]) -> int:
    """How many leading labels all places have in common and need not be told of each; the last always is."""
    if len(paths) < 2:
        return 0
    shortest = min(map(len, paths)) - 1
    return next((n for n in range(shortest) if len({path[n] for path in paths}) > 1), max(shortest, 0))
