"""Who asks with a token of the API: the token by its secret, and its person with no more rights than it gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from django.utils import timezone

from accounts.actions.tokens import hash_token
from accounts.models import ApiToken, User

Refusal = Literal["unknown", "revoked", "expired", "no_rights"]
LONGEST: Final = 100  # characters of what may be a secret


def find_api_token(secret: str) -> ApiToken | None:
    """The token of a secret, with its person and province, whether it is valid or not. One query."""
    if not secret or len(secret) > LONGEST:
        return None
    return ApiToken.objects.select_related("user", "province").filter(token_hash=hash_token(secret)).first()


def token_refusal(token: ApiToken | None, now: datetime | None = None) -> Refusal | None:
    """Why a token opens nothing, or None. One query, for the person's grants."""
    if token is None:
        return "unknown"
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at <= (now or timezone.now()):
        return "expired"
    return None if user_of_token(token).grants else "no_rights"


def user_of_token(token: ApiToken) -> User:
    """The person of a token, for access functions: with the grants they hold now, as far as the token gives them.

    Their account is closed or their role ended: no grants.
    """
    user, allowed = token.user, frozenset(token.capabilities)
    if "token_grants" not in user.__dict__:
        narrowed = [
            replace(grant, province_code=token.province.code, capabilities=grant.capabilities & allowed)
            for grant in (user.grants if user.is_active else ())
            # A central role is none in the province, so it gives a token nothing.
            if grant.province_id == token.province_id
        ]
        user.__dict__["grants"] = tuple(grant for grant in narrowed if grant.capabilities)
        user.__dict__["token_grants"] = token.pk
    return user
