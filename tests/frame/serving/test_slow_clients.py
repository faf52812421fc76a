"""Two hundred sockets of one byte a second, at the web process as it ships: a page and a save answer as ever."""

from __future__ import annotations

import time
import urllib.request
from pathlib import Path

import pytest

from tests.at_work import AtWork, at_work, make_worker_trial
from tests.installation import Installation, served
from tests.slow_clients import slow_clients

GENEROUS = 5.0  # seconds on a machine that does other work; alone it is a few hundredths
EMBEDDED = {"REDIS_URL": "", "WEB_THREADS": "8"}


def healthz(url: str) -> float:
    """Seconds until it answers."""
    started = time.monotonic()
    with urllib.request.urlopen(f"{url}/healthz", timeout=60) as got:
        assert got.status == 200
    return time.monotonic() - started


def assert_all_is_well(url: str, person: AtWork, what: str) -> None:
    person.times.clear()
    longest = 0.0
    for _ in range(5):
        longest = max(longest, healthz(url))
        person.save()
        person.page()
        time.sleep(0.3)
    assert person.attach().status == 200
    figures = {"healthz": longest, **person.times}
    print(what, {kind: round(seconds, 3) for kind, seconds in figures.items()})
    assert {kind: seconds for kind, seconds in figures.items() if seconds > GENEROUS} == {}


def long_page(person: AtWork) -> bytes:
    """The request of a page that is longer than what a kernel keeps for a slow reader."""
    cookies = "; ".join(f"{c.name}={c.value}" for c in person.caller.jar)
    return f"GET /r/{person.response}/fill/cover/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n".encode()


def start_person(at: Installation, url: str) -> AtWork:
    person = at_work(url, make_worker_trial())
    person.sign_in()
    person.page()
    return person


@pytest.mark.slow
def test_slow_clients_hold_up_nobody(transactional_db: None, tmp_path: Path) -> None:
    with served(tmp_path / "var", EMBEDDED) as at:
        person = start_person(at, at.url)
        for kind, page in (("writers", b""), ("writers and readers", long_page(person))):
            with slow_clients(at.port, 200, page):
                assert_all_is_well(at.url, person, f"embedded, 200 slow {kind}:")
        log = at.log("web")
        assert "Traceback" not in log, log
