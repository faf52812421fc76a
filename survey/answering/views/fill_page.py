"""Renders a section of the form as a page: cards, navigation, presence, and the cached layout around them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from markupsafe import Markup, escape

from accounts.access import SignedInRequest
from accounts.models import User
from dgready.cached_layout import render_with_cached_layout
from dgready.lru_cache import LruCache
from survey.answering import presence
from survey.answering.card_acts import read_act
from survey.answering.card_compiler import page_template
from survey.answering.card_folding import foldable_cards, without_open_cards
from survey.answering.card_renderer import CardContext, render_card, render_section
from survey.answering.kept_cards import render_kept_section
from survey.answering.navigation import SHOW_ALL_QUERY, render_navigation
from survey.answering.point_mark import VisitedPoint, mark_point, visited_point
from survey.answering.queries import response_state_key
from survey.answering.rest_of_table import rest_from_query
from survey.answering.views.card_context import build_card_context
from survey.approval.point_kinds import POINT_KINDS
from survey.instrument.addresses import item_id_of
from survey.instrument.progress import Progress
from survey.instrument.queries import official_texts
from survey.instrument.schema import Section
from survey.instrument.values import InvalidField
from survey.models import Response
from survey.notices import actions as notices

_foldable_cache: LruCache[dict[str, Progress]] = LruCache(256)


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
    """Render a section of the form; `invalid` and `replaced` take the place of single cards after a save."""
    card_context = build_card_context(request, response)
    section = card_context.instrument.by_section.get(section_id)
    if section is None:
        raise Http404
    point = _read_query(request, response, card_context, section_id)
    cards = _render_cards(card_context, section_id, invalid or {}, replaced or {})
    others, unread = _presence_and_unread_count(request, response, section_id)
    page = page_template("page", card_context.language).render(
        card_context=card_context,
        section=section,
        response=response,
        user=request.user.pk,
        refused=refused,
        others=others,
        cards=Markup(mark_point(cards, point.anchor) if point else cards),
        definition=official_texts(response.round.instrument).definition(section_id),
        point=point,
        point_kind=POINT_KINDS[point.kind][0] if point else "",
        after=point.key if point else request.GET.get("saved", section_id),
        **_page_surroundings(request, response, card_context, section_id),
    )
    return render_with_cached_layout(
        request,
        "survey/answering/fill.html",
        key=(_reader_key(request.user), unread, _response_key(response)),
        slots={**_title_slots(section, card_context.language), "body": page},
        context={"response": response, "unread_notices": unread},
        status=status,
    )


def _render_cards(
    card_context: CardContext,
    section_id: str,
    invalid: Mapping[str, Sequence[InvalidField]],
    replaced: Mapping[str, str],
) -> str:
    items = card_context.instrument.items
    invalid_cards = {
        question: render_card(card_context, items[question], invalid=fields) for question, fields in invalid.items()
    }
    if not invalid_cards and not replaced:
        return render_kept_section(card_context, section_id)
    return render_section(card_context, section_id, {**invalid_cards, **replaced})


def _read_query(
    request: SignedInRequest, response: Response, card_context: CardContext, section_id: str
) -> VisitedPoint | None:
    """What the address asks of the cards: a row to add, an act to show, what lies folded; returns the point visited."""
    card_context.extra_row, card_context.act = request.GET.get("add", ""), read_act(request.GET)
    card_context.given_rest = rest_from_query(request.GET.getlist("rest"))
    point = visited_point(card_context.path, request.GET.get("point", ""))
    card_context.folded = _folded(request, response, card_context, section_id, point)
    return point


def _folded(
    request: SignedInRequest,
    response: Response,
    card_context: CardContext,
    section_id: str,
    point: VisitedPoint | None,
) -> Mapping[str, Progress]:
    """The cards that lie folded: not where a person comes to a point, or back from a save, nor contradictions."""
    items = card_context.instrument.items
    looked_at = [request.GET.get("saved", ""), request.GET.get("add", ""), point.address if point else ""]
    owners = {item.question for name in looked_at if (item := items.get(item_id_of(name)))}
    state = response_state_key(response)
    foldable = _foldable_cache.get(
        (state, section_id) if state else None,
        lambda: foldable_cards(
            card_context.path,
            section_id,
            answered={q for q, row in card_context.answers.items() if row.value},
            marked=_marked_places(card_context),
        ),
    )
    return without_open_cards(foldable, {q for q in (*owners, *card_context.contradictions) if q})


def _marked_places(card_context: CardContext) -> set[str]:
    return {address for address, files in card_context.evidence.items() if any(file.marked for file in files)}


def _title_slots(section: Section, language: str) -> dict[str, str]:
    """Title and heading of the page as HTML: the sub-pillar's code, if any, and the section's title."""
    title = section.title.to(language)
    code = section.sub_pillar
    heading = Markup('<span class="q-code">{}</span> {}').format(code, title) if code else escape(title)
    return {"title": escape(f"{code or ''} {title}".strip()), "heading": heading}


def _page_surroundings(
    request: SignedInRequest, response: Response, card_context: CardContext, section_id: str
) -> dict[str, Any]:
    """Template variables of what surrounds the cards: navigation, link back, pager."""
    back = "" if response.is_provincial else render_to_string("survey/contributing/_back.html", {"response": response})
    questions = card_context.instrument.questions_of(section_id)
    return {
        "nav": _navigation_html(request, response, card_context, section_id),
        "query": navigation_query(request, response),
        "desk": back,
        "own": card_context.shown is None or any(card_context.is_shown(question.id) for question in questions),
        **_neighbour_pages(card_context, section_id),
    }


def _reader_key(user: User) -> Hashable:
    """Cache key of what the layout shows of a user: header, menu, the tabs they may open."""
    return (user.pk, user.email, user.get_full_name(), user.grants)


def _response_key(response: Response) -> Hashable:
    """Cache key of what the layout shows of a response: breadcrumb and tabs."""
    round_ = response.round
    names = (str(round_.province), round_.province.code, str(response.agency or ""))
    return (response.pk, response.agency_id, round_.year, round_.previous_id, names)


def _presence_and_unread_count(request: SignedInRequest, response: Response, section_id: str) -> tuple[Markup, int]:
    """The other users on the page as HTML, and the number of unread notices. One cache read for both."""
    keys = presence.presence_cache_key(response.pk, section_id), notices.unread_count_cache_key(request.user.pk)
    cached = cache.get_many(keys)
    others = presence.present_names(cached.get(keys[0]), request.user.pk)
    return presence_html(others), notices.count_unread_notices(request.user, cached)


def presence_html(names: Sequence[str]) -> Markup:
    """The names of other users on the page as HTML; empty for none."""
    return Markup(render_to_string("survey/answering/_others.html", {"others": names}) if names else "")


def _navigation_html(request: SignedInRequest, response: Response, card_context: CardContext, section_id: str) -> str:
    return render_navigation(
        card_context.path,
        _marked_places(card_context),
        base=card_context.base,
        current=section_id,
        language=card_context.language,
        shown=card_context.shown,
        query=navigation_query(request, response),
        state=response_state_key(response),
    )


def navigation_query(request: SignedInRequest, response: Response) -> str | None:
    """The query string of a contribution's page: SHOW_ALL_QUERY or "" (its own questions); None for the province."""
    if response.is_provincial:
        return None
    return SHOW_ALL_QUERY if request.GET.get("all") == "1" else ""


def _neighbour_pages(card_context: CardContext, section_id: str) -> dict[str, Section | None]:
    section_ids = {q.section for q in card_context.instrument.questions if card_context.is_shown(q.id)}
    sections = [s for s in card_context.instrument.sections if s.id in section_ids or s.id == section_id]
    index = [s.id for s in sections].index(section_id)
    return {
        "previous": sections[index - 1] if index else None,
        "following": sections[index + 1] if index + 1 < len(sections) else None,
    }
