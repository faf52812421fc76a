"""Access middleware: a view without an access rule answers 404, one with a rule is checked against the user.

Who must have a second factor and has not given it yet is let into nothing else.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from accounts.access import AccessRule, access_rule_of
from accounts.second_factor.gate import second_factor_answer
from accounts.security_log.actions import record_refused_page
from dgready.http import is_script_request, referer_path
from dgready.page_owner import read_owner, typed_lines

log = logging.getLogger(__name__)

# Views of Django itself that are public and cannot carry an access rule, since Django wires them.
_PUBLIC_VIEWS: Final = {"django.contrib.staticfiles.views.serve", "django.views.i18n.set_language"}


_REFUSED: Final = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
_ASKED: Final = "dgready_asked_access"  # on a request of somebody signed in for a page that is not public


class DenyByDefault:
    """Enforces the access rules of `allow` and `public`; a view without one answers 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # Not by the lazy user: nobody is read from the database for a page that is public.
        if response.status_code in _REFUSED and getattr(request, _ASKED, False):
            record_refused_page(request=request, status=response.status_code)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Return None to run the view, or where to sign in or give the second factor; raises Http404 when refused."""
        access = _access_rule(view)
        if access is None:
            log.error("view %s.%s names no capability", view.__module__, getattr(view, "__qualname__", view))
            raise Http404
        if access.is_public:
            return None
        if not request.user.is_authenticated:
            return _signed_out_response(request)
        # The person that Django has just read, not the lazy wrapper: its attributes are asked a hundred times.
        request.user = getattr(request, "_cached_user", request.user)
        setattr(request, _ASKED, True)
        if not access.admits(request.user):
            raise Http404
        return second_factor_answer(request, view)


def _access_rule(view: Callable[..., Any]) -> AccessRule | None:
    name = f"{view.__module__}.{getattr(view, '__qualname__', '')}"
    return AccessRule(frozenset(), is_public=True) if name in _PUBLIC_VIEWS else access_rule_of(view)


def _signed_out_response(request: HttpRequest) -> HttpResponseBase:
    sign_in = resolve_url(settings.LOGIN_URL)
    if is_script_request(request):
        # No HX-Redirect: the page keeps what was typed and offers to sign in beside it.
        return JsonResponse({"error": "signed_out", "sign_in": sign_in}, status=401)
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path(), sign_in)
    # An address that takes a POST need not exist for GET; the page the form stood on does.
    to_sign_in = redirect_to_login(referer_path(request), sign_in)
    if read_owner(request) and (lines := list(typed_lines(request))):
        # The browser keeps no copy of the page, so Back would show an empty form.
        message = _("ท่านออกจากระบบหรือหมดเวลาใช้งานแล้ว จึงยังไม่ได้บันทึก")
        context = {"message": message, "lines": lines, "sign_in": to_sign_in["Location"]}
        return render(request, "other_owner.html", context, status=401)
    return to_sign_in
