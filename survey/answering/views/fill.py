"""Views of the filling page: a section, single cards, navigation, presence."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.middleware import mark_as_poll
from dgready.posting import post_only
from evidence.attaching.queries import marked_addresses
from survey import access
from survey.answering import presence
from survey.answering.card_renderer import render_card
from survey.answering.navigation import render_navigation
from survey.answering.queries import response_path
from survey.answering.views.card_context import build_card_context, shown_questions
from survey.answering.views.fill_page import navigation_query, presence_html, render_fill_page
from survey.approval.views.reading import reading_page
from survey.assigning import queries as parts
from survey.instrument.queries import compiled_instrument
from survey.models import Response


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def first(request: SignedInRequest, pk: int) -> HttpResponse:
    """Redirect from a response to its first section; of a reader to the answers as text."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    if access.may_only_read(request.user, response):
        return redirect("survey:answers", pk)
    instrument = compiled_instrument(response.round.instrument)
    shown = None if response.is_provincial else parts.answer_scope(response).visible
    pages = [q.section for q in instrument.questions if shown is None or q.id in shown]
    return redirect("survey:fill", pk, pages[0] if pages else instrument.sections[0].id)


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def page(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """A section of the form; with `?cards=…` only those cards as JSON, for the page's script.

    A reader is led to the same questions as text; the fragment of the address goes along.
    """
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    if access.may_only_read(request.user, response):
        if section not in compiled_instrument(response.round.instrument).by_section:
            raise Http404
        return redirect(reading_page(response, section))
    if "cards" in request.GET:
        return cards_as_json(request, response, request.GET["cards"].split(","))
    return render_fill_page(request, response, section)


def cards_as_json(request: SignedInRequest, response: Response, wanted: Sequence[str]) -> HttpResponse:
    """The named cards as JSON of HTML, by question id."""
    card_context = build_card_context(request, response)
    items = [q for q in card_context.instrument.questions if q.id in wanted and card_context.is_shown(q.id)]
    return JsonResponse({q.id: render_card(card_context, q) for q in items})


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def nav(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """The navigation with its progress, for the page's script after a save."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    path = response_path(response)
    if section not in path.instrument.by_section:
        raise Http404
    base = reverse("survey:response", args=[pk])
    marked = marked_addresses(response)
    html = render_navigation(
        path,
        marked,
        base=base,
        current=section,
        language=reader_language(),
        shown=shown_questions(request, response),
        query=navigation_query(request, response),
    )
    return HttpResponse(html)


@post_only("survey:fill", "pk", "section")
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def present(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """Record that this user's page is open; returns the other users on it. A page left open prolongs no session."""
    mark_as_poll(request)
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    if section not in compiled_instrument(response.round.instrument).by_section:
        raise Http404
    presence.record_presence(response.pk, section, request.user.pk, str(request.user))
    return HttpResponse(presence_html(presence.other_people_present(response.pk, section, request.user.pk)))
