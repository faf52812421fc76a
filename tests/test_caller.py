"""The caller of drills sees a server that ends while it answers as a line that breaks."""

from __future__ import annotations

import socket
from threading import Thread

import pytest

from tests.caller import Caller


def answer_once(server: socket.socket, said: bytes) -> None:
    """Reads a request, says this much and is gone."""
    connection, _address = server.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(said)


CUT = b"Content-Length: 305\r\n\r\nhal"


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1", b"HTTP/1.1 200 OK\r\n" + CUT, b"HTTP/1.1 409 Conflict\r\n" + CUT])
def test_a_cut_answer_is_a_broken_line(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ending = Thread(target=answer_once, args=(server, said))
        ending.start()
        with pytest.raises(OSError):
            Caller(f"http://127.0.0.1:{server.getsockname()[1]}", "a@example.org", None).get("/")
        ending.join()
