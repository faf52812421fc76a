"""The web server's guard on raw sockets: whole requests, kept lines, refusals, ends of patience."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.installation import ROOT, free_port, until
from tests.slow_clients import LONG, ended

pytestmark = pytest.mark.slow


class Server(NamedTuple):
    port: int
    log: Path
    process: int

    @property
    def spooled(self) -> int:
        """How many bytes of bodies its workers have put into files, which have no name any more."""
        workers = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        total = 0
        for fd in (fd for worker in workers for fd in Path(f"/proc/{worker}/fd").iterdir()):
            with suppress(OSError):  # closed meanwhile
                found = fd.stat()
                total += found.st_size if stat.S_ISREG(found.st_mode) and not found.st_nlink else 0
        return total


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """gunicorn as it ships around the small application."""
    with serving(tmp_path_factory.mktemp("serving")) as made:
        yield made


@contextmanager
def serving(folder: Path, *more: str) -> Iterator[Server]:
    """The same, with more on its command line."""
    port, log = free_port(), folder / "log"
    words = [
        "--config",
        "deploy/gunicorn.conf.py",
        "--worker-tmp-dir",
        str(folder),
        "--bind",
        f"127.0.0.1:{port}",
        *more,
    ]
    environment = {"PATH": os.environ["PATH"], "DGREADY_VAR": str(folder), "WEB_THREADS": "2"}
    command = [sys.executable, "-m", "gunicorn", *words, "tests.frame.serving.echo"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    try:
        until(lambda: can_connect(port), lambda: log.read_text())
        yield Server(port, log, process.pid)
    finally:
        process.terminate()
        process.wait(30)
    assert "Traceback" not in log.read_text(), log.read_text()


def can_connect(port: int) -> bool:
    with suppress(OSError), line(port) as sock:
        return exchange(sock, get("/")).startswith(b"HTTP/1.1 200")
    return False


@contextmanager
def line(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
        yield sock


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def post(path: str, body: bytes, *more: str) -> bytes:
    head = "\r\n".join([f"POST {path} HTTP/1.1", "Host: a", f"Content-Length: {len(body)}", *more])
    return f"{head}\r\n\r\n".encode() + body


def told(method: str, path: str, body: bytes) -> bytes:
    return f"{method} {path} {len(body)} {sha256(body).hexdigest()}".encode()


def exchange(sock: socket.socket, request: bytes) -> bytes:
    """Sends and reads until nothing more is heard for the length that the answer tells."""
    sock.sendall(request)
    return answer(sock)


def answer(sock: socket.socket) -> bytes:
    """One answer."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = sock.recv(1)
        if not more:
            return got
        got += more
    left = int(got.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    parts = [got]
    while left:
        more = sock.recv(min(left, 1 << 20))
        assert more, "the answer was cut off"
        left -= len(more)
        parts.append(more)
    return b"".join(parts)


def status(got: bytes) -> int:
    return int(got[9:12])


def test_nobody_tells_the_application_where_it_lies(server: Server) -> None:
    """A proxy of this machine may hand on what a client sent; gunicorn would believe SCRIPT_NAME and PATH_INFO."""
    with line(server.port) as sock:
        request = get("/evil/x").replace(b"Host: a", b"Host: a\r\nSCRIPT_NAME: /evil\r\nPATH_INFO: /y")
        assert told("GET", "/evil/x", b"") in exchange(sock, request)


def test_a_line_is_kept_for_the_next_request(server: Server) -> None:
    with line(server[0]) as sock:
        for number in range(3):
            assert exchange(sock, get(f"/{number}")).endswith(told("GET", f"/{number}", b""))


def waited(got: bytes) -> float:
    """Seconds since the first byte, as the application says."""
    return int(got.partition(b"\r\n\r\n")[2]) / 1000


def test_the_application_is_told_when_a_request_arrived(server: Server) -> None:
    """By its first byte, however long it waited for a thread; a client's header says nothing."""
    port = server[0]
    forged = b"GET /arrived HTTP/1.1\r\nHost: a\r\ndgready.arrived: 1.5\r\nDgready-Arrived: 1.5\r\n\r\n"
    busy = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(4)]
    try:
        with line(port) as sock:
            assert waited(exchange(sock, forged)) < 0.4
            for other in busy:
                other.sendall(get("/slow"))
            time.sleep(0.1)
            assert 0.3 < waited(exchange(sock, forged)) < 5
            for other in busy:
                answer(other)
            head, rest = post("/arrived", b"x")[:9], post("/arrived", b"x")[9:]
            sock.sendall(head)
            time.sleep(0.5)
            assert 0.4 < waited(exchange(sock, rest)) < 5
    finally:
        for other in busy:
            other.close()


def test_requests_that_come_at_once_are_all_answered(tmp_path: Path) -> None:
    """Many more than there is room for: none is closed to make room for another while its request lies unread."""
    with serving(tmp_path, "--worker-connections", "8") as small:
        lines: list[socket.socket] = []
        try:
            for _ in range(30):
                lines.append(socket.create_connection(("127.0.0.1", small.port), timeout=30))
                lines[-1].sendall(get("/slow"))
            assert [status(answer(sock) or b"HTTP/1.1 000") for sock in lines] == [200] * 30
        finally:
            for sock in lines:
                sock.close()


def test_a_process_does_not_end_while_requests_wait(tmp_path: Path) -> None:
    """It would by its number of requests, and those that wait longer than graceful_timeout would be lost."""
    with serving(tmp_path, "--max-requests", "5", "--max-requests-jitter", "0", "--graceful-timeout", "1") as short:
        lines = [socket.create_connection(("127.0.0.1", short.port), timeout=30) for _ in range(20)]
        try:
            for sock in lines:
                sock.sendall(get("/slow"))
            assert [status(answer(sock) or b"HTTP/1.1 000") for sock in lines] == [200] * 20
        finally:
            for sock in lines:
                sock.close()


