"""Signing in with a second factor: the password alone opens nothing, each code counts once, guessing is stopped."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent, User
from accounts.roles import Role
from accounts.second_factor.queries import read_second_factors
from accounts.second_factor.signing_in import PENDING, PENDING_SECONDS
from tests.factories import PASSWORD
from tests.people import People
from tests.second_factors import app_code, give_app, recovery_codes, sign_in_with_factor

SIGN_IN = "/accounts/sign-in/"
ASKS = "/accounts/second-factor/"


def give_password(client: Client, user: User, **more: str) -> Any:
    return client.post(SIGN_IN, {"username": user.email, "password": PASSWORD, **more})


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("accounts:profile")).status_code == 200


def test_the_password_alone_opens_nothing(client: Client, people: People) -> None:
    secret = give_app(people.nobody)
    assert give_password(client, people.nobody, next="/accounts/tokens/")["Location"] == ASKS
    assert SESSION_KEY not in client.session
    assert not is_signed_in(client)
    assert people.nobody.email in client.get(ASKS).content.decode()
    assert client.post(ASKS, {"code": ""}).status_code == 422
    assert client.post(ASKS, {"code": "000000"}).status_code == 422
    assert not is_signed_in(client)
    before = client.session.session_key
    code = app_code(secret)
    typed = f"{code[:3]} {code[3:]}".translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert client.post(ASKS, {"code": typed})["Location"] == "/accounts/tokens/"
    assert client.session.session_key != before
    assert is_signed_in(client)
    assert PENDING not in client.session
    assert client.get(ASKS)["Location"] == SIGN_IN  # nothing is pending any more


def test_who_has_given_no_password_is_asked_for_nothing(client: Client, people: People) -> None:
    secret = give_app(people.nobody)
    assert client.get(ASKS)["Location"] == SIGN_IN
    assert client.post(ASKS, {"code": app_code(secret)})["Location"] == SIGN_IN
    assert not is_signed_in(client)


def test_a_code_counts_once_and_an_older_one_not_at_all(people: People) -> None:
    secret = give_app(people.nobody)
    codes = {n: app_code(secret, n) for n in (-1, 0, 1)}
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client, people.nobody)
    assert first.post(ASKS, {"code": codes[0]}).status_code == 302
    assert second.post(ASKS, {"code": codes[0]}).status_code == 422
    assert second.post(ASKS, {"code": codes[-1]}).status_code == 422
    assert second.post(ASKS, {"code": app_code(secret, 5)}).status_code == 422
    assert second.post(ASKS, {"code": codes[1]}).status_code == 302


def test_each_recovery_code_counts_once_and_is_logged(people: People) -> None:
    give_app(people.nobody)
    code, *others = recovery_codes(people.nobody)
    assert len(others) == 9
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client, people.nobody)
    assert first.post(ASKS, {"code": f"{code[:5]}-{code[5:]}"}).status_code == 302
    assert second.post(ASKS, {"code": code}).status_code == 422
    assert second.post(ASKS, {"code": others[0]}).status_code == 302
    left = AccountEvent.objects.filter(verb="second_factor_recovery", subject=people.nobody).order_by("pk")
    assert [event.data["after"]["left"] for event in left] == [9, 8]
    assert code not in str(list(left.values()))


def test_codes_of_an_encrypted_seed_go_on_and_become_hashes(people: People) -> None:
    """As they were made before codes were hashed."""
    give_app(people.nobody)
    Authenticator.objects.filter(type="recovery_codes").delete()
    code, *others = RecoveryCodes.activate(people.nobody).generate_codes()
    assert read_second_factors(people.nobody).codes_left == 10
    for given, status in ((code, 302), (code, 422), (others[0], 302)):
        client = Client()
        give_password(client, people.nobody)
        assert client.post(ASKS, {"code": given}).status_code == status
    row = Authenticator.objects.get(type="recovery_codes")
    assert list(row.data) == ["hashes"]
    assert read_second_factors(people.nobody).codes_left == 8


def test_guessing_is_stopped_also_from_new_sessions_and_told_once(people: People) -> None:
    secret = give_app(people.nobody)
    answers = []
    for number in range(12):
        client = Client()
        give_password(client, people.nobody)
        answers.append(client.post(ASKS, {"code": f"{number:06}"}))
    assert [answer.status_code for answer in answers] == [422] * 10 + [429] * 2
    assert "30 นาที" in answers[-1].content.decode()
    assert client.post(ASKS, {"code": app_code(secret)}).status_code == 429
    assert AccountEvent.objects.filter(verb="second_factor_locked", subject=people.nobody).count() == 1


def test_a_right_code_takes_wrong_ones_back(client: Client, people: People) -> None:
    secret = give_app(people.nobody)
    for period in (0, 1):
        give_password(client, people.nobody)
        for number in range(8):
            assert client.post(ASKS, {"code": f"{number:06}"}).status_code == 422
        assert client.post(ASKS, {"code": app_code(secret, period)}).status_code == 302
        client.post("/accounts/sign-out/")


@pytest.mark.parametrize("change", ["late", "closed", "new password"])
def test_what_is_pending_ends(client: Client, people: People, change: str) -> None:
    secret = give_app(people.nobody)
    give_password(client, people.nobody)
    if change == "late":
        session = client.session
        session[PENDING] = {**session[PENDING], "at": session[PENDING]["at"] - PENDING_SECONDS - 1}
        session.save()
    elif change == "closed":
        User.objects.filter(pk=people.nobody.pk).update(is_active=False)
    else:
        people.nobody.set_password("another-long-word-9")
        people.nobody.save()
    assert client.post(ASKS, {"code": app_code(secret)})["Location"] == SIGN_IN
    assert SESSION_KEY not in client.session


def test_who_was_signed_in_before_is_so_no_more(client: Client, people: People) -> None:
    """A password given over the session of somebody else must not leave that session open behind the question."""
    give_app(people.nobody)
    client.force_login(people.who(Role.GOVERNOR))
    give_password(client, people.nobody)
    assert not is_signed_in(client)


def test_secrets_are_not_in_the_database(people: People, settings: Any) -> None:
    secret = give_app(people.nobody)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored for code in recovery_codes(people.nobody))


def test_another_secret_key_opens_nothing_and_the_earlier_one_may_be_kept(
    client: Client, people: People, settings: Any
) -> None:
    secret = give_app(people.nobody)
    codes = recovery_codes(people.nobody)
    kept, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-" * 6
    give_password(client, people.nobody)
    assert client.post(ASKS, {"code": app_code(secret)}).status_code == 422
    assert client.post(ASKS, {"code": codes[0]}).status_code == 422
    settings.SECRET_KEY_FALLBACKS = [kept]
    assert client.post(ASKS, {"code": app_code(secret)}).status_code == 302


ANSWERS = {
    "not JSON": "{",
    "a list": "[]",
    "nothing": "{}",
    "deep": "[" * 19_000,
    "long": '"' + "x" * 30_000 + '"',
    "numbers": '{"id": 1, "rawId": 1, "type": 1, "response": 1}',
    "no base64": '{"id": "é", "rawId": "é", "type": "public-key", "response": {"clientDataJSON": "é"}}',
    "short": '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30", '
    '"authenticatorData": "AA", "signature": "AA", "attestationObject": "AA"}, "clientExtensionResults": {}}',
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_no_browser_wrote_is_refused(client: Client, people: People, answer: str) -> None:
    give_app(people.nobody)
    give_password(client, people.nobody)
    assert client.post(ASKS, {"answer": answer}).status_code == 422
    sign_in_with_factor(client, people.nobody)
    page = "/accounts/security/passkeys/new/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"answer": answer}).status_code == 422
    assert Authenticator.objects.count() == 2


def test_the_page_works_without_a_script(client: Client, people: People) -> None:
    give_app(people.nobody)
    give_password(client, people.nobody)
    html = client.get(ASKS).content.decode()
    assert re.search(r'<input type="text" name="code"[^>]*autocomplete="one-time-code"', html)
    assert "data-passkey-ask" not in html  # no passkey, no button
