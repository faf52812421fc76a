"""Browsers in which a person has signed in before: a signed cookie that names their accounts by hashes."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE: Final = f"{settings.COOKIE_PREFIX}dgready_known"
SALT: Final = "accounts.known_browsers"
KEPT: Final = timedelta(days=180)
MOST: Final = 5  # people of one browser; an office shares its computers


def _marks(request: HttpRequest) -> dict[str, str]:
    try:
        return dict(json.loads(request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEPT) or "{}"))
    except (BadSignature, ValueError):
        return {}


def _hashed(email: str) -> str:
    return salted_hmac(SALT, email, algorithm="sha256").hexdigest()[:24]


def known_browser(request: HttpRequest, email: str) -> str:
    """The mark of this browser for that account; empty where nobody has signed in to it here."""
    return _marks(request).get(_hashed(email), "")


def remember_browser(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """Note in the answer to a sign-in that this browser knows the account."""
    mine, marks = _hashed(email), _marks(request)
    mark = marks.pop(mine, "") or secrets.token_urlsafe(12)
    kept = dict([*marks.items()][-(MOST - 1) :]) | {mine: mark}
    secure = settings.SESSION_COOKIE_SECURE
    value = json.dumps(kept, separators=(",", ":"))
    response.set_signed_cookie(COOKIE, value, salt=SALT, max_age=KEPT, secure=secure, httponly=True, samesite="Lax")
