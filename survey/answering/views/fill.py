"""The filling page: one page per section, its navigation, single cards on demand, and who else is here."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from django.core.cache import cache
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup, escape

from accounts.access import SignedInRequest, allow
from accounts.models import User
from accounts.roles import Capability
from dgready import cached_layout as shell
from dgready.language import reader_language
from evidence.attaching.queries import marked_addresses
from survey import access
from survey.answering import card_renderer as cards
from survey.answering import presence
from survey.answering.card_compiler import page_template
from survey.answering.card_renderer import CardContext
from survey.answering.navigation import SHOW_ALL_QUERY, render_navigation
from survey.answering.queries import response_path, response_state_key
from survey.answering.views import card_context as sheets
from survey.assigning import queries as parts
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import Section
from survey.instrument.values import InvalidField
from survey.models import Response
from survey.notices import actions as notices


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def first(request: SignedInRequest, pk: int) -> HttpResponse:
    """A response without a page named: its first page."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    instrument = compiled_instrument(response.round.instrument)
    own = None if response.is_provincial else parts.answer_scope(response).visible
    pages = [q.section for q in instrument.questions if own is None or q.id in own]
    return redirect("survey:fill", pk, pages[0] if pages else instrument.sections[0].id)


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def page(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """One page of the form; with `?cards=…` only those cards, for the page's script."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    if "cards" in request.GET:
        return cards_as_json(request, response, request.GET["cards"].split(","))
    return render_fill_page(request, response, section)


def cards_as_json(request: SignedInRequest, response: Response, wanted: Sequence[str]) -> HttpResponse:
    """The named cards as JSON of HTML, by question id."""
    sheet = sheets.build_card_context(request, response)
    items = [q for q in sheet.instrument.questions if q.id in wanted and sheet.shows(q.id)]
    return JsonResponse({q.id: cards.render_card(sheet, q) for q in items})


def render_fill_page(
    request: SignedInRequest,
    response: Response,
    section_id: str,
    *,
    invalid: Mapping[str, Sequence[InvalidField]] | None = None,
    replaced: Mapping[str, str] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page; `invalid` and `replaced` take the place of single cards after a save."""
    sheet = sheets.build_card_context(request, response)
    section = sheet.instrument.by_section.get(section_id)
    if section is None:
        raise Http404
    sheet.extra_row = request.GET.get("add", "")
    items = sheet.instrument.items
    shown = {q: cards.render_card(sheet, items[q], invalid=some) for q, some in (invalid or {}).items()}
    body = cards.render_section(sheet, section_id, {**shown, **(replaced or {})})
    others, unread = _presence_and_unread_count(request, response, section_id)
    title = section.title.to(sheet.language)
    slots = {
        "title": escape(f"{section.sub_pillar or ''} {title}".strip()),
        "heading": Markup('<span class="q-code">{}</span> {}').format(section.sub_pillar, title)
        if section.sub_pillar
        else escape(title),
        "body": page_template("page", sheet.language).render(
            sheet=sheet,
            section=section,
            response=response,
            user=request.user.pk,
            refused=refused,
            others=others,
            cards=Markup(body),
            nav=_navigation_html(request, response, sheet, section_id),
            query=_navigation_query(request, response),
            desk=""
            if response.is_provincial
            else render_to_string("survey/contributing/_back.html", {"response": response}),
            own=sheet.shown is None or any(sheet.shows(q.id) for q in sheet.instrument.questions_of(section_id)),
            **_neighbour_pages(sheet, section_id),
        ),
    }
    context = {"response": response, "unread_notices": unread}
    key = (_reader_key(request.user), unread, _response_key(response))
    return shell.render_with_cached_layout(
        request, "survey/answering/fill.html", key=key, slots=slots, context=context, status=status
    )


def _reader_key(user: User) -> Hashable:
    """What the frame shows of a person: header, menu, the tabs they may open."""
    return (user.pk, user.email, user.get_full_name(), user.grants)


def _response_key(response: Response) -> Hashable:
    """What the frame shows of a response: trail and tabs."""
    round_ = response.round
    names = (str(round_.province), round_.province.code, str(response.agency or ""))
    return (response.pk, response.agency_id, round_.year, round_.previous_id, names)


def _presence_and_unread_count(request: SignedInRequest, response: Response, section_id: str) -> tuple[Markup, int]:
    """Who else is on the page, as HTML, and how many notices wait: both from the cache, asked once."""
    keys = presence.presence_cache_key(response.pk, section_id), notices.unread_count_cache_key(request.user.pk)
    found = cache.get_many(keys)
    others = presence.present_names(found.get(keys[0]), request.user.pk)
    return _presence_html(others), notices.count_unread_notices(request.user, found)


def _presence_html(names: Sequence[str]) -> Markup:
    return Markup(render_to_string("survey/answering/_others.html", {"others": names}) if names else "")


def _navigation_html(request: SignedInRequest, response: Response, sheet: CardContext, section_id: str) -> str:
    return render_navigation(
        sheet.path,
        {a for a, files in sheet.evidence.items() if any(f.marked for f in files)},
        base=sheet.base,
        current=section_id,
        language=sheet.language,
        shown=sheet.shown,
        query=_navigation_query(request, response),
        state=response_state_key(response),
    )


def _navigation_query(request: SignedInRequest, response: Response) -> str | None:
    """What of a contribution was asked for: EVERYTHING, or its own questions."""
    if response.is_provincial:
        return None
    return SHOW_ALL_QUERY if request.GET.get("all") == "1" else ""


def _neighbour_pages(sheet: CardContext, section_id: str) -> dict[str, Section | None]:
    own = {q.section for q in sheet.instrument.questions if sheet.shows(q.id)}
    sections = [s for s in sheet.instrument.sections if s.id in own or s.id == section_id]
    index = [s.id for s in sections].index(section_id)
    return {
        "previous": sections[index - 1] if index else None,
        "following": sections[index + 1] if index + 1 < len(sections) else None,
    }


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def nav(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """The navigation with its progress, after a save."""
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
        shown=sheets.shown_questions(request, response),
        query=_navigation_query(request, response),
    )
    return HttpResponse(html)


@require_POST
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def present(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """Says that this person is on the page; answers with who else is."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    if section not in compiled_instrument(response.round.instrument).by_section:
        raise Http404
    presence.record_presence(response.pk, section, request.user.pk, str(request.user))
    return HttpResponse(_presence_html(presence.other_people_present(response.pk, section, request.user.pk)))
