"""Template context processor of the main menu."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Capability


@dataclass(frozen=True, slots=True)
class _MenuEntry:
    """A menu entry: shown to users who hold `cap`, with the URL of the first province they hold it in."""

    label: Any
    name: str
    cap: Capability
    # "" for a page of its own, "province" for one below /p/<code>/, "central" for central roles only.
    place: str = ""


MENU: Final = (
    _MenuEntry(_("หน้าหลัก"), "survey:home", Capability.PROFILE),
    _MenuEntry(_("รอบสำรวจ"), "survey:rounds", Capability.ROUND_MANAGE, "province"),
    _MenuEntry(_("ผู้ใช้"), "accounts:people", Capability.USERS_MANAGE, "province"),
    _MenuEntry(_("หน่วยงาน"), "accounts:agencies", Capability.AGENCIES_MANAGE, "province"),
    _MenuEntry(_("จังหวัด"), "accounts:provinces", Capability.PROVINCES_MANAGE, "central"),
    _MenuEntry(_("ผู้ใช้ทั้งหมด"), "accounts:central-people", Capability.USERS_MANAGE, "central"),
)


def _menu_province_code(request: HttpRequest, user: User, cap: Capability) -> str | None:
    """Code of the province of this page if the user holds `cap` there, else of the first one where they do."""
    page_code = request.resolver_match.kwargs.get("code") if request.resolver_match else None
    for grant in user.grants:
        if cap not in grant.capabilities:
            continue
        if grant.province_code and (page_code is None or grant.province_code == page_code):
            return grant.province_code
        if grant.province_id is None and page_code is not None:
            return str(page_code)
    return None


def _menu_urls(request: HttpRequest, user: User) -> Iterator[tuple[_MenuEntry, str]]:
    central = {cap for g in user.grants if g.province_id is None for cap in g.capabilities}
    for entry in MENU:
        if not user.has(entry.cap) or (entry.place == "central" and entry.cap not in central):
            continue
        code = _menu_province_code(request, user, entry.cap) if entry.place == "province" else None
        if entry.place == "province" and code is None:
            continue
        try:
            yield entry, reverse(entry.name, args=[code] if code else [])
        except NoReverseMatch:
            continue


def _menu_items(request: HttpRequest) -> list[dict[str, Any]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return [
        {
            "label": entry.label,
            "url": url,
            "active": request.path == url or (url != "/" and request.path.startswith(url)),
        }
        for entry, url in _menu_urls(request, user)
    ]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation`: the menu as label, url, active; worked out only when a template uses it."""
    return {"navigation": SimpleLazyObject(lambda: _menu_items(request))}
