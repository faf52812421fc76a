"""Who must have a second factor, and where it is asked: before anything else, and again before acts that matter."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import SECOND_FACTOR_CAPABILITIES
from accounts.second_factor.marks import (
    FRESH_SECONDS,
    PASSWORD_AT,
    POSTED_SECONDS,
    SECOND_FACTOR_AT,
    is_fresh,
    is_marked,
)
from accounts.second_factor.queries import has_second_factor
from dgready.http import is_script_request, referer_path

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
_BEFORE: Final = "dgready_before_second_factor"


def must_have_second_factor(user: User) -> bool:
    """Whether the person needs one: everybody does (MFA_EVERYONE), or their roles today do (MFA_REQUIRED). No query."""
    if settings.MFA_EVERYONE:
        return True
    return settings.MFA_REQUIRED and any(grant.capabilities & SECOND_FACTOR_CAPABILITIES for grant in user.grants)


def before_second_factor(view: View) -> View:
    """View decorator: open to who must have a second factor and has not given it; put it above `allow`."""
    setattr(view, _BEFORE, True)
    return view


def second_factor_answer(request: HttpRequest, view: Callable[..., Any]) -> HttpResponseBase | None:
    """The answer to a signed-in person who must give a second factor first; None to let them in. No query if so."""
    user = request.user
    if not isinstance(user, User) or getattr(view, _BEFORE, False) or not must_have_second_factor(user):
        return None
    if is_marked(request.session, SECOND_FACTOR_AT):
        return None
    page = reverse("accounts:security")
    if has_second_factor(user):
        page = _page_that_asks(request.get_full_path() if request.method == "GET" else "/")
    if is_script_request(request):
        return JsonResponse({"error": "signed_out", "sign_in": page}, status=401)
    return HttpResponseRedirect(page)


def asks_second_factor_again(view: View) -> View:
    """View decorator of an act that matters: who came in with a second factor gives it again if that is long ago."""

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return again_answer(request) or view(request, *args, **kwargs)

    return asking  # type: ignore[return-value]


def again_answer(request: HttpRequest) -> HttpResponseBase | None:
    """The answer that asks for the second factor again, if it was given too long ago; None to go on."""
    is_stale = is_marked(request.session, SECOND_FACTOR_AT) and not _is_recent(request, SECOND_FACTOR_AT)
    return ask_again(request) if is_stale else None


def confirms_person(view: View) -> View:
    """View decorator of what changes second factors: one of them, or the password of who has none, was just given."""

    @wraps(view)
    def confirming(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        assert isinstance(request.user, User)
        key = SECOND_FACTOR_AT if has_second_factor(request.user) else PASSWORD_AT
        return view(request, *args, **kwargs) if _is_recent(request, key) else ask_again(request)

    return confirming  # type: ignore[return-value]


def ask_again(request: HttpRequest) -> HttpResponseBase:
    """Redirect to the page that asks, and from there back; a form that came too late is not taken."""
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(_page_that_asks(request.get_full_path()))
    messages.warning(request, _("ยังไม่ได้บันทึก ต้องยืนยันตัวตนอีกครั้งก่อน แล้วทำรายการใหม่"))
    return HttpResponseRedirect(_page_that_asks(referer_path(request)))


def _is_recent(request: HttpRequest, key: str) -> bool:
    return is_fresh(request.session, key, FRESH_SECONDS if request.method in ("GET", "HEAD") else POSTED_SECONDS)


def _page_that_asks(target: str) -> str:
    return f"{reverse('accounts:second-factor-again')}?{urlencode({'next': target})}"
