"""Which statements the tests of the first run alone send: what a mark `any_database` takes from PostgreSQL.

    .venv/bin/python -m pytest -q -n 2 -p tests.statements --ignore=tests/browser -m "not no_database or any_database"

A statement is its text with numbers and lists of values left out. The summary names each one that only tests marked
`any_database` send, with one of them: it loses nothing when another test that stays sends it too. Pages are sent by
tests/test_matrix.py and tests/test_forms.py, which are `once`; so they are run along. Not part of any run by itself.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

FOLDER = Path(__file__).resolve().parents[1] / "var" / "statements"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_now = ["", False]  # the running test, and whether it runs on one database only
_sent: dict[bool, dict[str, str]] = {True: {}, False: {}}  # statement → a test that sends it


@lru_cache(maxsize=200_000)
def bare(sql: str) -> str:
    """A statement without what differs from call to call."""
    if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
        return "SAVEPOINT"
    sql = re.sub(r"(%s)(, *%s)+", "%s", re.sub(r"\d{3,}", "N", sql))
    return re.sub(r"\(%s\)(, *\(%s\))+", "(%s)", sql)


def _noting(send: Callable[..., Any]) -> Callable[..., Any]:
    def sends(self: CursorWrapper, sql: str, *args: Any, **named: Any) -> Any:
        name, only = _now
        _sent[bool(only)].setdefault(bare(str(sql)), str(name))
        return send(self, sql, *args, **named)

    return sends


def pytest_sessionstart() -> None:
    """Listens from now on."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not WORKER:  # of all processes this one begins first
        for old in FOLDER.glob("*.json"):
            old.unlink()
    # Prepared statements go around Django's cursor where nobody listens.
    BaseDatabaseWrapper.queries_logged = True  # type: ignore[assignment]
    for name in ("execute", "executemany"):
        setattr(CursorWrapper, name, _noting(getattr(CursorWrapper, name)))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Says whose statements follow."""
    _now[:] = [item.nodeid, item.get_closest_marker("no_database") is not None]
    return (yield)  # type: ignore[return-value]


def pytest_sessionfinish() -> None:
    """Keeps what this process has heard."""
    told = {"first": _sent[True], "both": _sent[False]}
    (FOLDER / f"{WORKER or 'main'}.json").write_text(json.dumps(told), encoding="utf-8")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What all processes have heard together."""
    heard = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.json"))]
    both = {sql for one in heard for sql in one["both"]}
    lost = {sql: test for one in heard for sql, test in one["first"].items() if sql not in both}
    terminalreporter.section(f"{len(both)} statements stay on both databases, {len(lost)} on the first alone")
    for sql, test in sorted(lost.items(), key=lambda found: found[1]):
        terminalreporter.write_line(f"{test}: {sql[:300]}")
