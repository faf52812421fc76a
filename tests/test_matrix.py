"""Every address × every role × own/other province × own/other agency. The table: tests/matrix_urls.py.

And of every page that somebody is let in to: the Enter key is harmless in its forms (tests/enter_key.py).
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from accounts.access import access_rule_of
from accounts.middleware import _access_rule
from accounts.models import User
from tests.enter_key import faults_of_page
from tests.matrix_rows import Row
from tests.matrix_urls import ROWS
from tests.matrix_world import World
from tests.optional_names import noting_missing_names
from tests.people import People
from tests.walking import browser, browsers, know_grants, session_of, short_refusals, unwatched_templates

REFUSED = {401, 403, 404}


@pytest.fixture(autouse=True)
def _all_names_are_given() -> Iterator[None]:
    with noting_missing_names() as missing, unwatched_templates():
        yield
    assert not missing, "templates ask for names that no view gives: give them, or list them in tests/optional_names.py"


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the project with its full name."""
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLResolver):
            yield from patterns(item, f"{prefix}{item.namespace}:" if item.namespace else prefix)
        else:
            yield f"{prefix}{item.name}", item


def test_every_address_is_in_the_table() -> None:
    names = {name for name, _ in patterns()}
    assert names - ROWS.keys() == set(), "add these to tests/matrix_urls.py"
    assert ROWS.keys() - names == set(), "these are in tests/matrix_urls.py, but no such address exists"


def test_every_view_says_who_may_enter() -> None:
    assert [name for name, pattern in patterns() if _access_rule(pattern.callback) is None] == []


def test_public_views_are_the_public_ones_of_the_table() -> None:
    marked = {name for name, p in patterns() if (access := access_rule_of(p.callback)) and access.is_public}
    # The ping answers 401 itself, so that a page's script can tell an ended session; the API does without a token.
    assert marked - {"session_ping"} == {name for name, row in ROWS.items() if row.public or row.by_token}


def ask(client: Client, method: str, url: str, data: dict[str, Any]) -> HttpResponse:
    """One request whose changes are undone."""
    with transaction.atomic():
        response = getattr(client, method)(url, data)
        if response.streaming:
            response.getvalue()  # a file is closed once it has been read
        transaction.set_rollback(True)
    return response


def signed_in(user: User) -> Client:
    """A client with a session of the person, at a third of the cost of `force_login`: no receivers, no second key."""
    session = SessionStore()
    session.update(session_of(user))
    session.save()
    return browser(session.session_key or "")


def refused(response: HttpResponse) -> bool:
    """Whether the answer lets the person nowhere: not found, or the sign-in page."""
    to_sign_in = response.status_code == 302 and "/sign-in/?next=" in response["Location"]
    return response.status_code in REFUSED or to_sign_in


def still_signed_in(response: HttpResponse) -> bool:
    """Whether the answer went to somebody whose session goes on."""
    return SESSION_KEY in response.wsgi_request.session  # type: ignore[attr-defined]


def everybody(people: People) -> Iterator[tuple[str, User | None, Client]]:
    """Who asks, each with a client: nobody signed in, then all people."""
    know_grants(people)
    clients = browsers(user for _name, user in people.everyone())
    yield "signed out", None, browser()
    yield from ((name, user, clients[user.pk]) for name, user in people.everyone())


def methods(row: Row, is_let_in: bool, is_at_the_door: bool, seen: set[str]) -> list[str]:
    """What is asked: who is to be let in as the address wants it, who is not both ways.

    Whom the view's own rule refuses, whatever the address names, is stopped before the method is looked at
    (DenyByDefault): one of them asks both ways, the others as the address wants it.
    """
    if is_let_in or (is_at_the_door and "door" in seen):
        return [row.method]
    if is_at_the_door:
        seen.add("door")
    return ["get", "post"]


def faults(world: World, row: Row, url: str) -> Iterator[str]:
    """Where the answers differ from the table, one line each."""
    rule, seen = access_rule_of(resolve(url.partition("?")[0]).func), set[str]()
    for name, user, client in everybody(world.people):
        expected = row.lets_in(world, user) if user else row.public
        at_the_door = bool(user and rule and not rule.admits(user))
        for method in methods(row, expected, at_the_door, seen):
            response = ask(client, method, url, row.data if method == row.method else {})
            if still_signed_in(response) and "no-store" not in response.get("Cache-Control", ""):
                yield f"{name} {method.upper()} {url}: may be stored"
            # A wrong method is answered before any object is looked at, a read with the page, which refuses by itself.
            led = (method, row.method, response.status_code) == ("get", "post", 302)
            stopped = refused(response) or response.status_code == 405
            if stopped if expected else not (stopped or led):
                yield f"{name} {method.upper()} {url}: {response.status_code}"
            yield from (f"{name} {url}, {fault}" for fault in faults_of_page(response))


def fill(world: World, name: str) -> None:
    """Makes what the pages of some rooms have forms for."""
    if name.startswith("evidence:"):
        assert world.mark
    elif name.startswith(("survey:board", "survey:desk", "survey:assign", "survey:meeting", "survey:threads")):
        assert all((world.part, world.meeting, world.comment))
    elif name.startswith("scoring:"):
        assert all((world.scenario, world.plan))


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("name", sorted(ROWS))
def test_who_may_enter(name: str, people: People) -> None:
    world, row = World(people), ROWS[name]
    url = reverse(name, kwargs=row.kwargs(world)) + row.query
    if row.method == "get":
        fill(world, name)
    with short_refusals():
        assert list(faults(world, row, url)) == []
