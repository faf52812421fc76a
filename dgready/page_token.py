"""The token of the forms of a page: masked once for a page, by one call of the system."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, get_token

from dgready.random_letters import random_letters

_ATTRIBUTE: Final = "dgready_page_token"
_INDEX: Final = {letter: index for index, letter in enumerate(CSRF_ALLOWED_CHARS)}


def page_token(request: HttpRequest) -> str:
    """The token, the same for all forms of this answer and another in the next, as `get_token` gives it.

    Django masks it anew at every call, with one call of the system for each of 32 letters.
    """
    token: str | None = getattr(request, _ATTRIBUTE, None)
    if token is None:
        token = _masked(request) if "CSRF_COOKIE" in request.META else get_token(request)
        setattr(request, _ATTRIBUTE, token)
    return token


def _masked(request: HttpRequest) -> str:
    """What `get_token` does with a secret that the browser has: asks to renew its cookie, and masks it."""
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    secret: str = request.META["CSRF_COOKIE"]
    mask = random_letters(CSRF_ALLOWED_CHARS, len(secret))
    size = len(CSRF_ALLOWED_CHARS)
    pairs = zip(secret, mask, strict=True)
    return mask + "".join(CSRF_ALLOWED_CHARS[(_INDEX[a] + _INDEX[b]) % size] for a, b in pairs)
