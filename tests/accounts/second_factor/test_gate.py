"""Who must have a second factor is let into nothing before; acts that matter ask again; a lost one is reset."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.actions import NotAllowed
from accounts.models import AccountEvent, Membership
from accounts.roles import Role
from accounts.second_factor.actions import reset_second_factors
from accounts.second_factor.gate import _BEFORE
from accounts.second_factor.queries import has_second_factor
from tests.factories import PASSWORD
from tests.matrix_world import World
from tests.people import People
from tests.second_factors import app_code, give_app, remember, sign_in_with_factor
from tests.test_matrix import patterns

REQUIRED = {Role.CENTRAL_ADMIN, Role.PROVINCE_ADMIN, Role.GOVERNOR}
SECURITY, AGAIN = "/accounts/security/", "/accounts/second-factor/again/"
# What who must have a second factor may open without: to set one up, to give it, to leave.
OPEN = {
    "accounts:security",
    "accounts:second-factor-app",
    "accounts:second-factor-again",
    "accounts:passkey-new",
    "accounts:sign-out",
}


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_administrators_and_approvers_set_one_up_first(
    client: Client, people: People, settings: Any, role: Role
) -> None:
    settings.MFA_REQUIRED = True
    client.force_login(people.who(role))
    for url in ("/", "/accounts/profile/", "/accounts/tokens/", reverse("survey:notices")):
        answer = client.get(url)
        assert (answer.status_code, answer.get("Location")) == ((302, SECURITY) if role in REQUIRED else (200, None))
    if role in REQUIRED:
        assert "ต้องใช้การยืนยันขั้นที่สอง" in client.get(SECURITY).content.decode()
        script = client.get("/accounts/profile/", headers={"HX-Request": "true"})
        assert (script.status_code, script.json()["sign_in"]) == (401, SECURITY)
        remember(client)
        assert client.get("/accounts/profile/").status_code == 200


def test_everybody_sets_one_up_where_the_installation_asks(client: Client, people: People, settings: Any) -> None:
    settings.MFA_EVERYONE = True
    client.force_login(people.nobody)
    assert client.get("/accounts/profile/")["Location"] == SECURITY
    remember(client)
    assert client.get("/accounts/profile/").status_code == 200


def test_only_these_pages_are_open_before() -> None:
    assert {name for name, pattern in patterns() if getattr(pattern.callback, _BEFORE, False)} == OPEN


def test_who_has_one_gives_it_and_sets_up_no_other_instead(client: Client, people: People, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    user = people.who(Role.GOVERNOR)
    secret = give_app(user)
    client.force_login(user)
    assert client.get("/accounts/profile/")["Location"] == f"{AGAIN}?next=%2Faccounts%2Fprofile%2F"
    remember(client, key="password_at")
    for path in ("app/", "passkeys/new/"):
        assert client.get(SECURITY + path)["Location"].startswith(AGAIN)
    assert client.post(f"{AGAIN}?next=/accounts/profile/", {"code": app_code(secret)}).status_code == 302
    assert client.get("/accounts/profile/").status_code == 200


def test_a_role_that_comes_asks_from_the_next_request_on(client: Client, people: People, settings: Any) -> None:
    """A delegate approves for some days: until they are over, with a second factor."""
    settings.MFA_REQUIRED = True
    user = people.who(Role.COMMITTEE)
    client.force_login(user)
    assert client.get("/accounts/profile/").status_code == 200
    today = timezone.localdate()
    lent = Membership.objects.create(user=user, role=Role.GOVERNOR, province=people.a, valid_from=today, valid_to=today)
    assert client.get("/accounts/profile/")["Location"] == SECURITY
    Membership.objects.filter(pk=lent.pk).update(
        valid_from=today - timedelta(days=2), valid_to=today - timedelta(days=1)
    )
    assert client.get("/accounts/profile/").status_code == 200


def test_the_gate_costs_no_query(client: Client, people: People, settings: Any) -> None:
    user = people.who(Role.GOVERNOR)
    client.force_login(user)
    remember(client)
    url = reverse("accounts:tokens")
    client.get(url)
    counts = []
    for required in (False, True):
        settings.MFA_REQUIRED = required
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["grant", "deactivate", "invite", "people-import", "reset-second-factor"])
def test_acts_that_matter_ask_again(client: Client, people: People, name: str) -> None:
    admin, user = people.who(Role.PROVINCE_ADMIN), people.who(Role.SECRETARIAT)
    give_app(user)
    args = [people.a.code] if name in ("invite", "people-import") else [people.a.code, user.pk]
    url = reverse(f"accounts:{name}", args=args)
    client.force_login(admin)
    remember(client, minutes_ago=9)
    assert client.get(url).status_code == 200
    remember(client, minutes_ago=11)
    assert client.get(url)["Location"].startswith(AGAIN)
    remember(client, minutes_ago=31)
    late = client.post(url, {}, headers={"Referer": f"http://testserver{url}"})
    assert late["Location"] == f"{AGAIN}?{urlencode({'next': url})}"
    user.refresh_from_db()
    assert user.is_active
    assert has_second_factor(user)
    remember(client, minutes_ago=11)
    in_time = client.post(url, {}, headers={"Referer": f"http://testserver{url}"})
    assert not in_time.get("Location", "").startswith(AGAIN), "a form that was opened in time is taken"


def test_approving_and_acting_on_many_provinces_ask_again(client: Client, people: People) -> None:
    world = World(people)
    urls = {
        Role.GOVERNOR: [reverse("survey:approve", args=[world.response.pk])],
        Role.CENTRAL_ADMIN: [
            reverse("nation:act-preview", args=[world.trial.round.year]),
            reverse("nation:release-new", args=[world.trial.round.year]),
        ],
    }
    for role, addresses in urls.items():
        client.force_login(people.who(role))
        remember(client, minutes_ago=31)
        for url in addresses:
            assert client.post(url)["Location"].startswith(AGAIN), url


def test_an_administrator_resets_a_lost_one(client: Client, people: People) -> None:
    user = people.who(Role.SECRETARIAT)
    secret = give_app(user)
    theirs = Client()
    sign_in_with_factor(theirs, user)
    sign_in_with_factor(client, people.who(Role.PROVINCE_ADMIN))
    person = client.get(reverse("accounts:person", args=[people.a.code, user.pk])).content.decode()
    url = reverse("accounts:reset-second-factor", args=[people.a.code, user.pk])
    assert url in person
    assert client.get(url).status_code == 200
    assert has_second_factor(user)
    assert client.post(url).status_code == 302
    assert not has_second_factor(user)
    assert theirs.get("/accounts/profile/").status_code == 302
    [event] = AccountEvent.objects.filter(verb="second_factor_reset", subject=user)
    assert event.by == people.who(Role.PROVINCE_ADMIN)
    assert secret not in str(event.data)
    tasks.send_letters()
    assert mail.outbox[-1].to == [user.email]
    assert client.post(url).status_code == 422, "there is nothing any more"
    back = theirs.post("/accounts/sign-in/", {"username": user.email, "password": PASSWORD})
    assert back["Location"] == "/"


def test_only_who_may_manage_the_account_resets(people: People) -> None:
    governor = people.who(Role.GOVERNOR)
    give_app(governor)
    for by in (people.who(Role.PROVINCE_ADMIN), people.who(Role.SECRETARIAT), governor):
        with pytest.raises(NotAllowed):
            reset_second_factors(by=by, user=governor)
    reset_second_factors(by=people.who(Role.CENTRAL_ADMIN), user=governor)


def test_the_command_resets_for_the_last_administrator(people: People) -> None:
    admin = people.who(Role.CENTRAL_ADMIN)
    give_app(admin)
    out = StringIO()
    call_command("reset_second_factor", email=admin.email.upper(), stdout=out)
    assert admin.email in out.getvalue()
    assert not has_second_factor(admin)
    [event] = AccountEvent.objects.filter(verb="second_factor_reset")
    assert event.by is None
    for email in (admin.email, "unknown@example.org"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", email=email, stdout=out)
