"""An answer on its way out: what the client does not take at once waits here, on disk when it is long."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import Final

from dgready.serving.incoming import IN_MEMORY, SpoolBudget

PIECE: Final = 256 << 10  # bytes handed to the kernel at once


class OutgoingAnswer:
    """Written by a thread, never waiting; sent on by the loop when the client takes more.

    `wake`: called by the thread when something has begun to wait.
    """

    def __init__(self, sock: socket.socket, folder: str, budget: SpoolBudget, wake: Callable[[], None]) -> None:
        self._sock, self._folder, self._budget, self._wake = sock, folder, budget, wake
        self._waiting: SpooledTemporaryFile[bytes] | None = None
        self._written = self._read = self._spooled = 0
        self._broken = False
        self._lock = threading.Lock()
        self.sent = 0

    @property
    def pending(self) -> int:
        """Bytes that wait."""
        return self._written - self._read

    @property
    def is_broken(self) -> bool:
        """Whether the client has gone, or had too much waiting for it."""
        return self._broken

    def write(self, data: bytes) -> None:
        """Send what the kernel takes and keep the rest. Raises BrokenPipeError when nobody takes it."""
        view = memoryview(data)
        with self._lock:
            if not self.pending:
                view = view[self._send(view) :]
            if self._broken:
                raise BrokenPipeError(errno.EPIPE, "nobody takes the answer")
            if not view:
                return
            is_first = not self.pending
            self._keep(view)
        if is_first:
            self._wake()

    def send_waiting(self) -> None:
        """Send on what waits, as much as the kernel takes."""
        with self._lock:
            while self._waiting is not None and self.pending and not self._broken:
                self._waiting.seek(self._read)
                piece = self._waiting.read(PIECE)
                sent = self._send(memoryview(piece))
                self._read += sent
                if sent < len(piece):
                    break
            if not self.pending:
                self._drop()

    def close(self) -> None:
        """Nothing more is sent."""
        with self._lock:
            self._broken = True
            self._drop()

    def _send(self, view: memoryview) -> int:
        done = 0
        try:
            while done < len(view):
                done += self._sock.send(view[done : done + PIECE])
        except BlockingIOError:
            pass
        except OSError:
            self._broken = True
        self.sent += done
        return done

    def _keep(self, view: memoryview) -> None:
        if self._written + len(view) > IN_MEMORY:
            if not self._budget.take(len(view)):
                self._broken = True
                raise BrokenPipeError(errno.EPIPE, "nobody takes the answer")
            self._spooled += len(view)
        if self._waiting is None:
            self._waiting = SpooledTemporaryFile(max_size=IN_MEMORY, dir=self._folder)  # noqa: SIM115  (_drop closes)
        self._waiting.seek(self._written)
        self._waiting.write(view)
        self._written += len(view)

    def _drop(self) -> None:
        if self._waiting is not None:
            self._waiting.close()
        self._waiting, self._written, self._read = None, 0, 0
        self._budget.give(self._spooled)
        self._spooled = 0
