"""Views of the project: language, session ping, and the error pages."""

import sys
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils import timezone
from django.views import i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

from dgready.database_away import is_database_away, tell_database_away
from dgready.language import localize_text
from dgready.middleware import SESSION_UNTIL_COOKIE, extend_session
from dgready.page_owner import read_owner, typed_lines
from dgready.permissions import allow, public
from dgready.posting import post_only
from dgready.typed.dates import read_date
from dgready.typed.result import Understood

EVERYBODY_SIGNED_IN: Final = "profile"  # the capability that comes with any account

set_language = public(i18n.set_language)


@public
@never_cache
@post_only(lambda request: resolve_url(settings.LOGIN_REDIRECT_URL))
def session_ping(request: HttpRequest) -> HttpResponse:
    """Extend the session; answers when it ends (seconds since 1970), or 401 when it has ended."""
    if not request.user.is_authenticated:
        return JsonResponse({"until": None}, status=401)
    until = extend_session(request)
    response = JsonResponse({"until": until})
    response.set_cookie(SESSION_UNTIL_COOKIE, str(until), samesite="Lax", secure=request.is_secure())
    return response


@allow(EVERYBODY_SIGNED_IN)
@require_safe
def read_day(request: HttpRequest) -> HttpResponse:
    """For the date control: what a typed day is understood as, or 422 with the reason."""
    result = read_date(request.GET.get("text", ""), near=timezone.localdate())
    if isinstance(result, Understood):
        return JsonResponse({"words": localize_text(result.words), "day": result.value.isoformat()})
    return JsonResponse({"reason": localize_text(result.reason) if result else ""}, status=422)


def _error_page(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"{status}.html", {"status": status}, status=status)


@public
@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request could not be read."""
    return _error_page(request, 400)


@public
@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but without the capability."""
    return _error_page(request, 403)


@public
@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing here, or nothing this person may see."""
    return _error_page(request, 404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while no database leads: rendered without request or database, which may be what failed."""
    if is_database_away(sys.exc_info()[1]):  # Django calls this while it handles the fault
        return tell_database_away(request)
    return HttpResponse(render_to_string("500.html", {"status": 500}), status=500)


@public
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose token is missing or old; the text says how to go on. What was typed into our page is kept."""
    lines = list(typed_lines(request)) if read_owner(request) else []
    return render(request, "403_csrf.html", {"status": 403, "lines": lines}, status=403)
