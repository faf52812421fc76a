"""The request of a view that DenyByDefault lets only signed-in people into."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request whose user is known; for type hints of views marked with `allow`."""

    user: User  # type: ignore[assignment]
