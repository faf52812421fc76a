"""Two hundred sockets of one byte a second, at the web process as it ships: a page and a save answer as ever."""

from __future__ import annotations

import os
import ssl
import time
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import HTTPError

import pytest

from tests.at_work import AtWork, at_work, make_worker_trial
from tests.installation import Installation, served
from tests.proxy import PROGRAM, Proxy, nginx
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
    late = {"page": 4 * GENEROUS, "upload": 4 * GENEROUS}  # they are work for the processor too
    assert {kind: seconds for kind, seconds in figures.items() if seconds > late.get(kind, GENEROUS)} == {}


def long_answer(at: Installation) -> bytes:
    """The request of our longest static file."""
    folder = at.folder / "static"
    longest = max((f for f in folder.rglob("*.*") if f.is_file()), key=lambda f: f.stat().st_size)
    return f"GET /static/{longest.relative_to(folder)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def start_person(url: str, origin: str) -> AtWork:
    person = at_work(url, make_worker_trial())
    person.caller.opener.addheaders = [("Origin", origin)]  # as a browser does
    person.sign_in()
    for _ in range(4):  # each process compiles the form once
        person.page()
    return person


@pytest.mark.slow
@pytest.mark.skipif("DGREADY_TEST_DATABASE_URL" in os.environ, reason="the embedded installation has SQLite")
def test_slow_clients_hold_up_nobody(transactional_db: None, tmp_path: Path) -> None:
    with served(tmp_path / "var", EMBEDDED) as at:
        person = start_person(at.url, at.url)
        with slow_clients(at.port, 200, long_answer(at)):
            assert_all_is_well(at.url, person, "embedded, 200 slow sockets:")
        log = at.log("web")
        assert "Traceback" not in log, log


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.skipif(not PROGRAM, reason="nginx is not installed")
def test_slow_clients_stay_at_the_proxy(transactional_db: None, tmp_path: Path) -> None:
    more = {"TRUSTED_PROXIES": "1", "WEB_PROCESSES": "2"}
    with served(tmp_path / "var", more) as at, nginx(tmp_path / "nginx", at.port) as proxy:
        person = start_person(proxy.url, f"https://127.0.0.1:{proxy.plain}")
        with slow_clients(proxy.plain, 200, long_answer(at)):
            assert_all_is_well(proxy.url, person, "nginx, 200 slow sockets:")
        assert_speaks_for_itself(proxy)
        log = at.log("web")
        assert "Traceback" not in log, log
        at.kill("web")
        with pytest.raises(HTTPError, match="503") as refused:
            healthz(proxy.url)
        assert refused.value.headers["Retry-After"] == "10"
        assert "ระบบยังไม่ตอบ" in refused.value.read().decode()


def assert_speaks_for_itself(proxy: Proxy) -> None:
    """TLS, the way to it, and what is too long."""
    context = ssl.create_default_context(cafile=None)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with urllib.request.urlopen(f"https://127.0.0.1:{proxy.https}/healthz", timeout=60, context=context) as got:
        assert got.status == 200
    line = HTTPConnection("127.0.0.1", proxy.http, timeout=60)
    line.request("GET", "/a?b=1")
    sent_to = line.getresponse()
    assert (sent_to.status, sent_to.headers["Location"]) == (308, "https://127.0.0.1/a?b=1")
    line.close()
    line = HTTPConnection("127.0.0.1", proxy.plain, timeout=60)
    line.putrequest("POST", "/accounts/sign-in/")
    line.putheader("Content-Length", str(70 << 20))
    line.endheaders()
    refused = line.getresponse()
    assert refused.status == 413
    assert "ไฟล์ใหญ่เกินไป" in refused.read().decode()
    line.close()
