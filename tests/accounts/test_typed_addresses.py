"""An address with invisible characters, brackets or commas around it is the same person's; names are clean."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import tasks
from accounts.models import Agency, Invitation, User
from accounts.models.people import clean_email
from accounts.roles import Role
from tests.factories import PASSWORD
from tests.people import People

WRAPPED = ["{}\u200e", "\u2066{}\u2069", "<{}>", "{},", "ผู้ใช้ <{}>", "  {}\t"]


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_signing_in(client: Client, people: People, wrapped: str) -> None:
    user = people.who(Role.SECRETARIAT)
    data = {"username": wrapped.format(user.email), "password": PASSWORD}
    assert client.post("/accounts/sign-in/", data).status_code == 302
    assert User.objects.get_by_natural_key(wrapped.format(user.email)) == user


@pytest.mark.parametrize("wrapped", WRAPPED[:3])
def test_an_invitation_goes_to_the_address_inside(client: Client, people: People, wrapped: str) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    data = {"email": wrapped.format("mali@example.org"), "role": "secretariat"}
    assert client.post(reverse("accounts:invite", args=[people.a.code]), data).status_code == 302
    assert Invitation.objects.get().email == "mali@example.org"


@pytest.mark.parametrize("wrapped", WRAPPED[:3])
def test_a_reset_link_is_sent(client: Client, people: People, wrapped: str) -> None:
    client.post("/accounts/password/reset/", {"email": wrapped.format(people.nobody.email)})
    tasks.send_letters()
    assert [letter.to for letter in mail.outbox] == [[people.nobody.email]]


def test_what_cannot_be_one_address_is_asked_back(client: Client, people: People) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    data = {"email": "mali@example,org", "role": "secretariat"}
    response = client.post(reverse("accounts:invite", args=[people.a.code]), data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "หมายถึง mali@example.org ใช่หรือไม่" in page
    assert 'value="mali@example,org"' in page, "what was typed stays"


def test_one_spelling_of_an_address() -> None:
    assert clean_email("A@Example.org\u200e") == "a@example.org"
    assert clean_email(" not an\u200b Address ") == "not an address"


def test_names_are_clean(client: Client, people: People) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    names: dict[str, Any] = {"code": "ＤＥＰ–9", "name_th": "\u2066สำนักงาน\x07 ทดสอบ\u200b\u2069", "name_en": "Test"}
    url = reverse("accounts:agency-new", args=[people.a.code])
    response = client.post(url, {**names, "kind": "regional_agency"})
    assert response.status_code == 302, response.content.decode()
    agency = Agency.objects.get(code="DEP-9")
    assert agency.name_th == "สำนักงาน ทดสอบ"
    client.post(reverse("accounts:profile"), {"first_name": "\u200eก\u202e", "last_name": "ข\x00", "language": "th"})
    user = User.objects.get(pk=people.who(Role.PROVINCE_ADMIN).pk)
    assert (user.first_name, user.last_name) == ("ก", "ข")


def test_days_of_a_role_are_typed_in_the_buddhist_era(client: Client, people: People) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    data = {"email": "mali@example.org", "role": "secretariat", "valid_from": "7 ธ.ค. 2569", "valid_to": "8/12/69"}
    assert client.post(reverse("accounts:invite", args=[people.a.code]), data).status_code == 302
    invitation = Invitation.objects.get()
    assert [day.isoformat() for day in (invitation.valid_from, invitation.valid_to) if day] == [
        "2026-12-07",
        "2026-12-08",
    ]
    data["valid_to"] = "31/2/2569"
    response = client.post(reverse("accounts:invite", args=[people.a.code]), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "กุมภาพันธ์ 2569 มี 28 วัน" in page
    assert 'value="7 ธ.ค. 2569"' in page
    assert "จันทร์ 7 ธันวาคม 2569" in page, "the other day is said back"
