"""Limits on invitations by maker, place and address; one open at a time; what the time of an answer tells."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import actions
from accounts.actions import RefusedError, invitation_limits
from accounts.actions.lists import apply_people_list
from accounts.actions.resets import MOST_AN_HOUR
from accounts.lists.people_list import PersonEntry
from accounts.models import AccountLetter, Invitation, User
from accounts.roles import Role
from tests.factories import PASSWORD
from tests.people import People

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"


def invite(people: People, email: str, role: Role = Role.SECRETARIAT, place: str = "a") -> Invitation:
    admin = people.who(Role.PROVINCE_ADMIN, place)
    return actions.invite_user(by=admin, email=email, role=role, province=admin_place(people, place))[0]


def admin_place(people: People, place: str) -> Any:
    return people.a if place == "a" else people.b


def test_one_invitation_is_open_at_a_time(people: People, client: Client) -> None:
    first = invite(people, "new@example.org")
    with pytest.raises(RefusedError, match="ส่งอีกครั้ง"):
        invite(people, "New@example.org")
    invite(people, "new@example.org", Role.COMMITTEE)
    invite(people, "new@example.org", place="b")
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    url = reverse("accounts:invite", args=[people.a.code])
    assert client.post(url, {"email": "new@example.org", "role": "secretariat"}).status_code == 422
    actions.withdraw_invitation(by=people.who(Role.PROVINCE_ADMIN), invitation=first)
    invite(people, "new@example.org")
    assert Invitation.objects.filter(email="new@example.org").count() == 4


def test_an_address_gets_so_many_letters_a_day(people: People, client: Client) -> None:
    invitation, admin = invite(people, "new@example.org"), people.who(Role.PROVINCE_ADMIN)
    for _ in range(invitation_limits.ADDRESS_A_DAY - 1):
        actions.resend_invitation(by=admin, invitation=invitation)
    with pytest.raises(RefusedError, match="พรุ่งนี้"):
        actions.resend_invitation(by=admin, invitation=invitation)
    with pytest.raises(RefusedError, match="พรุ่งนี้"):
        invite(people, "new@example.org", place="b")
    invite(people, "other@example.org")
    client.force_login(admin)
    sent = client.post(reverse("accounts:send-again", args=[people.a.code, invitation.pk]), follow=True)
    assert "จดหมายขยะ" in sent.content.decode()


def test_maker_and_place_have_limits_and_lists_that_of_the_place(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitation_limits, "MAKER_A_DAY", 2)
    monkeypatch.setattr(invitation_limits, "PLACE_A_DAY", 4)
    for number in range(2):
        invite(people, f"p{number}@example.org")
    with pytest.raises(RefusedError, match="เชิญหลายคนพร้อมกัน"):
        invite(people, "p2@example.org")
    invite(people, "p0@example.org", place="b")
    listed = [PersonEntry(email=f"q{number}@example.org", role=Role.COMMITTEE.value) for number in range(3)]
    admin = people.who(Role.PROVINCE_ADMIN)
    with pytest.raises(RefusedError, match="ครบ 4 ฉบับ"):
        apply_people_list(by=admin, province=people.a, entries=listed)
    assert len(apply_people_list(by=admin, province=people.a, entries=listed[:2])) == 2


def test_asking_for_a_password_takes_the_same_work_for_anybody(client: Client, people: People) -> None:
    User.objects.create_user("closed@example.org", PASSWORD, is_active=False)
    known = people.nobody.email
    asked = {}
    for email in (known, "unknown@example.org", "closed@example.org"):
        with CaptureQueriesContext(connection) as queries:
            assert client.post(RESET, {"email": email}).status_code == 302
        asked[email] = [re.sub(r'"s\d+_x\d+"', "", one["sql"])[:40] for one in queries]
    assert asked[known] == asked["unknown@example.org"] == asked["closed@example.org"]
    assert [letter.email for letter in AccountLetter.objects.all()] == [known]
    for _ in range(MOST_AN_HOUR + 2):
        client.post(RESET, {"email": known})
    assert AccountLetter.objects.count() == MOST_AN_HOUR
    assert mail.outbox == []  # the worker sends


def test_an_invitation_is_not_sent_inside_the_request(client: Client, people: People) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    url = reverse("accounts:invite", args=[people.a.code])
    for email in ("new@example.org", people.nobody.email):  # with an account and without
        assert client.post(url, {"email": email, "role": "secretariat"}).status_code == 302
    assert mail.outbox == []
    assert AccountLetter.objects.count() == 2
