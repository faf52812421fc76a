"""The way in: after the password, or the word of a sign-in service, the second factor of who has one; the session."""

from __future__ import annotations

import time
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from accounts.backends import BACKEND_PATH
from accounts.known_browsers import remember_browser
from accounts.models import User
from accounts.second_factor.marks import PASSWORD_AT, SECOND_FACTOR_AT, mark
from accounts.second_factor.queries import has_second_factor
from accounts.security_log.actions import record_sign_in
from dgready.language_cookie import set_language_cookie

PENDING: Final = "second_factor_pending"  # session key: who has given the password and nothing else yet
PENDING_SECONDS: Final = 10 * 60


def continue_sign_in(request: HttpRequest, user: User, *, target: str, by_password: bool = True) -> HttpResponseBase:
    """Sign in who has no second factor; lead the others to the page that asks. `target`: a path of ours or ""."""
    if not has_second_factor(user):
        way = "password" if by_password else "sso"
        return _start_session(request, user, target, [PASSWORD_AT] if by_password else [], way)
    request.session.flush()  # whoever was signed in here before is signed out
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": int(time.time()),
        "target": target,
        "marks": [PASSWORD_AT] if by_password else [],
    }
    return HttpResponseRedirect(reverse("accounts:second-factor"))


def pending_user(request: HttpRequest) -> User | None:
    """Who has given the password in this session, not long ago, and has not changed it or been closed since."""
    pending: dict[str, Any] | None = request.session.get(PENDING)
    if pending is None or time.time() - pending["at"] > PENDING_SECONDS:
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    if user is None or not constant_time_compare(pending["hash"], user.get_session_auth_hash()):
        return None
    return user


def finish_sign_in(request: HttpRequest, user: User, *, method: str) -> HttpResponseBase:
    """Sign in `pending_user`, whose second factor was right."""
    pending = request.session.pop(PENDING)
    return _start_session(request, user, pending["target"], [*pending["marks"], SECOND_FACTOR_AT], method)


def _start_session(request: HttpRequest, user: User, target: str, marks: list[str], way: str) -> HttpResponseBase:
    login(request, user, backend=BACKEND_PATH)
    record_sign_in(request=request, user=user, way=way)
    for key in marks:
        mark(request.session, key)
    response = HttpResponseRedirect(target or resolve_url(settings.LOGIN_REDIRECT_URL))
    set_language_cookie(response, user.language)
    remember_browser(request, response, user.email)
    return response
