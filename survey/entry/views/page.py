"""The page on which a paper is typed in: the questions of one section in paper order, the scan beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from survey import access
from survey.answering.card_renderer import CardContext, render_card, render_section
from survey.answering.interface_texts import card_interface_texts, script_text_attributes
from survey.answering.views.card_context import build_entry_context, may_edit_now, shown_questions
from survey.entry.views.scan import read_scan
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument, Section
from survey.instrument.values import InvalidField
from survey.models import Channel, Response


@require_safe
@allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)
def page(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """One section to type in; with `?cards=…` only those cards as JSON, for the page's script.

    Before typing from a paper has begun, and where answers cannot change now, the page where it begins.
    """
    response = access.get_response(request.user, pk, Capability.ANSWER_EDIT)
    if "cards" in request.GET:
        return _cards_as_json(build_entry_context(request, response), request.GET["cards"].split(","))
    if response.channel != Channel.PAPER or not may_edit_now(request, response):
        if section not in compiled_instrument(response.round.instrument).by_section:
            raise Http404
        return redirect("survey:entry", pk)
    return render_entry_page(request, response, section)


def render_entry_page(
    request: SignedInRequest,
    response: Response,
    section_id: str,
    *,
    invalid: Mapping[str, Sequence[InvalidField]] | None = None,
    replaced: Mapping[str, str] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the page; `invalid` and `replaced` take the place of single cards after a plain post."""
    context = build_entry_context(request, response)
    section = context.instrument.by_section.get(section_id)
    if section is None:
        raise Http404
    context.extra_row = request.GET.get("add", "")
    items = context.instrument.items
    with_faults = {q: render_card(context, items[q], invalid=fields) for q, fields in (invalid or {}).items()}
    cards = render_section(context, section_id, {**with_faults, **(replaced or {})})
    scan = read_scan(request.user, response)
    shown = {
        "response": response,
        "section": section,
        "title": section.title.to(context.language),
        "code": section.sub_pillar or "",
        "base": context.base,
        "cards": mark_safe(cards),  # made by the compiled cards, which escape what they show
        "says": script_text_attributes(card_interface_texts()),
        "refused": refused,
        "scan": scan,
        "scan_pages": json.dumps(dict(scan.pages)) if scan else "",
        **_neighbours(context, section_id),
    }
    return render(request, "survey/entry/entry.html", shown, status=status)


def first_page(request: SignedInRequest, response: Response) -> str:
    """The address of the first section that is asked; empty where nothing is."""
    instrument = compiled_instrument(response.round.instrument)
    shown = shown_questions(request, response, answered=())
    sections = _asked_sections(instrument, lambda question: shown is None or question in shown)
    return reverse("survey:entry-page", args=[response.pk, sections[0].id]) if sections else ""


def _asked_sections(instrument: CompiledInstrument, is_shown: Callable[[str], bool]) -> list[Section]:
    asked = {question.section for question in instrument.questions if is_shown(question.id)}
    return [section for section in instrument.sections if section.id in asked]


def _neighbours(context: CardContext, section_id: str) -> dict[str, Any]:
    """The sections before and behind this one that are asked, and how far this one is."""
    sections = _asked_sections(context.instrument, context.is_shown)
    ids = [section.id for section in sections]
    at = ids.index(section_id) if section_id in ids else -1

    def link(n: int) -> dict[str, str] | None:
        if at < 0 or not 0 <= n < len(sections):
            return None
        name = sections[n].title.to(context.language)
        text = " ".join(filter(None, [sections[n].sub_pillar, name]))
        return {"url": f"{context.base}entry/{sections[n].id}/", "name": text}

    return {"previous": link(at - 1), "following": link(at + 1), "number": at + 1, "count": len(sections)}


def _cards_as_json(context: CardContext, wanted: Sequence[str]) -> HttpResponse:
    items = [q for q in context.instrument.questions if q.id in wanted and context.is_shown(q.id)]
    return JsonResponse({q.id: render_card(context, q) for q in items})
