"""Middleware: a session lives while it is used and leaves no pages behind; paths are of characters a text can hold."""

import math
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control

from dgready.cached_sessions import BEGAN_KEY

SESSION_UNTIL_COOKIE = f"{settings.COOKIE_PREFIX}dgready_session_until"  # readable by the page script, holds no secret
LAST_EXTENDED_KEY = "_touched"
LONGEST = 16 * 3600  # seconds that a session lives at most, however much it is used: a long working day
EXTEND_INTERVAL = 5 * 60  # seconds; between two extensions a request writes no session row


def extend_session(request: HttpRequest) -> int:
    """Extend the session by its full age from now, within LONGEST; returns when it ends (seconds since 1970)."""
    now = int(time.time())
    request.session[LAST_EXTENDED_KEY] = now
    request.session.setdefault(BEGAN_KEY, now)  # of one that began before sessions had a longest life
    return min(now + settings.SESSION_COOKIE_AGE, request.session.get(BEGAN_KEY, now) + LONGEST)


def mark_as_poll(request: HttpRequest) -> None:
    """Marks a request that a page makes by itself, again and again: nobody may be there, so no session is extended."""
    request.is_poll = True  # type: ignore[attr-defined]


class SlidingSession:
    """Middleware that extends a used session and tells the page script when it would end (cookie)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if time.time() - request.session.get(BEGAN_KEY, math.inf) > LONGEST:
            request.session.flush()
            request.user = AnonymousUser()
        response = self.get_response(request)
        if not request.session.get("_auth_user_id"):
            if SESSION_UNTIL_COOKIE in request.COOKIES:
                response.delete_cookie(SESSION_UNTIL_COOKIE, samesite="Lax")
            return response
        if "no-store" not in response.get("Cache-Control", ""):
            # After signing out, neither Back nor the disk of a shared computer shows a page of this person.
            patch_cache_control(response, private=True, no_store=True)
        if getattr(request, "is_poll", False):
            return response
        if time.time() - request.session.get(LAST_EXTENDED_KEY, 0) >= EXTEND_INTERVAL:
            until = extend_session(request)
            response.set_cookie(SESSION_UNTIL_COOKIE, str(until), samesite="Lax", secure=request.is_secure())
        return response


def plain_paths(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a path with a NUL names nothing. PostgreSQL holds none in a text, so asking it would be a fault."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info:
            raise Http404
        return get_response(request)

    return middleware
