"""Health, language, session and the fault pages."""

import re
import time
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client, RequestFactory

from dgready import health, middleware, views
from dgready.http import client_ip
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
UNTIL = middleware.SESSION_UNTIL_COOKIE


def test_healthz_asks_nothing(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"ok": True}


def test_readyz_names_each_part(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "is_worker_alive", lambda: True)
    answer = client.get("/readyz")
    parts = {name: {"ok": True} for name in ("database", "migrations", "broker", "store")}
    told = answer.json()
    assert "worker" in told.pop("state")
    assert (answer.status_code, told) == (200, {"ok": True, "parts": parts})


@pytest.mark.parametrize("part", ["database", "migrations", "broker", "store"])
def test_readyz_is_503_when_a_part_fails(client: Client, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    def fails() -> None:
        raise OperationalError("secret detail")

    monkeypatch.setitem(health.CHECKS, part, fails)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"][part] == {"ok": False}
    assert "secret detail" not in answer.content.decode()


def test_unapplied_migration_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    with pytest.raises(RuntimeError, match="unapplied"):
        health.check_migrations()


@pytest.mark.skipif(not settings.EMBEDDED_WORKER, reason="Redis here")
def test_dead_embedded_worker_is_seen() -> None:
    with pytest.raises(RuntimeError, match="worker"):
        health.check_broker()


@pytest.mark.redis
def test_redis_broker_answers() -> None:
    health.check_broker()


def test_store_that_cannot_be_written_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.os, "access", lambda *_: False)
    with pytest.raises(RuntimeError, match="writable"):
        health.check_store()


def test_language_can_be_switched(client: Client) -> None:
    assert 'lang="th"' in client.get("/accounts/sign-in/").content.decode()
    client.post("/i18n/setlang", {"language": "en", "next": "/accounts/sign-in/"})
    assert '<html lang="en">' in client.get("/accounts/sign-in/").content.decode()


@pytest.mark.parametrize("language", ["th", "en"])
def test_fault_pages_speak_both_languages(language: str) -> None:
    request = RequestFactory().get("/x")
    pages = [
        views.bad_request(request, Exception()),
        views.permission_denied(request, Exception()),
        views.page_not_found(request, Exception()),
        views.server_error(request),
        views.csrf_failure(request),
    ]
    assert [page.status_code for page in pages] == [400, 403, 404, 500, 403]
    for page in pages:
        text = page.content.decode()
        assert 'lang="th"' in text
        assert re.search(r'<div lang="en">\s*<h2>[A-Z]', text)


def test_form_without_token_gets_the_csrf_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/sign-in/", {})
    assert answer.status_code == 403
    assert "แบบฟอร์มหมดอายุ" in answer.content.decode()


# -- session ---------------------------------------------------------------------------------------


def test_page_tells_when_the_session_ends(client: Client) -> None:
    client.force_login(UserFactory())
    answer = client.get("/accounts/profile/")
    until = int(answer.cookies[UNTIL].value)
    assert abs(until - time.time() - settings.SESSION_COOKIE_AGE) < 5
    assert not answer.cookies[UNTIL]["httponly"]
    assert UNTIL not in client.get("/accounts/profile/").cookies  # not written again at once


def test_session_slides_while_it_is_used(client: Client) -> None:
    client.force_login(UserFactory())
    client.get("/accounts/profile/")
    session = client.session
    session[middleware.LAST_EXTENDED_KEY] -= middleware.EXTEND_INTERVAL
    session.save()
    answer = client.get("/accounts/profile/")
    assert UNTIL in answer.cookies
    assert settings.SESSION_COOKIE_NAME in answer.cookies


def test_ping_prolongs(client: Client) -> None:
    client.force_login(UserFactory())
    answer = client.post("/session/ping")
    assert answer.json()["until"] == int(answer.cookies[UNTIL].value)


def test_ping_without_a_session_is_401(client: Client) -> None:
    assert client.post("/session/ping").status_code == 401
    assert client.get("/session/ping").headers["Location"] == "/"


def test_signing_out_takes_the_word_back(client: Client) -> None:
    client.force_login(UserFactory())
    client.get("/accounts/profile/")
    answer = client.post("/accounts/sign-out/")
    assert answer.cookies[UNTIL].value == ""


def test_pages_forbid_inline_and_framing(client: Client) -> None:
    answer = client.get("/accounts/sign-in/")
    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert f'nonce="{nonce[1]}"' in answer.content.decode()
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "://" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", answer.content.decode())


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),  # no proxy: the header is anybody's word
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (1, "", None),
        (1, "<script>", None),
    ],
)
def test_client_address_is_what_our_proxy_saw(settings: Any, proxies: int, forwarded: str, address: str | None) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert client_ip(RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})) == address
