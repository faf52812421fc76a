"""Where a person is signed in: the list, signing out there, and how long a session lives at most."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.browsers import browser_name
from accounts.models import AccountEvent, SignIn
from accounts.roles import Role
from dgready.cached_sessions import BEGAN_KEY
from dgready.middleware import LONGEST
from tests.factories import PASSWORD
from tests.people import People

pytestmark = pytest.mark.django_db
LIST = "/accounts/sign-ins/"
AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36": (
        "Chrome, Windows"
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Mobile/15E Safari/604.1": (
        "Safari, iPhone"
    ),
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0": "Edge, Windows",
    "curl/8": "",
}


def signed_in(email: str, agent: str = "", password: str = PASSWORD) -> Client:
    client = Client(headers={"user-agent": agent} if agent else {})
    answer = client.post("/accounts/sign-in/", {"username": email, "password": password}, REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def test_browsers_are_named_as_people_know_them() -> None:
    assert {agent: browser_name(agent) for agent in AGENTS} == AGENTS


def test_one_sees_and_ends_ones_own_sessions_only(people: People) -> None:
    email = people.nobody.email
    here, phone, other = signed_in(email), signed_in(email, next(iter(AGENTS))), signed_in(email)
    stranger = signed_in(people.who(Role.GOVERNOR).email)
    page = here.get(LIST).content.decode()
    assert page.count("ออกจากระบบที่นั่น") == 2
    assert "Chrome, Windows" in page
    assert "192.0.2.7" in page
    ends = re.findall(r"/accounts/sign-ins/\d+/end/", page)
    assert stranger.post(ends[0]).status_code == 404
    mine = SignIn.objects.get(session_key=here.session.session_key)
    assert here.post(f"{LIST}{mine.pk}/end/").status_code == 404
    ended = SignIn.objects.get(session_key=phone.session.session_key)
    assert here.post(f"{LIST}{ended.pk}/end/")["Location"] == LIST
    assert [is_in(one) for one in (here, phone, other, stranger)] == [True, False, True, True]
    assert here.post(f"{LIST}end-others/")["Location"] == LIST
    assert [is_in(one) for one in (here, phone, other, stranger)] == [True, False, False, True]
    assert "เครื่องนี้" in here.get(LIST).content.decode()
    assert list(AccountEvent.objects.filter(subject=people.nobody).values_list("verb", flat=True)[:2]) == [
        "end_other_sessions",
        "end_session",
    ]


def test_an_administrator_signs_a_person_out_everywhere(people: People) -> None:
    person = people.who(Role.SECRETARIAT)
    here, phone = signed_in(person.email), signed_in(person.email)
    manager = people.who(Role.PROVINCE_ADMIN)
    admin = signed_in(manager.email)
    address = f"/p/{people.a.code}/people/{person.pk}/end-sessions/"
    assert admin.get(address).status_code == 200
    assert is_in(here)
    assert admin.post(address)["Location"] == f"/p/{people.a.code}/people/{person.pk}/"
    assert [is_in(one) for one in (here, phone, admin)] == [False, False, True]
    assert not SignIn.objects.filter(user=person).exists()
    assert AccountEvent.objects.filter(subject=person, verb="end_sessions_of", by=manager).count() == 1
    assert is_in(signed_in(person.email))
    assert signed_in(people.who(Role.PROVINCE_ADMIN, "b").email).post(address).status_code == 404


def test_ending_sessions_asks_for_the_password_again(people: People) -> None:
    here, phone = signed_in(people.nobody.email), signed_in(people.nobody.email)
    session = here.session
    session["password_at"] -= 3600
    session.save()
    for path in (f"{LIST}end-others/", f"{LIST}{SignIn.objects.get(session_key=phone.session.session_key).pk}/end/"):
        assert here.post(path)["Location"].startswith("/accounts/second-factor/again/")
    assert is_in(phone)


def test_a_changed_password_leaves_this_session_alone_in_the_list(people: People) -> None:
    here = signed_in(people.nobody.email)
    signed_in(people.nobody.email)
    new = "another-long-word-9"
    here.post("/accounts/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert [row.session_key for row in SignIn.objects.filter(user=people.nobody)] == [here.session.session_key]


def test_a_session_ends_however_much_it_is_used(people: People) -> None:
    client = signed_in(people.nobody.email)
    session = client.session
    session[BEGAN_KEY] -= LONGEST - 60
    session.save()
    assert is_in(client)
    until = int(client.post("/session/ping").json()["until"])
    assert until <= session[BEGAN_KEY] + LONGEST
    session[BEGAN_KEY] -= 120
    session.save()
    assert client.get("/accounts/profile/")["Location"].startswith("/accounts/sign-in/")
    assert client.post("/session/ping").status_code == 401
