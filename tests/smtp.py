"""A mail server of our own: keeps what it takes, and can be stopped, started again, or held in mid-sentence.

with MailServer() as mail:
    ...                                   # EMAIL_URL=mail.url
    with mail.held("rcpt", at=3) as held:  # from the third recipient on all wait for an answer
        until(lambda: held.waiting)
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Literal, cast

Moment = Literal["rcpt", "data"]  # before the recipient is answered; after a text is taken, before that is said


@dataclass
class Held:
    """Conversations that wait."""

    moment: Moment
    left: int
    waiting: int = 0  # conversations
    released: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Taken:
    """A letter that the server has, answered for or not."""

    to: str
    message: EmailMessage

    @property
    def id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        """Its body."""
        return str(self.message.get_content())


class _Conversation(socketserver.StreamRequestHandler):
    """One client, until it or the server hangs up."""

    timeout = 180

    def handle(self) -> None:
        mail = cast("_Listener", self.server).mail
        with contextlib.suppress(OSError, ValueError):
            self._say("220 test.example.org")
            to = ""
            while line := self.rfile.readline():
                verb = line.strip().upper()
                if verb.startswith(b"RCPT"):
                    mail.wait("rcpt")
                    to = line.decode().partition(":")[2].strip().strip("<>")
                    if to in mail.refused:
                        self._say(f"{mail.refused[to]} no")
                        continue
                elif verb == b"DATA":
                    self._say("354 go on")
                    text = self._text()
                    if text is None:
                        return
                    mail.take(to, text)
                    mail.wait("data")
                elif verb == b"QUIT":
                    self._say("221 bye")
                    return
                self._say("250 test.example.org" if verb.startswith(b"HELO") else "250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def _text(self) -> bytes | None:
        """What follows DATA; None when the line broke before its end."""
        lines = []
        while line := self.rfile.readline():
            if line in (b".\r\n", b".\n"):
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)
        return None


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, mail: MailServer, port: int) -> None:
        self.mail, self.lines = mail, set[socket.socket]()
        super().__init__(("127.0.0.1", port), _Conversation)

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        self.lines.add(request)
        super().process_request(request, client_address)

    def hang_up(self) -> None:
        """Breaks every conversation, as a machine that stops does."""
        for line in self.lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class MailServer:
    """Listens on one loopback port for as long as it is started; what it took stays."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.refused: dict[str, int] = {}  # addresses it takes nothing for, with the code it says then
        self.port = 0
        self._lock = threading.Lock()
        self._holds: list[Held] = []
        self._listener: _Listener | None = None

    @property
    def url(self) -> str:
        """EMAIL_URL of the product."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listens, after a stop on the same port again."""
        self._listener = _Listener(self, self.port)
        self.port = self._listener.server_address[1]
        threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Refuses new clients and breaks off the conversations that run."""
        if self._listener is not None:
            self._listener.shutdown()
            self._listener.server_close()
            self._listener.hang_up()
            self._listener = None

    def __enter__(self) -> MailServer:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    # -- what happens inside a conversation -------------------------------------------------------

    @contextlib.contextmanager
    def held(self, moment: Moment, at: int = 1) -> Iterator[Held]:
        """Holds the `at`-th of those moments from now, and all after it, until the block ends."""
        held = Held(moment, at)
        with self._lock:
            self._holds.append(held)
        try:
            yield held
        finally:
            held.released.set()
            with self._lock:
                self._holds.remove(held)

    def wait(self, moment: Moment) -> None:
        """A conversation has come to this moment."""
        with self._lock:
            mine = [held for held in self._holds if held.moment == moment]
            for held in mine:
                held.left -= 1
            mine = [held for held in mine if held.left <= 0]
            for held in mine:
                held.waiting += 1
        for held in mine:
            held.released.wait(120)

    def take(self, to: str, text: bytes) -> None:
        """Keeps a letter."""
        message = cast("EmailMessage", message_from_bytes(text, policy=default))
        with self._lock:
            self.taken.append(Taken(to, message))

    # -- what came --------------------------------------------------------------------------------

    def times(self) -> Counter[str]:
        """How many times each letter came, by Message-ID."""
        with self._lock:
            return Counter(one.id for one in self.taken)
