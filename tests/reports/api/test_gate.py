"""Who gets through the gate of the API: tokens, their limits, what is counted; sessions open nothing."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import deactivate_user, revoke_role
from accounts.actions.api_tokens import revoke_api_token
from accounts.models import ApiToken, ApiUse, Membership
from accounts.roles import Capability, Role
from tests.flow import Flow
from tests.people import People
from tests.reports.api.conftest import ROOT, Program, program_of


@pytest.fixture
def reader(people: People) -> Program:
    return program_of(people.who(Role.SECRETARIAT), people.a)


def change(program: Program, **values: Any) -> None:
    ApiToken.objects.filter(pk=program.token.pk).update(**values)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer " + "x" * 5000, "bearer é"])
def test_no_token_is_refused_in_json(db: None, header: str) -> None:
    answer = Client().get(ROOT + "rounds", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="dgready"'
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["error"] == "unknown"
    assert "Access-Control-Allow-Origin" not in answer
    assert not answer.cookies


def test_what_comes_in_the_clear_is_refused_not_led_on(reader: Program, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_REDIRECT_EXEMPT = [r"^api/"]
    answer = reader.ask("rounds")
    assert (answer.status_code, answer.json()["error"]) == (403, "insecure")
    assert not ApiUse.objects.exists()
    assert reader.ask("rounds", **{"X-Forwarded-Proto": "https"}).status_code == 200
    assert Client().get("/accounts/sign-in/")["Location"].startswith("https://")


def test_a_session_opens_nothing(people: People, client: Client) -> None:
    client.force_login(people.who(Role.CENTRAL_ADMIN))
    assert client.get(ROOT + "rounds").status_code == 401
    assert client.get(ROOT + "openapi.json").status_code == 401


def test_revoked_and_expired_tokens_say_so_in_both_languages(reader: Program) -> None:
    assert reader.ask("rounds").status_code == 200
    change(reader, expires_at=timezone.now() - timedelta(seconds=1))
    answer = reader.ask("rounds")
    assert (answer.status_code, answer.json()["error"]) == (401, "expired")
    assert "หมดอายุ" in answer.json()["message"]
    revoke_api_token(by=reader.token.user, token=reader.token)
    answer = reader.ask("rounds", **{"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["error"]) == (401, "revoked")
    assert answer.json()["message"].isascii()


def test_rights_end_with_the_role_and_with_the_account(people: People, reader: Program) -> None:
    admin, owner = people.who(Role.CENTRAL_ADMIN), reader.token.user
    other = program_of(people.who(Role.COMMITTEE), people.a)
    revoke_role(by=admin, membership=Membership.objects.get(user=owner, active=True))
    assert reader.ask("rounds").json()["error"] == "no_rights"
    deactivate_user(by=admin, user=other.token.user)
    assert other.ask("rounds").status_code == 401


def test_one_too_many_waits(reader: Program, settings: Any) -> None:
    settings.API_LIMITS = replace(settings.API_LIMITS, per_minute=2)
    codes = [reader.ask("rounds") for _ in range(5)]
    refused = [answer for answer in codes if answer.status_code == 429]
    assert len(refused) >= 1  # a minute may begin in between
    assert 1 <= int(refused[0]["Retry-After"]) <= 60
    assert refused[0].json()["error"] == "too_many"


def test_guessing_is_limited_by_address(db: None, settings: Any) -> None:
    settings.API_LIMITS = replace(settings.API_LIMITS, refusals=1)
    guesses = [Client().get(ROOT + "rounds", headers={"Authorization": "Bearer x"}).status_code for _ in range(4)]
    assert set(guesses) == {401, 429}


def test_use_is_counted_by_day_and_noted(
    reader: Program, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("dgready"), "propagate", True)
    reader.ask("rounds")
    used = ApiToken.objects.get(pk=reader.token.pk).last_used_at
    with caplog.at_level("INFO", logger="dgready.api"):
        reader.ask("responses/999999/answers")
    reader.ask("rounds")
    assert ApiToken.objects.get(pk=reader.token.pk).last_used_at == used  # at most once a minute
    assert ApiUse.objects.values_list("requests", "refused").get() == (3, 1)
    assert reader.token.prefix in caplog.text
    assert reader.secret not in caplog.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written(reader: Program, method: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {reader.secret}"})
    for path in ("rounds", "openapi.json"):
        answer = getattr(client, method)(ROOT + path)
        assert (answer.status_code, answer["Allow"], answer.json()["error"]) == (405, "GET", "method")


@pytest.mark.parametrize("path", ["x", "../admin", "responses/abc/answers", "responses/99999999999999999999/score"])
def test_addresses_that_are_none(reader: Program, path: str) -> None:
    answer = reader.ask(path)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_wrong_parameters_are_named(reader: Program) -> None:
    answer = reader.ask("rounds?limit=0&offset=x")
    assert answer.status_code == 422
    assert answer.json()["fields"] == ["limit", "offset"]


def test_a_fault_tells_nothing_of_the_inside(reader: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> Any:
        raise RuntimeError("the inside")

    monkeypatch.setattr("reports.api.queries.readable_rounds", broken)
    answer = reader.ask("rounds")
    assert (answer.status_code, answer.json()["error"]) == (500, "fault")
    assert b"inside" not in answer.content


# -- whose data -----------------------------------------------------------------------------------

CAPABILITY_OF = {
    "answers": Capability.RESPONSE_READ,
    "progress": Capability.RESPONSE_READ,
    "evidence": Capability.RESPONSE_READ,
    "score": Capability.RESPONSE_READ,
    "releases": Capability.REPORT_READ,
}


def test_every_person_reads_what_the_role_gives(flow: Flow) -> None:
    people, response = flow.people, flow.response
    for name, user in people.everyone():
        for province in (people.a, people.b):
            user.forget_grants()
            if not any(g.province_id == province.pk for g in user.grants):
                continue
            asked = program_of(user, province)
            for path, cap in CAPABILITY_OF.items():
                expected = 200 if user.has(cap, province_id=people.a.pk) and province == people.a else 404
                answer = asked.ask(f"responses/{response.pk}/{path}")
                assert answer.status_code == expected, (name, path, answer.content)
            expected = 200 if province == people.a else 404
            assert asked.ask(f"rounds/{flow.round.pk}/responses").status_code == expected


@pytest.mark.parametrize("cap", [Capability.REPORT_READ, Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ])
def test_a_token_gives_no_more_than_it_names(flow: Flow, cap: Capability) -> None:
    asked = program_of(flow.secretariat, flow.province, cap)
    for path, needed in CAPABILITY_OF.items():
        expected = 200 if needed == cap else 404
        assert asked.ask(f"responses/{flow.response.pk}/{path}").status_code == expected, path
    assert asked.ask("results").status_code == (200 if cap == Capability.REPORT_READ else 404)
    found = asked.read(f"rounds/{flow.round.pk}/responses")["items"]
    assert bool(found) == (cap != Capability.CONTRIBUTION_READ)
