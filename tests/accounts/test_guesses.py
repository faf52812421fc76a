"""Guessed passwords: sixty accounts from one address, one account from forty, and the person who knows it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions.guesses import ACCOUNT, ADDRESS, Trier, begin_try
from accounts.known_browsers import COOKIE
from accounts.models import Attempt, User
from accounts.roles import Role
from tests.factories import PASSWORD, UserFactory
from tests.people import People

SIGN_IN = "/accounts/sign-in/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_other_limit(settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 1000  # counts account and address together; here each is looked at alone


def guess(client: Client, email: str, address: str = "192.0.2.1", password: str = "wrong") -> int:
    return client.post(SIGN_IN, {"username": email, "password": password}, REMOTE_ADDR=address).status_code


def test_sixty_accounts_are_not_guessed_from_one_address() -> None:
    users = [UserFactory() for _ in range(60)]
    seen = [guess(Client(), user.email) for user in users]
    assert seen.count(422) == ADDRESS.free
    assert set(seen[ADDRESS.free :]) == {429}
    assert guess(Client(), users[-1].email, password=PASSWORD) == 429
    assert guess(Client(), users[-1].email, "192.0.2.2", PASSWORD) == 302


def test_one_account_is_not_guessed_from_forty_addresses(people: People) -> None:
    email = people.who(Role.GOVERNOR).email
    seen = [guess(Client(), email, f"198.51.100.{number}") for number in range(40)]
    assert seen.count(422) == ACCOUNT.free
    assert set(seen[ACCOUNT.free :]) == {429}


def test_who_signed_in_here_before_is_not_locked_out_from_elsewhere(people: People) -> None:
    governor, home = people.who(Role.GOVERNOR), Client()
    assert guess(home, governor.email, "192.0.2.9", PASSWORD) == 302
    home.post("/accounts/sign-out/")
    for number in range(30):
        guess(Client(), governor.email, f"198.51.100.{number}")
    assert guess(home, governor.email, "192.0.2.9", PASSWORD) == 302
    forged = Client()
    forged.cookies[COOKIE] = home.cookies[COOKIE].value[:-2] + "xx"
    assert guess(forged, governor.email, "203.0.113.5", PASSWORD) == 429


def test_the_wait_doubles_and_ends(people: People) -> None:
    assert [ACCOUNT.pause_after(n).total_seconds() for n in (4, 5, 6, 7, 11, 40)] == [0, 15, 30, 60, 900, 900]
    email = people.nobody.email
    for _ in range(ACCOUNT.free):
        guess(Client(), email)
    page = Client().post(SIGN_IN, {"username": email, "password": PASSWORD})
    assert (page.status_code, page["Retry-After"]) == (429, "15")
    assert "15 วินาที" in page.content.decode()
    Attempt.objects.update(at=timezone.now() - timedelta(seconds=16))
    assert guess(Client(), email) == 422
    assert guess(Client(), email, password=PASSWORD) == 429
    Attempt.objects.update(at=timezone.now() - timedelta(seconds=31))
    assert guess(Client(), email, password=PASSWORD) == 302
    assert not Attempt.objects.exists() or guess(Client(), email) == 422


def test_a_right_password_leaves_the_address_counted(people: People) -> None:
    """Who has one account does not win free guesses at others with it."""
    own = people.nobody.email
    others = [UserFactory() for _ in range(ADDRESS.free - 1)]
    for user in others:
        assert guess(Client(), user.email) == 422
    assert guess(Client(), own, password=PASSWORD) == 302
    assert guess(Client(), UserFactory().email) == 422
    assert guess(Client(), UserFactory().email) == 429
    assert User.objects.filter(pk=people.nobody.pk, last_login__isnull=False).exists()


def test_an_office_signs_in_all_at_once(people: People) -> None:
    """What is under way from an address is not yet wrong."""
    for number in range(ADDRESS.free + 10):
        wait, _own = begin_try(who=Trier(f"person{number}@example.org", "192.0.2.1"))
        assert not wait
    assert guess(Client(), people.nobody.email, password=PASSWORD) == 302
