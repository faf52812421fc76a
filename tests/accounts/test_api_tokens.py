"""Tokens of the API: who makes them of what, what is stored, who revokes them, and their pages."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import NotAllowed, RefusedError
from accounts.actions.api_tokens import create_api_token, revoke_api_token
from accounts.models import AccountEvent, ApiToken, User
from accounts.roles import Capability as C  # noqa: N817
from accounts.roles import Role
from tests.people import People


def make(people: People, user: User, *caps: C, days: int = 9, name: str = "x") -> tuple[ApiToken, str]:
    return create_api_token(by=user, province=people.a, name=name, capabilities=caps or [C.REPORT_READ], days=days)


def test_only_the_hash_is_stored_and_the_log_holds_no_secret(people: People) -> None:
    token, secret = make(people, people.who(Role.SECRETARIAT))
    assert len(secret) >= 43  # 256 bits
    assert ApiToken.objects.get(token_hash=sha256(secret.encode()).hexdigest()) == token
    columns = json.dumps([*ApiToken.objects.values().get().values()], default=str)
    (event,) = AccountEvent.objects.filter(verb="api_token")
    assert (event.by, event.subject, event.province) == (token.user, token.user, people.a)
    for kept in (columns, json.dumps(event.data)):
        assert secret not in kept
        assert secret[:8] in kept


@pytest.mark.parametrize(
    ("role", "place", "cap"),
    [
        (Role.SECRETARIAT, "b", C.REPORT_READ),
        (Role.SECRETARIAT, "a", C.ANSWER_EDIT),
        (Role.COORDINATOR, "a1", C.RESPONSE_READ),
        (Role.CENTRAL_ADMIN, "", C.REPORT_READ),
    ],
)
def test_a_token_gives_what_its_person_reads_in_their_own_province(
    people: People, role: Role, place: str, cap: C
) -> None:
    with pytest.raises(NotAllowed):
        make(people, people.who(role, place), cap)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("days", [0, 367])
def test_no_token_lives_longer_than_a_year(people: People, days: int) -> None:
    with pytest.raises(RefusedError):
        make(people, people.who(Role.SECRETARIAT), days=days)


def test_a_name_is_used_once_while_it_is_not_revoked(people: People) -> None:
    user = people.who(Role.SECRETARIAT)
    token, _secret = make(people, user)
    with pytest.raises(RefusedError):
        make(people, user)
    revoke_api_token(by=user, token=token)
    make(people, user)


def test_owner_and_administrator_of_the_province_revoke_for_good(people: People) -> None:
    owner = people.who(Role.SECRETARIAT)
    token, _secret = make(people, owner)
    for stranger in (
        people.who(Role.GOVERNOR),
        people.who(Role.PROVINCE_ADMIN, "b"),
        people.who(Role.SECRETARIAT, "b"),
    ):
        with pytest.raises(NotAllowed):
            revoke_api_token(by=stranger, token=token)
    admin = people.who(Role.PROVINCE_ADMIN)
    revoke_api_token(by=admin, token=token)
    assert AccountEvent.objects.filter(verb="api_token_revoke", by=admin, subject=owner).exists()
    with pytest.raises(RefusedError):
        revoke_api_token(by=owner, token=token)


# -- pages ----------------------------------------------------------------------------------------


def test_the_secret_is_shown_once(people: People, client: Client) -> None:
    client.force_login(people.who(Role.SECRETARIAT))
    assert client.get("/accounts/tokens/").status_code == 200
    data = {"name": "แดชบอร์ด", "province": people.a.pk, "capabilities": ["response_read"], "days": "90"}
    page = client.post("/accounts/tokens/", data)
    _token, secret = page.context["made"]
    assert secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    token = ApiToken.objects.get()
    assert token.capabilities == ["response_read"]
    assert timedelta(days=89) < token.expires_at - timezone.now() <= timedelta(days=90)
    again = client.get("/accounts/tokens/").content.decode()
    assert secret not in again
    assert "แดชบอร์ด" in again
    assert client.post("/accounts/tokens/", data).status_code == 422  # sent again
    assert ApiToken.objects.count() == 1
    client.post(f"/accounts/tokens/{token.pk}/revoke/")
    assert "ยกเลิกแล้ว" in client.get("/accounts/tokens/").content.decode()


def test_faults_of_the_form(people: People, client: Client) -> None:
    client.force_login(people.who(Role.COORDINATOR))
    data = {"name": "", "province": people.b.pk, "capabilities": ["response_read"], "days": "400"}
    page = client.post("/accounts/tokens/", data)
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"name", "province", "capabilities", "days"}


def test_who_has_no_role_makes_none(people: People, client: Client) -> None:
    client.force_login(people.nobody)
    page = client.get("/accounts/tokens/")
    assert "สร้างรหัสใหม่" not in page.content.decode()


def test_the_administrator_sees_those_of_the_province_in_few_queries(
    people: People, client: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(3):
        make(people, people.who(Role.SECRETARIAT), name=f"ระบบ {number}")
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        page = client.get(f"/p/{people.a.code}/tokens/").content.decode()
    assert all(f"ระบบ {number}" in page for number in range(3))
    client.post(f"/p/{people.a.code}/tokens/{ApiToken.objects.first().pk}/revoke/")  # type: ignore[union-attr]
    assert ApiToken.objects.filter(revoked_by=people.who(Role.PROVINCE_ADMIN)).count() == 1
