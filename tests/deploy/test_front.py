"""What the shipped proxies say of a client, where they send it, and what they tell when nobody answers."""

from __future__ import annotations

import json
import re
import ssl
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from dgready import limits
from tests.deploy.front import echo, names, outer_proxy, own_certificate, site, started
from tests.installation import ROOT, free_port
from tests.proxy import PROGRAM

needs_nginx = pytest.mark.skipif(not PROGRAM, reason="nginx is not installed")
FILES = ("nginx.conf", "proxy/inner.conf", "proxy/nginx-site.conf")
SPOOFED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "http",
    "X-Real-IP": "203.0.113.9",
    "SCRIPT_NAME": "/evil",
}


def ask(connection: HTTPConnection, path: str = "/", method: str = "GET", **headers: str) -> tuple[HTTPResponse, str]:
    """The answer and its text."""
    lines = {name.replace("_", "-") if name != "SCRIPT_NAME" else name: value for name, value in headers.items()}
    connection.request(method, path, headers={"Host": "dgready.example.org", **lines})
    try:
        answer = connection.getresponse()
        return answer, answer.read().decode()
    finally:
        connection.close()


def secure(port: int) -> HTTPSConnection:
    """A line by TLS; the certificate is made for the test."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return HTTPSConnection("127.0.0.1", port, timeout=30, context=context)


@pytest.fixture(params=["nginx.conf", "proxy/nginx-site.conf"])
def ends_tls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[int, int]]:
    """The ports of HTTP and HTTPS of a proxy with its own certificate."""
    http, https, port = free_port(), free_port(), free_port()
    if request.param == "nginx.conf":
        changes = own_certificate(f"127.0.0.1:{port}", "127.0.0.1", http, https)
    else:
        changes = site(f"127.0.0.1:{port}", http, https)
    with echo("127.0.0.1", port), started(request.param, tmp_path / "nginx", changes, https):
        yield http, https


@pytest.mark.slow
@needs_nginx
def test_a_client_cannot_say_who_it_is(ends_tls: tuple[int, int]) -> None:
    http, https = ends_tls
    _, text = ask(secure(https), **SPOOFED)
    told = json.loads(text)
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["x-forwarded-proto"] == "https"
    assert told["host"] == "dgready.example.org"
    assert "script_name" not in told
    answer, _ = ask(HTTPConnection("127.0.0.1", http, timeout=30), "/a/?b=1")
    assert (answer.status, answer.headers["Location"]) == (308, "https://dgready.example.org/a/?b=1")


@pytest.mark.slow
@needs_nginx
def test_an_outer_proxy_is_believed_and_nobody_else(tmp_path: Path) -> None:
    """Requests from 127.0.0.1 stand for the outer proxy; when that is no outer proxy, for anybody."""
    from_outer = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}
    port, listening = free_port(), free_port()
    with echo("127.0.0.1", port):
        changes = outer_proxy(f"127.0.0.1:{port}", listening)
        with started("proxy/inner.conf", tmp_path / "trusted", changes, listening):
            line = HTTPConnection("127.0.0.1", listening, timeout=30)
            told = json.loads(ask(line, **from_outer)[1])
            assert (told["x-forwarded-for"], told["x-forwarded-proto"]) == ("198.51.100.7", "https")
            told = json.loads(ask(line, **{"X-Forwarded-For": "203.0.113.9, 2001:db8::7"})[1])
            assert (told["x-forwarded-for"], told["x-forwarded-proto"]) == ("2001:db8::7", "http")
            told = json.loads(ask(line)[1])
            assert (told["x-forwarded-for"], told["x-forwarded-proto"]) == ("127.0.0.1", "http")
        listening = free_port()
        changes = {**outer_proxy(f"127.0.0.1:{port}", listening), "127.0.0.0/8 1;": "198.51.100.0/24 1;"}
        with started("proxy/inner.conf", tmp_path / "anybody", changes, listening):
            told = json.loads(ask(HTTPConnection("127.0.0.1", listening, timeout=30), **from_outer)[1])
            assert (told["x-forwarded-for"], told["x-forwarded-proto"]) == ("127.0.0.1", "http")


@pytest.mark.slow
@needs_nginx
def test_several_web_containers_share_the_work_and_a_form_is_sent_to_one(tmp_path: Path) -> None:
    """`--scale web=2`: one name with two addresses. What one of them dropped may be saved: it is not sent again."""
    port, http, https = free_port(), free_port(), free_port()
    with (
        names(["127.0.0.1", "127.0.0.2"]) as resolver,
        echo("127.0.0.2", port) as second,
        started(
            "nginx.conf",
            tmp_path / "nginx",
            own_certificate(f"web:{port}", f"127.0.0.1:{resolver}", http, https),
            https,
        ),
    ):
        line = secure(https)
        assert {ask(line)[0].status for _ in range(6)} == {200}, "the first is away, the second takes all"
        with echo("127.0.0.1", port, drops=True) as first:
            time.sleep(1.2)  # the name is looked up again, and who did not answer is tried again
            assert {ask(line)[0].status for _ in range(8)} == {200}
            assert first.asked, "both are asked"
            assert second.asked
            assert {ask(line, "/drop")[0].status for _ in range(4)} == {200}, "reading is tried at the other"
            answers = [ask(line, "/drop/form", "POST") for _ in range(6)]
            posts = first.asked.count("POST /drop/form"), second.asked.count("POST /drop/form")
            assert sum(posts) == 6, "each once"
            refused = [text for answer, text in answers if answer.status == 503]
            assert len(refused) == posts[0] > 0
            assert all("อาจบันทึกแล้ว" in text for text in refused), "says that it may be saved"


@pytest.mark.slow
@needs_nginx
def test_an_answer_that_comes_too_late_says_that_it_may_be_saved(tmp_path: Path) -> None:
    """Not as 503, after which a script would send the form again by itself."""
    port, http, https = free_port(), free_port(), free_port()
    slow = {**own_certificate(f"127.0.0.1:{port}", "127.0.0.1", http, https), "read_timeout 300s": "read_timeout 1s"}
    with echo("127.0.0.1", port) as server, started("nginx.conf", tmp_path / "nginx", slow, https):
        server.shutdown()  # takes connections and says nothing
        answer, text = ask(secure(https), "/r/1/answer/T1/", "POST")
        assert answer.status == 504
        assert "อาจบันทึกแล้ว" in text
        assert answer.headers["Retry-After"] is None
        assert "อาจบันทึกแล้ว" not in ask(secure(https), "/")[1]


@pytest.mark.slow
@needs_nginx
def test_a_file_that_the_proxy_hands_out_binds_browsers_to_https_too(tmp_path: Path) -> None:
    """nginx drops what the application said of the answer but for a few lines."""
    port, store, http, https = free_port(), free_port(), free_port(), free_port()
    folder = tmp_path / "var" / "files"
    folder.mkdir(parents=True)
    (folder / "one").write_text("one")
    changes = own_certificate(f"127.0.0.1:{port}", "127.0.0.1", http, https)
    changes |= {"store:9000": f"127.0.0.1:{store}", "/srv/var/": f"{tmp_path}/var/"}
    with (
        echo("127.0.0.1", port),
        echo("127.0.0.1", store) as bucket,
        started("nginx.conf", tmp_path / "nginx", changes, https),
    ):
        for inner in ("/_stored/files/one", "/_store/bucket/one"):
            answer, _ = ask(secure(https), f"/handed{inner}")
            assert answer.status == 200
            assert answer.headers.get_all("Strict-Transport-Security") == ["max-age=7"]
            assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert ask(secure(https), inner)[0].status in (404, 503), "nobody from outside"
        assert bucket.asked == ["GET /bucket/one"]


# -- limits that fit each other -------------------------------------------------------------------


def seconds(name: str, text: str) -> int:
    """A time of a configuration."""
    found = re.search(rf"^\s*{name}[ =]+(\d+)s?\b", text, re.MULTILINE)
    assert found, name
    return int(found[1])


def read(name: str) -> str:
    """A file of deploy/."""
    return (ROOT / "deploy" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*FILES, "proxy/Caddyfile"])
def test_the_proxy_waits_longer_than_a_page_can_take(name: str) -> None:
    """Each part of a page may keep it waiting once, the queue as long again; else a save is taken after an error."""
    times: limits.DatabaseTimes = settings.DATABASE_TIMES
    statement = 30  # DATABASE_STATEMENT_SECONDS; tests have that of tasks where there is no Redis
    store: limits.CallTimes = settings.S3_TIMES
    longest = times.connect + times.lock + statement + store.attempts * (store.connect + store.answer)
    waits = seconds("response_header_timeout" if name.endswith("Caddyfile") else "proxy_read_timeout", read(name))
    assert waits >= 2 * longest
    assert waits >= seconds("timeout", read("gunicorn.conf.py"))


def test_caddy_refuses_what_is_too_long_in_the_words_of_nginx() -> None:
    """By the length that the browser tells, before a byte is passed on; its own refusal would be a 502."""
    nginx, caddy = read("nginx.conf"), read("proxy/Caddyfile")
    told = re.findall(r"<!DOCTYPE html>.*?ใหญ่เกินไป.*?</html>", nginx)
    assert told == re.findall(r"<!DOCTYPE html>.*?ใหญ่เกินไป.*?</html>(?=` 413)", caddy)
    most = int(re.findall(r"max_size (\d+)MB", caddy)[0]) * 10**6
    assert (
        settings.FORM_FILE_BYTES + (1 << 20) < most <= int(re.findall(r"client_max_body_size (\d+)m", nginx)[0]) << 20
    )
    (pattern,) = re.findall(r"header_regexp Content-Length (\S+)", caddy)
    lengths = (0, 9, most // 10, most - 1, most, most * 2 - 1, 9 * 10**7, 10**8, 10**9 - 1, 10**9)
    assert [n for n in lengths if re.search(pattern, str(n))] == [n for n in lengths if n >= most]
    assert caddy.index("error @long 413") < caddy.index("handle_errors")


def test_who_is_answered_is_answered_to_the_end() -> None:
    """Programs are killed only after the time that they take themselves to end."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    graceful = seconds("graceful_timeout", read("gunicorn.conf.py"))
    grace = {name: service.get("stop_grace_period", "10s") for name, service in services.items()}
    assert int(grace["web"].removesuffix("s")) >= graceful + 5
    assert int(grace["proxy"].removesuffix("s")) >= graceful + 5
    assert grace["worker"] == "2m"
    for name in ("web", "worker", "beat", "store"):
        told = grace[name].replace("2m", "120s")
        assert seconds("TimeoutStopSec", read(f"systemd/dgready-{name}.service")) == int(told.removesuffix("s"))


