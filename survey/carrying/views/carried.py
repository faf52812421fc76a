"""View of the answers carried from last year, and of the changes between the two instruments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from evidence.models import Attachment
from survey import access
from survey.carrying.fit import rename_address
from survey.carrying.views.carried_answers import carried_context, read_carried
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument as Compiled
from survey.instrument.values import item_or_column_at
from survey.journal import event_texts as describe
from survey.linking.links import QuestionLink
from survey.linking.registry import FaultyLinks, MissingLinks, links_between
from survey.linking.wording import RELATION_NAMES
from survey.models import Carried, Response, Round

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def listing(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lists answers carried from last year, which are confirmed, and the changes between the two instruments."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    rows = list(read_carried(response).values())
    if not rows and response.round.previous_id is None:
        raise Http404
    context = {
        "response": response,
        "rows": [carried_context(response, row) for row in rows],
        "left": sum(row.settled_at is None for row in rows),
        "changes": _form_changes(response),
        "left_evidence": _left_evidence(response, rows),
    }
    return render(request, "survey/carrying/carried.html", context)


def _left_evidence(response: Response, rows: Sequence[Carried]) -> list[tuple[str, str]]:
    """Last year's evidence that has no place here this year: code of its question, name. One query."""
    brought = {proof["attachment"] for row in rows for proof in row.evidence}
    earlier = Attachment.objects.filter(
        response__round=response.round.previous_id, response__agency=response.agency_id, removed_at=None
    )
    named = earlier.order_by("question__order", "pk").values_list("public_id", "question__code", "name")
    return [(code, name) for public_id, code, name in named if str(public_id) not in brought]


def _form_changes(response: Response) -> dict[str, Any]:
    """What changed between the forms: reworded, split, merged, dropped; and what is new."""
    rounds = Round.objects.select_related("instrument").defer("instrument__source")
    previous = rounds.get(pk=response.round.previous_id or 0)
    old, new = compiled_instrument(previous.instrument), compiled_instrument(response.round.instrument)
    try:
        links = links_between(old, new)
    except (MissingLinks, FaultyLinks):
        return {}

    def words(form: Any, names: Sequence[str]) -> list[str]:
        return [describe.item_title(form.items[n], reader_language()) for n in names]

    def change(link: QuestionLink) -> dict[str, Any]:
        return {
            "relation": RELATION_NAMES[link.relation],
            "old": words(old, link.old),
            "new": words(new, link.new),
            "comparable": link.comparable or link.relation == "dropped",
            "options": list(_option_changes(link, old, new)),
        }

    return {"year": previous.year, "links": [change(x) for x in links.changed], "added": words(new, links.added)}


def _option_changes(link: QuestionLink, old: Compiled, new: Compiled) -> Iterator[tuple[str, str]]:
    """The options that go by another name now, or ("") are gone."""
    for address, names in link.options.items():
        before, after = item_or_column_at(old, address), item_or_column_at(new, rename_address(link, address))
        for key, name in names.items():
            there = after.by_key.get(name) if after and name else None
            if before and key in before.by_key:
                yield before.by_key[key].label.to(reader_language()), there.label.to(reader_language()) if there else ""
