"""Whatever waits for another program has a time limit: as the settings say, and as a port that never answers shows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from dgready import limits
from tests.bare_environment import bare_environment
from tests.frame.frozen import frozen_port
from tests.frame.test_settings import COMPLETE, ROOT, start

TIMES = limits.DatabaseTimes(connect=1, lock=2, statement=3, idle=4, silence=30)
POSTGRES = {"ENGINE": "django.db.backends.postgresql"}
SHOW = """
import json
from dgready import settings as s
print(json.dumps({
    "database": s.DATABASES["default"]["OPTIONS"],
    "cache": s.CACHES["default"].get("OPTIONS"),
    "queue": s.CELERY_BROKER_TRANSPORT_OPTIONS,
    "task": [s.CELERY_TASK_SOFT_TIME_LIMIT, s.CELERY_TASK_TIME_LIMIT],
    "mail": s.EMAIL_TIMEOUT,
}))
"""
WEB = {**COMPLETE, "DGREADY_PROCESS": "web"}


def shown(folder: Path, variables: dict[str, str]) -> Any:
    """The limits of an installation with these variables."""
    done = start(variables, folder, SHOW)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def milliseconds(options: str) -> dict[str, int]:
    """What libpq tells the server on connecting."""
    return {name: int(value) for name, value in re.findall(r"-c (\w+)=(\d+)", options)}


# -- as the settings say --------------------------------------------------------------------------


def test_every_service_has_a_limit(tmp_path: Path) -> None:
    found = shown(tmp_path, WEB)
    assert found["database"]["connect_timeout"] == 5
    assert milliseconds(found["database"]["options"]) == {
        "statement_timeout": 30_000,
        "lock_timeout": 20_000,
        "idle_in_transaction_session_timeout": 60_000,
        # Of the server's side: the locks of a machine that vanished end after so long.
        "tcp_keepalives_idle": 10,
        "tcp_keepalives_interval": 3,
        "tcp_keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }
    assert found["cache"] == {"socket_connect_timeout": 0.25, "socket_timeout": 0.25}
    assert found["queue"] == {"visibility_timeout": 3600, "max_retries": 0, **found["cache"]}
    assert found["mail"] == 20
    assert 0 < found["task"][0] < found["task"][1] == 900


def test_long_work_has_more_time_than_a_page(tmp_path: Path) -> None:
    job = milliseconds(shown(tmp_path, COMPLETE)["database"]["options"])
    assert shown(tmp_path, COMPLETE)["queue"] == {
        "visibility_timeout": 3600,
        "socket_connect_timeout": 3,
        "socket_timeout": 5,
    }
    assert job["statement_timeout"] == job["idle_in_transaction_session_timeout"] == 900_000
    # Embedded, one process does both.
    alone = {"DGREADY_PROCESS": "web", "DATABASE_URL": COMPLETE["DATABASE_URL"]}
    assert milliseconds(shown(tmp_path, alone)["database"]["options"]) == job


@pytest.mark.slow
def test_only_the_web_process_says_that_it_is_one(tmp_path: Path) -> None:
    script = "import {} as m; from django.conf import settings; print(settings.HURRIED)"
    variables = {"REDIS_URL": "redis://127.0.0.1:1/0"}
    assert start(variables, tmp_path, script.format("dgready.wsgi")).stdout.strip() == "True"
    assert start(variables, tmp_path, script.format("dgready.celery")).stdout.strip() == "False"


def test_an_operator_can_change_them(tmp_path: Path) -> None:
    changed = {"DATABASE_STATEMENT_SECONDS": "7", "REDIS_SECONDS": "2", "EMAIL_SECONDS": "3", "TASK_SECONDS": "3000"}
    assert shown(tmp_path, {**COMPLETE, **changed})["queue"]["socket_timeout"] == 2
    found = shown(tmp_path, {**WEB, **changed, "DATABASE_URL": COMPLETE["DATABASE_URL"] + "?sslmode=require"})
    assert milliseconds(found["database"]["options"])["statement_timeout"] == 7000
    assert found["database"]["sslmode"] == "require"
    assert found["mail"] == 3
    assert found["queue"]["visibility_timeout"] == 6000  # never while a task may still be at it


def test_sqlite_waits_for_its_lock(tmp_path: Path) -> None:
    assert shown(tmp_path, {})["database"]["timeout"] == 20
    assert limits.database_options({"ENGINE": "django.db.backends.sqlite3"}, TIMES) == {"timeout": 2}


def test_what_the_address_says_wins() -> None:
    own = {"connect_timeout": 9, "options": "-c search_path=x"}
    found = limits.database_options({**POSTGRES, "OPTIONS": own}, TIMES)
    assert found["connect_timeout"] == 9
    assert found["options"].endswith(" -c search_path=x")


# -- a service that takes the connection and says nothing -----------------------------------------


@pytest.mark.slow
def test_nobody_waits_for_a_service_that_says_nothing(tmp_path: Path) -> None:
    with frozen_port() as port:
        variables = {
            **bare_environment(),
            "DJANGO_SETTINGS_MODULE": "dgready.settings",
            "DGREADY_VAR": str(tmp_path),
            "DATABASE_URL": f"postgres://dgready:secret@127.0.0.1:{port}/dgready",
            "REDIS_URL": f"redis://127.0.0.1:{port}/0",
            "S3_ENDPOINT": f"http://127.0.0.1:{port}",
            **dict.fromkeys(("S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY"), "sample"),
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            **{f"{name}_SECONDS": "1" for name in ("REDIS", "S3", "EMAIL", "DATABASE_CONNECT")},
        }
        command = [sys.executable, "-m", "tests.frame.frozen", str(port)]
        done = subprocess.run(
            command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=120
        )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    waited, error = found.pop("cache")  # it is done without
    assert (waited < 5, error) == (True, "")
    assert [name for name, (_seconds, error) in found.items() if not re.search("(?i)time.?out|timed out", error)] == []
    # Twice one second to connect or to be answered; the rest is room for a machine that does other work.
    assert {name: seconds for name, (seconds, _error) in found.items() if seconds > 60} == {}


# -- PostgreSQL -----------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_server_knows_the_limits() -> None:
    with connection.cursor() as cursor:
        for name, seconds in (
            ("statement_timeout", settings.TASK_SECONDS),
            ("lock_timeout", 20),
            ("tcp_user_timeout", 20),
        ):
            cursor.execute("SELECT setting FROM pg_settings WHERE name = %s", [name])
            assert cursor.fetchone() == (str(seconds * 1000),)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_limits_cost_no_query() -> None:
    asked = []
    for options in (connection.settings_dict["OPTIONS"], {}):
        other = connection.copy()
        other.settings_dict = {**connection.settings_dict, "OPTIONS": options}
        with CaptureQueriesContext(other) as queries:
            other.connect()
            other.close()
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "says"), [("SELECT pg_sleep(20)", "statement timeout"), ("LOCK accounts_user", "lock timeout")]
)
def test_a_statement_ends_when_its_time_is_over(statement: str, says: str) -> None:
    short = limits.DatabaseTimes(connect=5, lock=1, statement=2, idle=10, silence=30)
    other = connection.copy()
    other.settings_dict = {**connection.settings_dict, "OPTIONS": limits.database_options(POSTGRES, short)}
    with connection.cursor() as holder:
        holder.execute("BEGIN; LOCK accounts_user")
        started = time.monotonic()
        try:
            with pytest.raises(OperationalError, match=says), other.cursor() as cursor:
                cursor.execute(f"BEGIN; {statement}")
        finally:
            other.close()
            holder.execute("ROLLBACK")
    assert time.monotonic() - started < 10
