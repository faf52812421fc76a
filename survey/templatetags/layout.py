"""Template tags of the layout: the main menu, and the link to the paragraph of the guides that helps on this page."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse

from accounts.models import Province, User
from survey.first_page.main_menu import MenuItem, MenuRound, menu_items, open_places
from survey.first_page.page_places import current_place, page_place
from survey.first_page.queries import is_known_by_agencies, newest_round
from survey.guides.topics import paragraph_for
from survey.models import Response, Round

register = template.Library()


@register.simple_tag(takes_context=True)
def main_menu(context: Context) -> list[MenuItem]:
    """The menu of the signed-in user on this page. One query where the page is about no round, else none."""
    request, user = context.get("request"), context.get("user")
    if not isinstance(request, HttpRequest) or not isinstance(user, User):
        return []
    response = context.get("response")
    response = response if isinstance(response, Response) else None
    round_ = _menu_round(context, user, response)
    places = open_places(user, round_.province_id, by_agencies=round_.by_agencies) if round_ else []
    here = current_place(_view_name(request), response, places)
    province = context.get("province")
    code = province.code if isinstance(province, Province) else ""
    return menu_items(user, round_, here=here, path=request.path, province_code=code)


@register.simple_tag(takes_context=True)
def help_url(context: Context) -> str:
    """The address of the paragraph that helps on this page, in the guide of the user's own role."""
    request, user = context.get("request"), context.get("user")
    if not isinstance(request, HttpRequest) or not isinstance(user, User):
        return ""
    paragraph = paragraph_for(user, page_place(_view_name(request)).topic)
    address = reverse("survey:guide", args=[paragraph.guide])
    return f"{address}#{paragraph.anchor}" if paragraph.anchor else address


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _menu_round(context: Context, user: User, response: Response | None) -> MenuRound | None:
    """The round of the page: of its response, else its own; where there is none, the newest the user takes part in."""
    known = context.get("menu_round")
    if isinstance(known, MenuRound):
        return known
    round_ = response.round if response else context.get("round")
    if not isinstance(round_, Round) or not round_.pk:
        return newest_round(user, context.get("province"))
    return MenuRound(
        round_.province_id,
        round_.province.code,
        round_.year,
        provincial=response.pk if response and response.is_provincial else None,
        contribution=response.pk if response and _is_own(user, response) else None,
        by_agencies=is_known_by_agencies(round_),
    )


def _is_own(user: User, response: Response) -> bool:
    return response.agency_id is not None and any(g.agency_id == response.agency_id for g in user.grants)
