"""Clients that are slow on purpose: of the head, of the body, of the reading; all from one thread."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

LONG = b"0123456789abcdef" * (1 << 16) * 12  # 12 MB, an answer that no kernel keeps
HEAD = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"a" * 4000
BODY = (
    b"POST /accounts/sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 100000\r\n\r\n"
)


@dataclass
class SlowClients:
    """Sockets that send, or read, one byte a second. `kept`: how many of them the server still keeps."""

    port: int
    count: int
    long_page: bytes = b""  # a request whose answer is long
    socks: list[socket.socket] = field(default_factory=list)
    ended: int = 0

    def kinds(self) -> list[tuple[bytes, bool]]:
        """What is sent at once, and whether the client then sends (or reads) on slowly."""
        return [(b"", True), (BODY, True), *([(self.long_page, False)] if self.long_page else [])]

    def run(self, stop: threading.Event) -> None:
        """Until told to stop."""
        kinds = self.kinds()
        sends: dict[socket.socket, bool] = {}
        for number in range(self.count):
            first, slowly = kinds[number % len(kinds)]
            sock = socket.socket()
            if not slowly:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            with contextlib.suppress(OSError):
                sock.connect(("127.0.0.1", self.port))
                sock.setblocking(False)
                sock.send(first or HEAD[:20])
                sends[sock] = slowly
                self.socks.append(sock)
        position = 20
        while not stop.wait(1.0):
            position += 1
            for sock, slowly in list(sends.items()):
                try:
                    if slowly:
                        sock.send(HEAD[position : position + 1])
                    else:
                        sock.recv(1)
                except BlockingIOError:
                    continue
                except OSError:
                    del sends[sock]
                    self.ended += 1


def ended(socks: list[socket.socket], within: float) -> int:
    """How many the server ends within some seconds."""
    left, end = selectors.DefaultSelector(), time.monotonic() + within
    for sock in socks:
        left.register(sock, selectors.EVENT_READ)
    done = 0
    while left.get_map() and time.monotonic() < end:
        for key, _events in left.select(0.2):
            assert isinstance(key.fileobj, socket.socket)
            try:
                is_over = not key.fileobj.recv(1 << 16)
            except BlockingIOError:
                continue
            except OSError:
                is_over = True
            if is_over:
                left.unregister(key.fileobj)
                done += 1
    left.close()
    return done


@contextlib.contextmanager
def slow_clients(port: int, count: int = 200, long_page: bytes = b"") -> Iterator[SlowClients]:
    """So many of them at a server; they have all sent something when the block begins."""
    made, stop = SlowClients(port, count, long_page), threading.Event()
    thread = threading.Thread(target=made.run, args=(stop,), daemon=True)
    thread.start()
    try:
        end = time.monotonic() + 30
        while len(made.socks) < count and time.monotonic() < end:
            time.sleep(0.05)
        yield made
    finally:
        stop.set()
        thread.join(10)
        for sock in made.socks:
            sock.close()
