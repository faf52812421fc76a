"""While no database leads: pages, forms, scripts and programs are asked to come again, and nothing typed is lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.cache import cache
from django.db import DatabaseError, InternalError, OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse
from psycopg2 import errors

from accounts.roles import Role
from dgready.database_away import is_database_away
from dgready.page_owner import OWNER_FIELD, page_owner
from survey.models import Answer
from tests.flow import Flow, make_flow
from tests.installation import free_port
from tests.people import People
from tests.reports.api.conftest import program_of

JSON = {"HTTP_ACCEPT": "application/json", "HTTP_X_REQUESTED_WITH": "fetch"}


def of_server(kind: type[psycopg2.Error], code: str) -> psycopg2.Error:
    """A fault of the driver as a server with that code causes it."""
    fault = kind()
    fault.__setstate__({"pgcode": code})  # type: ignore[attr-defined]
    return fault


def refused() -> psycopg2.Error:
    try:
        psycopg2.connect(host="127.0.0.1", port=free_port(), connect_timeout=2)
    except psycopg2.Error as fault:
        return fault
    raise AssertionError("somebody listens there")


@contextmanager
def no_database(fault: Exception | None = None) -> Iterator[list[str]]:
    """Each statement fails as on a line that was cut; yields those that were tried."""
    tried: list[str] = []

    def fail(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        tried.append(sql)
        raise OperationalError("cut") from (fault or psycopg2.OperationalError("server closed the connection"))

    with connection.execute_wrapper(fail):
        yield tried


@pytest.fixture
def flow(people: People) -> Flow:
    return make_flow(people)


@pytest.fixture
def visitor(flow: Flow) -> Client:
    """The secretariat, told of faults as a browser is."""
    client = Client(raise_request_exception=False)
    client.force_login(flow.secretariat)
    return client


def card(flow: Flow) -> str:
    return reverse("survey:answer", args=[flow.response.pk, "T5.2"])


def test_which_faults_mean_it() -> None:
    away = [
        refused(),
        of_server(errors.AdminShutdown, "57P01"),
        of_server(errors.CannotConnectNow, "57P03"),
        of_server(errors.TooManyConnections, "53300"),
        of_server(errors.ReadOnlySqlTransaction, "25006"),
        of_server(errors.ConnectionFailure, "08006"),
        psycopg2.InterfaceError("connection already closed"),
    ]
    here = [
        of_server(errors.LockNotAvailable, "55P03"),
        of_server(errors.QueryCanceled, "57014"),
        of_server(errors.UniqueViolation, "23505"),
        psycopg2.ProgrammingError("no results to fetch"),
        psycopg2.InterfaceError("cursor already closed"),
        sqlite3.OperationalError("near: syntax error"),
        ConnectionError("of the store"),
    ]
    for fault in (*away, *here):
        told = InternalError("as Django tells it")
        told.__cause__ = fault
        assert (is_database_away(fault), is_database_away(told)) == (fault in away,) * 2, repr(fault)
    later = transaction.TransactionManagementError("broken by the one before")
    later.__context__ = away[0]
    assert is_database_away(later)
    bug = KeyError("while handling it")
    bug.__context__ = away[0]
    assert not is_database_away(bug)
    assert not is_database_away(None)


def test_a_file_that_cannot_be_opened_means_it(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite3.connect(tmp_path / "none" / "db.sqlite3")
    assert is_database_away(caught.value)


@pytest.mark.parametrize("with_session", [True, False], ids=["session cached", "session unread"])
def test_a_page_says_it_and_asks_nobody_again(flow: Flow, visitor: Client, with_session: bool) -> None:
    if not with_session:
        cache.clear()
    before = dict(visitor.cookies)
    with no_database() as tried:
        got = visitor.get(reverse("survey:fill", args=[flow.response.pk, "1.2.2"]))
    text = got.content.decode()
    assert (got.status_code, got["Retry-After"]) == (503, "10")
    assert len(tried) == 1, tried
    assert "no-store" in got["Cache-Control"]
    assert "Content-Security-Policy" in got
    for words in ("ฐานข้อมูลยังไม่ตอบ", "The database does not answer yet"):
        assert words in text
    assert "คลังไฟล์" not in text
    assert not got.cookies, "the session stays as it is"
    assert visitor.cookies == before
    assert visitor.get(reverse("survey:fill", args=[flow.response.pk, "1.2.2"])).status_code == 200


def test_any_other_fault_is_a_fault(flow: Flow, visitor: Client) -> None:
    with no_database(of_server(errors.QueryCanceled, "57014")):
        assert visitor.get("/").status_code == 500


def test_a_form_shows_what_was_typed_and_to_press_again(flow: Flow, visitor: Client) -> None:
    data = {"_revision": "0", "T5.2": "หลักสูตร <b> ใหม่"}
    with no_database() as tried:
        got = visitor.post(card(flow), {**data, OWNER_FIELD: page_owner(flow.secretariat)})
        foreign = visitor.post(card(flow), data).content.decode()
    text = got.content.decode()
    assert (got.status_code, got["Retry-After"]) == (503, "10")
    assert len(tried) == 2, tried
    assert "กดอีกครั้ง" in text
    assert "หลักสูตร &lt;b&gt; ใหม่" in text
    assert "กดอีกครั้ง" in foreign
    assert "หลักสูตร" not in foreign, "what a form of elsewhere sent is not shown as ours"


def test_a_script_is_told_in_json_and_its_save_is_taken_later(flow: Flow, visitor: Client) -> None:
    data = {"_revision": "0", "T5.2": "พิมพ์ไว้"}
    with no_database():
        got = visitor.post(card(flow), data, **JSON)
    assert (got.status_code, got["Retry-After"], got.json()) == (503, "10", {"error": "away"})
    assert not Answer.objects.exists()
    assert visitor.post(card(flow), data, **JSON).status_code == 200
    assert Answer.objects.get().value == {"T5.2": "พิมพ์ไว้"}


def test_a_program_is_told_in_json(people: People) -> None:
    program = program_of(people.who(Role.SECRETARIAT), people.a)
    with no_database():
        got = program.ask("rounds")
    assert (got.status_code, got["Retry-After"], got.json()["error"]) == (503, "10", "away")
    assert program.ask("rounds").status_code == 200


def test_liveness_does_not_mind(db: None) -> None:
    with no_database() as tried:
        assert Client().get("/healthz").json() == {"ok": True}
    assert not tried


@pytest.mark.postgres
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sql", ["SELECT pg_terminate_backend(pg_backend_pid())", "CREATE TABLE away (id int)"])
def test_a_line_that_is_cut_and_a_standby(sql: str) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET TRANSACTION READ ONLY; {sql}")
    assert is_database_away(caught.value)
