"""One's own second factors: set up, recovery codes, remove; the person is confirmed first, and hears of it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import tasks
from accounts.models import AccountEvent, AccountLetter, User
from accounts.roles import Role
from accounts.second_factor.marks import PASSWORD_AT, SECOND_FACTOR_AT
from accounts.second_factor.queries import read_second_factors
from tests.factories import PASSWORD
from tests.people import People
from tests.second_factors import app_code, give_app, is_stored, recovery_codes, remember, sign_in_with_factor

SECURITY, APP = "/accounts/security/", "/accounts/security/app/"
AGAIN = "/accounts/second-factor/again/?next=/accounts/security/app/"


def shown_key(client: Client) -> str:
    found = re.search(r'<code class="fs-6[^>]*>([A-Z2-7 ]+)</code>', client.get(APP).content.decode())
    assert found
    return found[1].replace(" ", "")


def set_up(client: Client) -> tuple[str, list[str]]:
    """Set up the app by its page: the key, and the recovery codes shown."""
    secret = shown_key(client)
    page = client.post(APP, {"code": app_code(secret)})
    assert page.status_code == 200
    codes = re.findall(r'<li class="col">(\d{5}) (\d{5})</li>', page.content.decode())
    return secret, ["".join(code) for code in codes]


def verbs(user: User) -> list[str]:
    events = AccountEvent.objects.filter(subject=user, verb__startswith="second_factor").order_by("pk")
    return list(events.values_list("verb", flat=True))


def test_setting_up_the_app(client: Client, people: People) -> None:
    user = people.nobody
    client.post("/accounts/sign-in/", {"username": user.email, "password": PASSWORD})
    secret = shown_key(client)
    assert client.post(APP, {"code": "000000"}).status_code == 422
    assert shown_key(client) == secret, "a wrong code does not change the key that was scanned"
    elsewhere = Client()
    elsewhere.force_login(user)
    codes = set_up(client)[1]
    assert len(set(codes)) == 10
    assert all(is_stored(user, code) for code in codes)
    assert verbs(user) == ["second_factor_add"]
    assert client.get(SECURITY).status_code == 200, "this session goes on"
    assert elsewhere.get(SECURITY).status_code == 302, "others sign in again"
    assert SECOND_FACTOR_AT in client.session
    tasks.send_letters()
    assert mail.outbox[-1].to == [user.email]
    assert secret not in str(list(AccountEvent.objects.values())) + str(list(AccountLetter.objects.values()))
    # The code that set it up counts no more.
    client.post("/accounts/sign-out/")
    client.post("/accounts/sign-in/", {"username": user.email, "password": PASSWORD})
    assert client.post("/accounts/second-factor/", {"code": app_code(secret, -1)}).status_code == 422
    assert client.post("/accounts/second-factor/", {"code": app_code(secret, 1)}).status_code == 302


@pytest.mark.parametrize("path", ["app/", "passkeys/new/", "codes/", "app/remove/"])
def test_a_session_found_open_cannot_change_them(client: Client, people: People, path: str) -> None:
    """Of who has none the password is asked, of who has one the factor: for GET and for POST."""
    url = SECURITY + path
    client.force_login(people.nobody)
    remember(client, minutes_ago=40, key=PASSWORD_AT)
    for answer in (client.get(url), client.post(url, {})):
        assert answer["Location"].startswith("/accounts/second-factor/again/")
    give_app(people.nobody)
    remember(client, key=PASSWORD_AT)  # the password is not enough for who has a factor
    for answer in (client.get(url), client.post(url, {})):
        assert answer["Location"].startswith("/accounts/second-factor/again/")
    assert Authenticator.objects.count() == 2


def test_being_asked_for_the_password(client: Client, people: People, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    client.force_login(people.nobody)
    assert unquote(client.get(APP)["Location"]) == AGAIN
    assert client.post(AGAIN, {"password": "wrong"}).status_code == 422
    assert client.post(AGAIN, {"password": PASSWORD})["Location"] == APP
    assert client.get(APP).status_code == 200


def test_being_asked_for_a_code(client: Client, people: People) -> None:
    secret = give_app(people.nobody)
    client.force_login(people.nobody)
    assert client.post(AGAIN, {"code": "000000"}).status_code == 422
    elsewhere = AGAIN.replace("/accounts/security/app/", "https://elsewhere.example.org/")
    assert client.post(elsewhere, {"code": app_code(secret)})["Location"] == "/"
    assert client.get(APP).status_code == 200


def test_new_recovery_codes_replace_the_old(client: Client, people: People) -> None:
    give_app(people.nobody)
    old = recovery_codes(people.nobody)
    sign_in_with_factor(client, people.nobody)
    assert client.get(SECURITY + "codes/").status_code == 200
    assert recovery_codes(people.nobody) == old
    page = client.post(SECURITY + "codes/").content.decode()
    new = ["".join(code) for code in re.findall(r'<li class="col">(\d{5}) (\d{5})</li>', page)]
    assert len(set(new)) == 10
    assert all(is_stored(people.nobody, code) for code in new)
    assert recovery_codes(people.nobody) == []
    assert verbs(people.nobody) == ["second_factor_codes"]


def test_recovery_codes_alone_are_no_factor(client: Client, people: People) -> None:
    sign_in_with_factor(client, people.nobody)
    assert client.post(SECURITY + "codes/")["Location"] == SECURITY
    assert not Authenticator.objects.exists()


def test_removing_the_last_takes_the_codes_along(client: Client, people: People) -> None:
    give_app(people.nobody)
    sign_in_with_factor(client, people.nobody)
    assert client.get(SECURITY + "app/remove/").status_code == 200
    assert client.post(SECURITY + "app/remove/")["Location"] == SECURITY
    assert not Authenticator.objects.exists()
    assert verbs(people.nobody) == ["second_factor_remove"]
    assert client.get(SECURITY).status_code == 200
    assert client.post("/accounts/sign-out/").status_code == 302
    signed_in = client.post("/accounts/sign-in/", {"username": people.nobody.email, "password": PASSWORD})
    assert signed_in["Location"] == "/"


def test_who_must_have_one_keeps_the_last(client: Client, people: People, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    user = people.who(Role.GOVERNOR)
    give_app(user)
    sign_in_with_factor(client, user)
    assert "app/remove/" not in client.get(SECURITY).content.decode()
    assert client.post(SECURITY + "app/remove/").status_code == 422
    assert read_second_factors(user).number == 1


def test_a_new_telephone_replaces_the_old(client: Client, people: People) -> None:
    old = give_app(people.nobody)
    codes = recovery_codes(people.nobody)
    sign_in_with_factor(client, people.nobody)
    new = shown_key(client)
    assert client.post(APP, {"code": app_code(new)})["Location"] == SECURITY
    assert recovery_codes(people.nobody) == codes, "those that were written down go on"
    client.post("/accounts/sign-out/")
    client.post("/accounts/sign-in/", {"username": people.nobody.email, "password": PASSWORD})
    assert client.post("/accounts/second-factor/", {"code": app_code(old)}).status_code == 422
    assert client.post("/accounts/second-factor/", {"code": app_code(new, 1)}).status_code == 302


def test_the_page_asks_few_queries(client: Client, people: People, django_assert_max_num_queries: Any) -> None:
    give_app(people.nobody)
    sign_in_with_factor(client, people.nobody)
    client.get(reverse("accounts:security"))
    with django_assert_max_num_queries(10):
        client.get(reverse("accounts:security"))