def rules(name: str) -> set[str]:
    """The lines of a configuration, without comments and places."""
    text = re.sub(r"(?m)(^|\s)#.*", "", read(name))
    for place in ("web:8000", "store:9000", "127.0.0.1:8000", "127.0.0.1:9000", "/srv/var/", "/var/lib/dgready/"):
        text = text.replace(place, "PLACE")
    return {" ".join(line.split()) for line in text.splitlines() if line.strip()}


OF_MAIN_FILE = {
    "worker_processes auto;",
    "worker_rlimit_nofile 16384;",
    "pid /run/nginx.pid;",
    "error_log /dev/stderr warn;",
    "events {",
    "worker_connections 4096;",
    "http {",
    "include /etc/nginx/mime.types;",
    "default_type application/octet-stream;",
    "resolver 127.0.0.11 valid=10s ipv6=off;",
    "listen PLACE;",
    "return 204;",
}


def others(rules: set[str], *beginnings: str) -> set[str]:
    """Those that begin in no such way."""
    return {rule for rule in rules if not rule.startswith(beginnings)}


def test_the_inner_proxy_is_the_other_without_its_certificate() -> None:
    own, inner = rules("nginx.conf"), rules("proxy/inner.conf")
    client = ("limit_conn_zone", "proxy_set_header X-Forwarded-")
    certificate = ("ssl_", "listen 80 ", "listen 443 ", "location /.well-known/", "root /etc/nginx/tls/", "return 308")
    certificate += ("location /api/", "return 403")  # without TLS the application refuses a program itself
    assert others(own - inner, *client, *certificate) == set()
    assert others(inner - own, *client, "listen 8080", "geo ", "map ", "default ", "1", '"') == set()


def test_the_sample_for_debian_is_the_other_as_a_site() -> None:
    own, sample = rules("nginx.conf"), rules("proxy/nginx-site.conf")
    places = (
        "ssl_certificate",
        "ssl_session_cache",
        "listen ",
        "limit_conn",
        "root ",
        "return 308",
        "resolver_timeout",
    )
    assert others(own - sample - OF_MAIN_FILE, *places) == set()
    named = {"server_name dgready.example.org;", "error_log /var/log/nginx/dgready.log warn;"}
    assert others(sample - own, *places) == named
