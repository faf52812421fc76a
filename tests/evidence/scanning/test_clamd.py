"""The scanner's protocol: with a real clamd, and with programs that answer as it does when it will not or cannot."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dgready.guard.clamd import ScannerAway, ScanRefused, scan
from dgready.limits import CallTimes
from tests.evidence.scanning.eicar import EICAR
from tests.hostile.files import archive
from tests.real_services import Scanner, free_port, run_clamd

pytestmark = [pytest.mark.slow, pytest.mark.once]
TIMES = CallTimes(connect=2, answer=20)
IMPATIENT = CallTimes(connect=1, answer=1)


@pytest.fixture(scope="module")
def scanner() -> Iterator[Scanner]:
    with run_clamd() as running:
        yield running


def address(scanner: Scanner) -> str:
    return f"{scanner.host}:{scanner.port}"


def test_a_real_scanner_finds_what_it_knows(scanner: Scanner) -> None:
    assert scan(address(scanner), [b"nothing"], TIMES) == ""
    assert scan(address(scanner), [], TIMES) == ""
    assert "EICAR" in scan(address(scanner), [EICAR[:10], b"", EICAR[10:]], TIMES)
    assert "EICAR" in scan(address(scanner), [archive({"word/media/a.txt": EICAR})], TIMES)


def test_megabytes_in_pieces(scanner: Scanner) -> None:
    assert scan(address(scanner), (bytes(1 << 17) for _n in range(160)), TIMES) == ""


@contextmanager
def answering(answer: bytes | None, reads: int = 1 << 20) -> Iterator[str]:
    """A program that takes so many bytes, answers, and hangs up; None: it says nothing and stays."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _peer = server.accept()
        line.settimeout(5)
        taken = 0
        while taken < reads and not (piece := line.recv(65536)).endswith(bytes(4)):
            taken += len(piece)
        if answer is None:
            stopped.wait(10)
        else:
            line.sendall(answer)
        line.close()

    stopped = threading.Event()
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.getsockname()[1]}"
    stopped.set()
    thread.join(10)
    server.close()


def test_what_it_will_not_scan_is_told_in_its_words() -> None:
    refused = b"INSTREAM size limit exceeded. ERROR\0"
    with answering(refused, reads=1) as place, pytest.raises(ScanRefused, match="size limit"):
        scan(place, (bytes(1 << 17) for _n in range(1)), TIMES)


@pytest.mark.parametrize("answer", [b"", b"stream: what\0", None], ids=["hangs up", "riddle", "silent"])
def test_no_answer_is_a_scanner_that_is_away(answer: bytes | None) -> None:
    with answering(answer) as place, pytest.raises(ScannerAway):
        scan(place, [b"a"], IMPATIENT)


def test_nobody_there(tmp_path: Path) -> None:
    for place in (f"127.0.0.1:{free_port()}", str(tmp_path / "clamd.sock")):
        with pytest.raises(ScannerAway):
            scan(place, [b"a"], IMPATIENT)


def test_a_socket_of_the_machine(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()

    def serve() -> None:
        line, _peer = server.accept()
        while not line.recv(65536).endswith(bytes(4)):
            pass
        line.sendall(b"stream: OK\0")
        line.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert scan(path, [b"a"], TIMES) == ""
    thread.join(5)
    server.close()
