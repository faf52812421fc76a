"""The gate of the API: who asks with which token, how often, and what became of it. No session counts here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from accounts.access import public
from accounts.actions.api_tokens import record_api_use
from accounts.models import ApiToken, User
from accounts.security_log.actions import count_event
from accounts.token_access import find_api_token, token_refusal, user_of_token
from dgready.database_away import is_database_away
from dgready.http import client_ip
from dgready.rate_limit import seconds_to_wait
from dgready.store_away import ask_to_retry
from reports.api.errors import error_response

View = Callable[..., HttpResponseBase]
log = logging.getLogger("dgready.api")


class TokenRequest(HttpRequest):
    """A request that passed the gate."""

    api_token: ApiToken
    api_user: User


def through_gate(view: View) -> View:
    """A view that only a valid token enters: counted, limited, answered in JSON whatever happens.

    Any method may come, since cookies open nothing here, so nothing can be forged; all but GET are refused.
    """

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer = _pass(request, view, args, kwargs)
        except Exception as fault:
            log.exception("api: %s failed", request.path)
            answer = ask_to_retry(error_response("away")) if is_database_away(fault) else error_response("fault")
        answer["Cache-Control"] = "private, no-store"
        return answer

    return public(csrf_exempt(entered))


def bearer_of(request: HttpRequest) -> str:
    """The secret that a request brings along, or nothing."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _pass(request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase:
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return error_response("insecure")  # a redirect would let a program go on sending its token in the clear
    token = find_api_token(bearer_of(request))
    refusal = token_refusal(token)
    if token is None or refusal:
        answer = _refuse(request, token, refusal or "unknown")
    elif wait := seconds_to_wait(key=f"api:{token.pk}", limit=settings.API_LIMITS.per_minute):
        answer = _too_many(wait)
    else:
        answer = _answer(request, token, view, args, kwargs)
    if token is not None:
        _record(request, token, answer.status_code)
    return answer


def _answer(request: HttpRequest, token: ApiToken, view: View, args: Any, kwargs: Any) -> HttpResponseBase:
    request.api_token, request.api_user = token, user_of_token(token)  # type: ignore[attr-defined]
    answer = view(request, *args, **kwargs)
    if isinstance(answer, HttpResponseNotAllowed):
        answer = error_response("method")
        answer["Allow"] = "GET"
    return answer


def _refuse(request: HttpRequest, token: ApiToken | None, refusal: str) -> HttpResponseBase:
    """401; 429 for an address that goes on guessing."""
    if token is None:
        sender = client_ip(request) or ""
        if wait := seconds_to_wait(key=f"api-refused:{sender}", limit=settings.API_LIMITS.refusals):
            return _too_many(wait)
        log.info("api: no valid token from %s for %s", sender, request.path)
    who = token.user if token else None
    count_event(request=request, verb="api_refused", subject=who, province=token.province if token else None)
    return error_response(refusal)


def _too_many(wait: int) -> HttpResponseBase:
    answer = error_response("too_many")
    answer["Retry-After"] = str(wait)
    return answer


def _record(request: HttpRequest, token: ApiToken, status: int) -> None:
    """Counts the request; a refusal is logged too, by the beginning of the token."""
    refused = status >= 400
    record_api_use(token=token, refused=refused)
    if refused:
        log.info("api: token %s of user %s: %s for %s", token.prefix, token.user_id, status, request.path)
