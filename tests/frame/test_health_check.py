"""The health check of connections to PostgreSQL: no query while the line is silent, yet a lost server is noticed."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper as DjangosWrapper

from dgready.postgresql import ENGINE, with_own_engine
from dgready.postgresql.base import beginning_with, is_silent
from tests.installation import free_port


def test_line_that_speaks_or_ends_is_not_silent() -> None:
    here, there = socket.socketpair()
    with here:
        assert is_silent(here.fileno())
        there.send(b"x")
        assert not is_silent(here.fileno())
        here.recv(1)
        assert is_silent(here.fileno())
        there.close()
        assert not is_silent(here.fileno())


def test_only_postgresql_has_an_engine_of_its_own() -> None:
    assert with_own_engine({"ENGINE": "django.db.backends.postgresql", "NAME": "d"}) == {"ENGINE": ENGINE, "NAME": "d"}
    assert with_own_engine({"ENGINE": "django.db.backends.sqlite3"}) == {"ENGINE": "django.db.backends.sqlite3"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What each `SELECT 1` of the health check found."""
    found: list[bool] = []
    is_usable = DjangosWrapper.is_usable

    def noted(self: DjangosWrapper) -> bool:
        found.append(is_usable(self))
        return found[-1]

    monkeypatch.setattr(DjangosWrapper, "is_usable", noted)
    return found


def test_connection_is_asked_once_a_second_and_a_lost_one_replaced(django_db_blocker: Any, asked: list[bool]) -> None:
    if connections["default"].vendor != "postgresql":
        pytest.skip("no DGREADY_TEST_DATABASE_URL")
    with django_db_blocker.unblock():
        ours, other = (connections["default"].copy() for _ in range(2))
        try:
            ours.health_check_enabled = True
            for _request in range(3):
                ours.close_if_unusable_or_obsolete()
                ours.health_check_enabled = True
                with ours.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    pid = cursor.fetchone()[0]
            assert asked == [True], "a silent line that answered a moment ago is not asked again"
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            ours.close_if_unusable_or_obsolete()
            ours.health_check_enabled = True
            with ours.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                assert cursor.fetchone()[0] != pid
            assert asked == [True, False]
        finally:
            ours.close()
            other.close()


def test_hosts_begin_with_the_one_that_answered() -> None:
    assert beginning_with(("b", "5433"), "a,b,c", "5432,5433,5434") == ("b,a,c", "5433,5432,5434")
    assert beginning_with(("b", "5432"), "a,b", "") == ("b,a", ",")
    assert beginning_with(("b", "5432"), "a,b", "5432") == ("b,a", "5432,5432")
    assert beginning_with(("x", "5432"), "a,b", "5432,5433") == ("a,b", "5432,5433")


def test_a_server_that_is_gone_is_asked_last(django_db_blocker: Any) -> None:
    if connections["default"].vendor != "postgresql":
        pytest.skip("no DGREADY_TEST_DATABASE_URL")
    gone = str(free_port())
    with django_db_blocker.unblock():
        line = connections["default"].copy()
        host, port = str(line.settings_dict["HOST"]), str(line.settings_dict["PORT"])
        options = {**line.settings_dict["OPTIONS"], "target_session_attrs": "read-write"}
        given = {"HOST": f"{host},{host}", "PORT": f"{gone},{port}", "OPTIONS": options}
        line.settings_dict = {**line.settings_dict, **given}
        try:
            assert line.get_connection_params()["port"] == f"{gone},{port}"
            with line.cursor() as cursor:
                cursor.execute("SELECT 1")
            assert line.get_connection_params()["port"] == f"{port},{gone}"
        finally:
            line.close()
