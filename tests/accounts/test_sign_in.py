"""Signing in and out, lockout, passwords."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import tasks
from accounts.models import AccountEvent, AccountLetter, User
from accounts.roles import Role
from demo import people as demo
from tests.factories import PASSWORD, AgencyFactory
from tests.people import People

SIGN_IN = "/accounts/sign-in/"


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    """Send the form."""
    return client.post(SIGN_IN, {"username": email, "password": password, **more})


def test_sign_in_and_out(client: Client, people: People) -> None:
    user = people.who(Role.SECRETARIAT)
    assert client.get(SIGN_IN).status_code == 200
    response = sign_in(client, user.email.upper())
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert client.get("/accounts/sign-out/")["Location"] == "/"
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert client.post("/accounts/sign-out/")["Location"] == SIGN_IN
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_somebody_signed_in_does_not_sign_in_again(client: Client, people: People) -> None:
    client.force_login(people.nobody)
    assert client.get(SIGN_IN + "?next=/accounts/profile/")["Location"] == "/accounts/profile/"


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/accounts/profile/", "/accounts/profile/"),
        ("https://elsewhere.example.org/", "/"),
        ("//elsewhere.example.org", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_next_stays_on_this_site(client: Client, people: People, target: str, lands: str) -> None:
    assert sign_in(client, people.nobody.email, next=target)["Location"] == lands


@pytest.mark.parametrize("email", ["secretariat.a@example.org", "unknown@example.org", "not an address"])
def test_a_wrong_password_says_the_same_for_everybody(client: Client, people: People, email: str) -> None:
    response = sign_in(client, email, "wrong")
    assert response.status_code == 422
    if "@" in email:
        assert "อีเมลหรือรหัสผ่านไม่ถูกต้อง" in response.content.decode()


def test_a_closed_account_cannot_sign_in(client: Client, people: People) -> None:
    User.objects.filter(pk=people.nobody.pk).update(is_active=False)
    assert sign_in(client, people.nobody.email).status_code == 422


def test_lockout_counts_every_spelling_and_answers_in_thai(client: Client, people: People, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    email = people.nobody.email
    for spelling in (email, email.upper()):
        assert sign_in(client, spelling, "wrong").status_code == 422
    response = sign_in(client, email.title(), "wrong")
    assert response.status_code == 429
    assert "พักการเข้าสู่ระบบชั่วคราว" in response.content.decode()
    assert sign_in(client, email).status_code == 429
    assert sign_in(client, people.who(Role.GOVERNOR).email).status_code == 302


def test_forms_need_their_token(people: People) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, people.nobody.email).status_code == 403
    client.get(SIGN_IN)
    token = client.cookies["csrftoken"].value
    assert sign_in(client, people.nobody.email, csrfmiddlewaretoken=token).status_code == 302


def test_the_session_key_changes_at_sign_in(client: Client, people: People) -> None:
    client.force_login(people.nobody)
    before = client.session.session_key
    client.post("/accounts/sign-out/")
    sign_in(client, people.nobody.email)
    assert client.session.session_key != before


def test_the_language_of_the_account_follows_to_the_pages(client: Client, people: People) -> None:
    User.objects.filter(pk=people.nobody.pk).update(language="en")
    response = sign_in(client, people.nobody.email)
    assert response.cookies["django_language"].value == "en"
    response = client.post("/accounts/profile/", {"first_name": "ก", "last_name": "ข", "language": "th"})
    assert response.cookies["django_language"].value == "th"


def test_profile_with_a_fault_comes_back(client: Client, people: People) -> None:
    client.force_login(people.nobody)
    response = client.post("/accounts/profile/", {"first_name": "", "last_name": "ข", "language": "th"})
    assert response.status_code == 422


def test_no_sample_people_outside_the_demonstration(client: Client, people: People, settings: Any) -> None:
    rows = [
        {"email": "s@example.org", "role": "secretariat", "first_name": "ก", "last_name": "ข"},
        {"email": "c@example.org", "role": "coordinator", "agency": "A1"},
        {"email": "z@example.org", "role": "central_admin"},
    ]
    agencies = [people.a1, AgencyFactory()]
    made = demo.create_sample_people(province=people.a, agencies=agencies, rows=rows)
    assert demo.create_sample_people(province=people.a, agencies=agencies, rows=rows) == made
    assert demo.DEMO_PASSWORD not in client.get(SIGN_IN).content.decode()
    settings.DEMO = True
    page = client.get(SIGN_IN).content.decode()
    assert demo.DEMO_PASSWORD in page
    assert re.findall(r'name="username" value="(.*?)"', page) == [
        "z@example.org",
        "s@example.org",
        "c@example.org",
    ]
    assert sign_in(client, "s@example.org", demo.DEMO_PASSWORD).status_code == 302


def test_password_change_ends_other_sessions(people: People) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, people.nobody.email)
    new = "another-long-word-9"
    url = reverse("accounts:password-change")
    wrong = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    assert here.post(url, wrong).status_code == 422
    assert here.post(url, {**wrong, "old_password": PASSWORD}).status_code == 302
    assert here.get(url).status_code == 200
    assert there.get(url).status_code == 302
    assert AccountEvent.objects.filter(verb="change_password", subject=people.nobody).exists()


def link_in_mail() -> str:
    """The path of the link in the last letter."""
    tasks.send_letters()
    found = re.search(r"http://127\.0\.0\.1:8000(\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def test_password_reset_by_mail(client: Client, people: People, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    email = people.nobody.email
    for _ in range(2):
        sign_in(client, email, "wrong")
    assert sign_in(client, email).status_code == 429
    response = client.post("/accounts/password/reset/", {"email": email.upper()}, headers={"host": "localhost"})
    assert response["Location"] == "/accounts/password/reset/sent/"
    assert str(AccountLetter.objects.values()[0]).count("/") == 0  # no link is stored
    link = link_in_mail()
    assert mail.outbox[-1].to == [email]
    form = client.get(link)["Location"]
    new = {"new_password1": "another-long-word-9", "new_password2": "another-long-word-9"}
    assert client.post(form, {**new, "new_password2": "x"}).status_code == 422
    assert client.post(form, new)["Location"] == SIGN_IN
    assert sign_in(client, email, "another-long-word-9").status_code == 302
    # Single use.
    assert "ใช้ไปแล้วหรือหมดอายุ" in Client().get(link).content.decode()
    assert AccountEvent.objects.filter(verb="reset_password", subject=people.nobody).exists()


@pytest.mark.parametrize("email", ["unknown@example.org", "closed@example.org"])
def test_reset_says_the_same_for_unknown_addresses(client: Client, people: People, email: str) -> None:
    User.objects.create_user("closed@example.org", PASSWORD, is_active=False)
    response = client.post("/accounts/password/reset/", {"email": email})
    assert response["Location"] == "/accounts/password/reset/sent/"
    assert not AccountLetter.objects.exists()


def test_reset_letters_are_limited(client: Client, people: People) -> None:
    for _ in range(8):
        client.post("/accounts/password/reset/", {"email": people.nobody.email})
    assert AccountLetter.objects.count() == 5


def test_a_mail_server_that_is_down_is_not_shown(client: Client, people: People, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    response = client.post("/accounts/password/reset/", {"email": people.nobody.email})
    assert response.status_code == 302
