"""Single sign-on: a verified address leads to the account that is there, never to a new one; a forgery to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.test import Client

from accounts.actions import invite_user
from accounts.models import AccountEvent, User
from accounts.roles import Role
from tests.accounts.single_sign_on.provider import CLIENT, OTHER_KEY, SECRET, Provider, running_provider
from tests.people import People
from tests.second_factors import app_code, give_app

SIGN_IN, SERVICE = "/accounts/sign-in/", "/accounts/single-sign-on/sso/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running_provider() as running:
        app = {"provider_id": "sso", "name": "ThaiID", "client_id": CLIENT, "secret": SECRET}
        app["settings"] = {"server_url": running.issuer}  # type: ignore[assignment]
        settings.OIDC_ISSUER, settings.OIDC_NAME = running.issuer, "ThaiID"
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield running


def follow(address: str) -> str:
    """Where the provider sends the browser back to: path and query."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}")
    back = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    return f"{back.path}?{back.query}"


def come(
    client: Client, provider: Provider, email: str, *, verified: Any = True, sub: str = "s-1", to: str = ""
) -> Any:
    """Go to the service and come back as this person: the last answer of ours."""
    provider.person = {"sub": sub, "email": email, "email_verified": verified}
    return client.get(follow(client.get(f"{SERVICE}?next={to}")["Location"]))


def test_a_verified_address_leads_to_the_account_and_links_it(
    client: Client, people: People, provider: Provider
) -> None:
    assert f'href="{SERVICE}?next=' in client.get(SIGN_IN).content.decode()
    back = come(client, provider, people.nobody.email.upper(), to="/accounts/tokens/")
    assert back["Location"] == "/accounts/tokens/"
    assert client.session[SESSION_KEY] == str(people.nobody.pk)
    [asked] = provider.asked
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert asked["code_challenge_method"] == "S256"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert AccountEvent.objects.filter(verb="single_sign_on_link", subject=people.nobody).count() == 1
    # From now on by the identity, whatever its address becomes.
    other = Client()
    assert come(other, provider, "changed@example.org")["Location"] == "/"
    assert other.session[SESSION_KEY] == str(people.nobody.pk)
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("verified", [False, None, "false"])
def test_an_address_that_is_not_verified_leads_nowhere(
    client: Client, people: People, provider: Provider, verified: Any
) -> None:
    assert come(client, provider, people.nobody.email, verified=verified)["Location"] == SIGN_IN
    assert SESSION_KEY not in client.session
    assert not SocialAccount.objects.exists()


def test_no_account_is_made_and_an_invitation_is_offered(client: Client, people: People, provider: Provider) -> None:
    before = User.objects.count()
    assert come(client, provider, "new@example.org")["Location"] == SIGN_IN
    invite_user(by=people.who(Role.PROVINCE_ADMIN), email="new@example.org", role=Role.COMMITTEE, province=people.a)
    page = client.get(come(client, provider, "new@example.org")["Location"])
    assert page.status_code == 200
    assert "new@example.org" in page.content.decode()
    assert User.objects.count() == before
    assert come(client, provider, "new@example.org", verified=False)["Location"] == SIGN_IN


def test_a_second_identity_does_not_take_an_account_over(client: Client, people: People, provider: Provider) -> None:
    come(client, provider, people.nobody.email)
    other = Client()
    assert come(other, provider, people.nobody.email, sub="s-2")["Location"] == SIGN_IN
    assert SESSION_KEY not in other.session


def test_a_closed_account_stays_closed(client: Client, people: People, provider: Provider) -> None:
    come(client, provider, people.nobody.email)
    User.objects.filter(pk=people.nobody.pk).update(is_active=False)
    other = Client()
    assert come(other, provider, people.nobody.email)["Location"] == SIGN_IN
    assert SESSION_KEY not in other.session


def test_the_second_factor_is_asked_all_the_same(client: Client, people: People, provider: Provider) -> None:
    secret = give_app(people.nobody)
    asks = "/accounts/second-factor/"
    assert come(client, provider, people.nobody.email, to="/accounts/tokens/")["Location"] == asks
    assert SESSION_KEY not in client.session
    assert client.post(asks, {"code": app_code(secret)})["Location"] == "/accounts/tokens/"


@pytest.mark.parametrize(
    "lie",
    [{"nonce": "another"}, {"iss": "https://elsewhere.example.org"}, {"aud": "another"}, {"exp": 1}, {"sub": "s-9"}],
    ids=lambda lie: next(iter(lie)),
)
def test_a_token_that_is_not_for_us_is_refused(
    client: Client, people: People, provider: Provider, lie: dict[str, Any]
) -> None:
    provider.lie = lie
    assert come(client, provider, people.nobody.email)["Location"] == SIGN_IN
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize(
    ("key", "algorithm"), [(OTHER_KEY, "ES256"), (SECRET, "HS256"), ("", "none")], ids=["another", "secret", "none"]
)
def test_a_token_without_the_services_own_signature_is_refused(
    client: Client, people: People, provider: Provider, key: Any, algorithm: str
) -> None:
    provider.key, provider.algorithm = key, algorithm
    assert come(client, provider, people.nobody.email)["Location"] == SIGN_IN
    assert SESSION_KEY not in client.session


def test_an_answer_of_another_browser_or_for_the_second_time_is_refused(
    client: Client, people: People, provider: Provider
) -> None:
    provider.person = {"sub": "s-1", "email": people.nobody.email, "email_verified": True}
    back = follow(client.get(SERVICE)["Location"])
    victim = Client()
    assert victim.get(back)["Location"] == SIGN_IN
    assert victim.get(f"{SERVICE}callback/?error=access_denied&state=x")["Location"] == SIGN_IN
    assert SESSION_KEY not in victim.session
    assert client.get(back)["Location"] == "/"
    client.post("/accounts/sign-out/")
    assert client.get(back)["Location"] == SIGN_IN


def test_what_the_address_says_does_not_reach_the_service(client: Client, people: People, provider: Provider) -> None:
    query = "?scope=admin&auth_params=redirect_uri%3Dhttps%3A%2F%2Felsewhere&process=connect&next=https://elsewhere"
    asked = parse_qs(urlsplit(client.get(SERVICE + query)["Location"]).query)
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert asked["redirect_uri"] == [f"http://testserver{SERVICE}callback/"]
    provider.person = {"sub": "s-1", "email": people.nobody.email, "email_verified": True}
    assert client.get(follow(client.get(SERVICE + query)["Location"]))["Location"] == "/"


def test_a_service_that_does_not_answer_is_given_up(
    client: Client, people: People, provider: Provider, settings: Any
) -> None:
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.2
    provider.silent = 0.6
    assert come(client, provider, people.nobody.email)["Location"] == SIGN_IN
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    assert client.get(SERVICE)["Location"] == SIGN_IN
    assert "ไม่สำเร็จ" in client.get(SIGN_IN).content.decode()


def test_without_a_service_there_is_none(client: Client, people: People) -> None:
    for path in (SERVICE, f"{SERVICE}callback/", "/accounts/single-sign-on/another/"):
        assert client.get(path)["Location"] == SIGN_IN
    assert SERVICE not in client.get(SIGN_IN).content.decode()