def test_requests_that_come_together_are_answered_in_order(server: Server) -> None:
    with line(server[0]) as sock:
        sock.sendall(post("/a", b"x" * 10) + get("/b") + post("/c", b"y" * 200_000) + get("/d"))
        assert answer(sock).endswith(told("POST", "/a", b"x" * 10))
        assert answer(sock).endswith(told("GET", "/b", b""))
        assert answer(sock).endswith(told("POST", "/c", b"y" * 200_000))
        assert answer(sock).endswith(told("GET", "/d", b""))


@pytest.mark.parametrize("size", [1, 65_000, 10_000_000])
def test_a_body_comes_through_whole(server: Server, size: int) -> None:
    body = os.urandom(size)
    with line(server[0]) as sock:
        assert exchange(sock, post("/a", body)).endswith(told("POST", "/a", body))


def test_a_body_in_small_pieces_comes_through_whole(server: Server) -> None:
    with line(server[0]) as sock:
        for byte in post("/a", b"0123456789"):
            sock.sendall(bytes([byte]))
        assert answer(sock).endswith(told("POST", "/a", b"0123456789"))


def test_a_body_that_nobody_reads_is_not_taken_for_a_request(server: Server) -> None:
    with line(server[0]) as sock:
        assert status(exchange(sock, post("/unread", get("/hidden") * 10))) == 200
        assert exchange(sock, get("/b")).endswith(told("GET", "/b", b""))
    with line(server[0]) as sock:  # a longer one: the line ends
        assert status(exchange(sock, post("/unread", get("/hidden") * 100_000))) == 200
        assert sock.recv(1) == b""


def test_who_asks_first_is_told_to_go_on_once(server: Server) -> None:
    request = post("/a", b"x" * 100_000, "Expect: 100-continue")
    head, _, body = request.partition(b"\r\n\r\n")
    with line(server[0]) as sock:
        sock.sendall(head + b"\r\n\r\n")
        assert sock.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert exchange(sock, body).startswith(b"HTTP/1.1 200")


def test_a_long_answer_waits_for_its_reader_and_no_thread_does(server: Server) -> None:
    """Of two threads none is held by three that do not read."""
    port = server[0]
    lines = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(3)]
    try:
        for sock in lines:
            sock.sendall(get("/long"))
        time.sleep(0.2)
        with line(port) as other:
            started = time.monotonic()
            assert status(exchange(other, get("/a"))) == 200
            assert time.monotonic() - started < 5
        for sock in lines:
            assert answer(sock).endswith(LONG)
    finally:
        for sock in lines:
            sock.close()


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 70_000, 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: ", 408),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc", 408),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (b"\x16\x03\x01 no words\r\n\r\n", 400),
    ],
    ids=["chunked", "too long", "endless head", "slow head", "slow body", "no number", "two lengths", "no HTTP"],
)
def test_what_is_not_taken(server: Server, request_bytes: bytes, expected: int) -> None:
    with line(server[0]) as sock:
        started = time.monotonic()
        sock.sendall(request_bytes)
        assert status(answer(sock)) == expected
        assert time.monotonic() - started < 10
        with suppress(ConnectionResetError):
            assert sock.recv(1) == b""


def test_a_line_that_says_nothing_ends(server: Server) -> None:
    with line(server[0]) as sock:
        assert sock.recv(1) == b""


def test_one_address_has_so_many_lines_and_the_idlest_ends(server: Server) -> None:
    lines = [socket.create_connection(("127.0.0.1", server[0]), timeout=20) for _ in range(25)]
    try:
        busy = lines[0]  # the oldest, but at work
        busy.sendall(get("/slow"))
        time.sleep(0.1)
        more = [socket.create_connection(("127.0.0.1", server[0]), timeout=20) for _ in range(25)]
        lines += more
        with line(server[0]) as sock:
            assert status(exchange(sock, get("/a"))) == 200
        assert status(answer(busy)) == 200
        for sock in lines:
            sock.setblocking(False)
        assert ended(lines[1:25], 0.3) > 10  # before the second that each would have had
    finally:
        for sock in lines:
            sock.close()


def test_long_bodies_share_a_room(server: Server) -> None:
    """40 MB for all: the third of 19 MB is asked to come again."""
    head = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 19000001\r\n\r\n"
    lines = [socket.create_connection(("127.0.0.1", server[0]), timeout=20) for _ in range(3)]
    try:
        for sock in lines[:2]:
            sock.sendall(head + b"x" * 19_000_000)
        # a little of what has come in still lies in a file's buffer, where its size does not show it
        until(lambda: server.spooled >= 37_500_000, lambda: f"of the first two {server.spooled} bytes are there")
        with suppress(ConnectionError):
            lines[2].sendall(head + b"x" * 19_000_000)
        got = answer(lines[2])
        assert status(got) == 503
        assert b"Retry-After" in got
        for sock in lines[:2]:
            assert exchange(sock, b"x").endswith(told("POST", "/a", b"x" * 19_000_001))
    finally:
        for sock in lines:
            sock.close()
    with line(server[0]) as sock:  # what was kept is given back
        assert status(exchange(sock, post("/a", b"x" * 19_000_000))) == 200


def test_who_is_still_sending_hears_the_refusal(server: Server) -> None:
    """Over a slow line for longer than a closed line is silent: the answer is not cut off by what comes after it."""
    head = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n"
    with line(server[0]) as sock:
        sock.sendall(head)
        for _ in range(6):
            time.sleep(0.5)
            sock.sendall(b"x" * 100_000)
        assert status(answer(sock)) == 413
