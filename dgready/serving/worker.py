"""The gunicorn worker that deploy/gunicorn.conf.py names: gthread, but clients are waited for by the loop alone.

gunicorn's own threads read requests and write answers byte by byte with the client, so that as many slow clients as
there are threads stop the service. Here a thread gets a request that is complete, and its answer is taken at once.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import resource
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from django.conf import settings
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn, ThreadWorker

from dgready import limits
from dgready.arrival import ARRIVED
from dgready.page_threads import PREFIX, STORE_THREADS
from dgready.serving.connection import BufferedSocket, Connection, Patience, Phase
from dgready.serving.incoming import RequestLimits, SpoolBudget

READ_BYTES: Final = 256 << 10
SWEEP_SECONDS: Final = 0.5
MEANWHILE: Final = 1000  # requests, more than a process begins between two sweeps
ARENA_MAX: Final = -8  # M_ARENA_MAX of mallopt(3)
ARENAS: Final = 2
REFUSALS: Final = {
    408: "Request Timeout",
    411: "Length Required",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}


def refusal_bytes(status: int) -> bytes:
    """A whole answer to a request that is not read on."""
    retry = "Retry-After: 10\r\n" if status == 503 else ""
    head = f"HTTP/1.1 {status} {REFUSALS[status]}\r\n{retry}Connection: close\r\nContent-Length: 0\r\n\r\n"
    return head.encode("ascii")


def telling_arrival(application: Callable[..., Any]) -> Callable[..., Any]:
    """The application, told when each request arrived."""

    def told(environ: dict[str, Any], start_response: Any) -> Any:
        environ[ARRIVED] = environ["gunicorn.socket"].arrived
        return application(environ, start_response)

    return told


def share_memory() -> None:
    """Let the threads share two heaps: each would have its own, and keep what one large file made it grow by."""
    with contextlib.suppress(AttributeError):  # another C library than glibc
        ctypes.CDLL(None).mallopt(ARENA_MAX, ARENAS)


class GuardedThreadWorker(ThreadWorker):
    """gthread with complete requests; TLS is the proxy's."""

    wsgi: Any  # the application; gunicorn loads it
    max_requests: int  # after which the process ends and another begins

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._connections: set[Connection] = set()
        self._per_host: Counter[str] = Counter()
        self._working = 0  # requests that wait for a thread or have one
        self._swept = 0.0
        self._stopping: float | None = None  # when connections without a request are closed

    @classmethod
    def check_config(cls, cfg: Config, log: Any) -> None:
        """Raises ValueError for what this worker does not do."""
        super().check_config(cfg, log)
        if cfg.is_ssl or cfg.sendfile:
            raise ValueError("this worker speaks plain HTTP, and sendfile must be False")

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """Threads by whose names dgready.page_threads knows them."""
        return ThreadPoolExecutor(max_workers=self.cfg.threads, thread_name_prefix=PREFIX)

    def load_wsgi(self) -> None:
        """Load the application."""
        super().load_wsgi()
        self.wsgi = telling_arrival(self.wsgi)

    def run(self) -> None:
        """Serve. The application is loaded by now, so that the settings know which process this is."""
        share_memory()
        given: limits.ClientLimits = settings.CLIENT_LIMITS
        budget = SpoolBudget(given.spooled)
        self._limits = RequestLimits(given.head_bytes, given.body_bytes, str(settings.UPLOAD_DIR), budget)
        self._patience = Patience(float(self.cfg.keepalive), given.head_seconds, given.grace_seconds, given.rate)
        self._host_limit = None if settings.TRUSTED_PROXIES else given.per_address
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # a line and what waits for it on disk are three
        STORE_THREADS.share_of(self.cfg.threads)
        super().run()

    # -- coming and going ---------------------------------------------------------------------------

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection; to make room the one that does least is closed."""
        try:
            sock, address = listener.accept()
        except OSError as fault:  # gone already, or taken by another process
            if fault.errno in (errno.EMFILE, errno.ENFILE):
                self._close_one(self._connections)
            return
        sock.setblocking(False)
        with contextlib.suppress(OSError):  # not on a local socket
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(sock, address, self._limits, self._patience, self._wake)
        connection.server = listener.getsockname()
        self._make_room(connection.host)
        self._connections.add(connection)
        self._per_host[connection.host] += 1
        self.nr_conns += 1
        self._watch(connection, selectors.EVENT_READ)

    def _make_room(self, host: str) -> None:
        if self.nr_conns >= self.worker_connections - 1:
            self._close_one(self._connections)
        elif host and self._host_limit is not None and self._per_host[host] >= self._host_limit:
            self._close_one(c for c in self._connections if c.host == host)

    def _close_one(self, connections: Iterable[Connection]) -> None:
        """Closes the one that does least, of those that no thread has.

        One of which nothing was read yet is read first: where many come at once, its request may lie here already.
        """
        candidates = list(connections)
        while True:
            now = time.monotonic()
            ranked = [(rank, id(c), c) for c in candidates if (rank := c.eviction_rank(now)) is not None]
            if not ranked:
                return
            least = min(ranked)[2]
            if least.phase is Phase.READING and not least.request.is_begun:
                self._read(least)
                if least not in self._connections:
                    return
                if least.request.is_begun:
                    continue
            return self._close(least)

    def _close(self, connection: Connection) -> None:
        if connection not in self._connections:
            return
        self._watch(connection, 0)
        self._connections.discard(connection)
        self._per_host[connection.host] -= 1
        if not self._per_host[connection.host]:
            del self._per_host[connection.host]
        self.nr_conns -= 1
        connection.close()

    def _watch(self, connection: Connection, events: int) -> None:
        if events == connection.events:
            return
        if not events:
            self.poller.unregister(connection.sock)
        elif connection.events:
            self.poller.modify(connection.sock, events, partial(self._on_ready, connection))
        else:
            self.poller.register(connection.sock, events, partial(self._on_ready, connection))
        connection.events = events

    # -- the loop -----------------------------------------------------------------------------------

    def _on_ready(self, connection: Connection, _sock: Any) -> None:
        if connection.answer.pending:
            connection.answer.send_waiting()
            if connection.answer.is_broken:
                return self._give_up(connection)
            if not connection.answer.pending:
                self._sent(connection)
        if connection.events & selectors.EVENT_READ and connection.phase in (Phase.READING, Phase.LINGERING):
            self._read(connection)

    def _read(self, connection: Connection) -> None:
        try:
            data = connection.sock.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(connection)
        elif connection.phase is Phase.LINGERING:
            connection.heard = time.monotonic()
        elif connection.phase is Phase.READING:
            try:
                connection.feed(data)
            except BrokenPipeError:
                return self._close(connection)
            self._look(connection)

    def _look(self, connection: Connection) -> None:
        """Goes on with a connection that has received something."""
        request = connection.request
        if request.refusal is not None:
            self._refuse(connection, request.refusal)
        elif request.is_complete:
            request.rewind()
            connection.turn(Phase.WORKING)
            self._watch(connection, selectors.EVENT_WRITE if connection.answer.pending else 0)
            conn = TConn(self.cfg, BufferedSocket(connection), connection.address, connection.server)
            conn.data_ready = True
            conn.guarded = connection
            self._working += 1
            self._put_off_restart()  # before a thread counts another: a rush is shorter than the time between sweeps
            self.enqueue_req(conn)

    def _refuse(self, connection: Connection, status: int) -> None:
        connection.keep = False
        connection.turn(Phase.SENDING)
        try:
            connection.answer.write(refusal_bytes(status))
        except BrokenPipeError:
            return self._close(connection)
        if not connection.answer.pending:
            self._sent(connection)

    def _wake(self, connection: Connection) -> None:
        """Called by a thread when the client does not take its answer at once."""
        self.method_queue.defer(self._on_waiting, connection)

    def _on_waiting(self, connection: Connection) -> None:
        if connection in self._connections and connection.answer.pending:
            self._watch(connection, connection.events | selectors.EVENT_WRITE)

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """What the loop does when a thread is done with a request."""
        connection: Connection = conn.guarded
        self._working -= 1
        if connection not in self._connections:
            return
        try:
            connection.keep = bool(not fs.cancelled() and fs.result()) and self.alive
        except Exception:
            connection.keep = False
        if connection.answer.is_broken:
            return self._close(connection)
        connection.turn(Phase.SENDING)
        if connection.answer.pending:
            self._watch(connection, selectors.EVENT_WRITE)
        else:
            self._sent(connection)

    def _sent(self, connection: Connection) -> None:
        """Goes on with a connection whose answer has all been taken."""
        if connection.phase is not Phase.SENDING:
            return self._watch(connection, connection.events & ~selectors.EVENT_WRITE)
        self._watch(connection, selectors.EVENT_READ)
        if connection.keep:
            connection.await_next()
            return self._look(connection)
        connection.turn(Phase.LINGERING)
        try:
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(connection)

    def _give_up(self, connection: Connection) -> None:
        """Closes a connection whose client has gone; while a thread has it that thread finds out."""
        if connection.phase is Phase.WORKING:
            self._watch(connection, 0)
        else:
            self._close(connection)

    # -- what gunicorn's loop calls each second -------------------------------------------------------

    def murder_pending(self) -> None:
        """Close the connections whose time is over."""
        now = time.monotonic()
        if now - self._swept < SWEEP_SECONDS:
            return
        self._swept = now
        self._put_off_restart()
        for connection in list(self._connections):
            deadline = connection.deadline()
            if self._stopping is not None and connection.phase is Phase.READING and not connection.request.is_begun:
                deadline = min(deadline or now, self._stopping)
            if deadline is None or now < deadline:
                continue
            if connection.phase is Phase.READING and connection.request.is_begun:
                self._refuse(connection, 408)
            else:
                self._close(connection)

    def _put_off_restart(self) -> None:
        """Lets the process not end by its number of requests while some wait: graceful_timeout would cut them off."""
        if self._working > self.cfg.threads:
            self.max_requests = max(self.max_requests, self.nr + self._working + MEANWHILE)

    def murder_keepalived(self, force: bool = False) -> None:
        """Close all connections at the end."""
        if force:
            for connection in list(self._connections):
                self._close(connection)

    def _cap_keepalive(self, deadline: float) -> None:
        self._stopping = deadline
