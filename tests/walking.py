"""What the walks over all addresses share, so that a request of thousands costs little.

One chain of middleware for all clients, the sessions of all people by one statement, and the page that refuses only as
often as it can differ.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from unittest.mock import patch

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.template import Template
from django.template.context import Context
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from accounts.models import Grant, Membership, User
from accounts.security_log.actions import record_refused_page
from dgready.cached_sessions import BEGAN_KEY, CACHED_SECONDS, SessionStore
from dgready.middleware import LAST_EXTENDED_KEY
from dgready.views import _error_page
from tests.people import People

_CHAIN: Final = ClientHandler(enforce_csrf_checks=False)
ROLES: Final = (
    *("pk", "user", "role", "province", "agency", "agency__active", "active", "valid_from", "valid_to"),
    *(f"stands_in_for__{name}" for name in ("active", "valid_from", "valid_to", "user__is_active")),
)


def browser(session_key: str = "") -> Client:
    """A client with that session; it loads no middleware of its own, which takes as long as a request."""
    client = Client()
    client.handler = _CHAIN
    if session_key:
        client.cookies[settings.SESSION_COOKIE_NAME] = session_key
    return client


def session_of(user: User) -> dict[str, Any]:
    """What the session of somebody who has signed in holds."""
    who = {SESSION_KEY: str(user.pk), HASH_SESSION_KEY: user.get_session_auth_hash()}
    return {**who, BACKEND_SESSION_KEY: "accounts.backends.Backend"}


def browsers(users: Iterable[User]) -> dict[int, Client]:
    """By the key of each person a client, signed in a moment ago: no request of theirs has a session to extend."""
    now, until = int(time.time()), timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    held = {user.pk: {**session_of(user), BEGAN_KEY: now, LAST_EXTENDED_KEY: now} for user in users}
    keys = {pk: f"walker{pk:026}" for pk in held}
    encode = SessionStore().encode
    Session.objects.bulk_create(
        Session(session_key=keys[pk], session_data=encode(content), expire_date=until) for pk, content in held.items()
    )
    cached = {SessionStore.cache_key_prefix + keys[pk]: content for pk, content in held.items()}
    caches[settings.SESSION_CACHE_ALIAS].set_many(cached, CACHED_SECONDS)
    return {pk: browser(key) for pk, key in keys.items()}


_grants: dict[Hashable, dict[int, tuple[Grant, ...]]] = {}  # by the day and all roles that people hold


def know_grants(people: People) -> None:
    """Gives each person the grants they have, read once for all tests in which everybody holds the same roles."""
    stand = (timezone.localdate(), *Membership.objects.order_by("pk").values_list(*ROLES))
    known = _grants.setdefault(stand, {})
    for _name, user in people.everyone():
        if user.pk not in known:
            known[user.pk] = user.grants
        user.__dict__["grants"] = known[user.pk]


_refused: set[Hashable] = set()  # whom this process has shown the whole page that refuses, and for what


@contextmanager
def short_refusals(odd: Callable[[str], Hashable] = lambda path: "") -> Iterator[None]:
    """The whole page that refuses, and the whole note of it, for each person once, and once in each walk.

    Neither is made of more of the address than its text: `404.html` and `record_refused_page` are alike everywhere.
    `odd`: what of a path no other path has, such as a hostile part of it; they are whole for each.
    """
    here: set[str] = set()

    def is_new(kind: str, request: HttpRequest) -> bool:
        user = getattr(request, "user", None)  # some are refused before anybody is looked for
        who = (kind, user and user.pk, request.method, odd(request.path))
        new = kind not in here or who not in _refused
        here.add(kind)
        _refused.add(who)
        return new

    def page(request: HttpRequest, status: int) -> HttpResponse:
        whole = status != 404 or is_new("page", request)
        return _error_page(request, status) if whole else HttpResponse(status=status)

    def note(*, request: HttpRequest, status: int) -> None:
        if is_new("note", request):
            record_refused_page(request=request, status=status)

    with (
        patch("dgready.views._error_page", page),
        patch("accounts.middleware.record_refused_page", note),
    ):
        yield


@contextmanager
def unwatched_templates() -> Iterator[None]:
    """Django's tests copy the context of each template that is rendered, which no walk looks at."""

    def render(self: Template, context: Context) -> str:
        return self.nodelist.render(context)

    with patch.object(Template, "_render", render):
        yield
