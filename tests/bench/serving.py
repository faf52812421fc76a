"""gunicorn as it is installed, for measuring: its address, the processor time of its processes, raw requests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.test import Client

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from services import free_port  # noqa: E402

GUNICORN = "--workers 2 --threads 4 --no-sendfile --keep-alive 30 --log-level error --worker-class".split()
WORKERS = {"dgready.wsgi": "dgready.serving.worker.GuardedThreadWorker"}  # the yardstick has gunicorn's own
START_TRIES = 600  # of a tenth of a second: other work may hold both cores


@contextmanager
def served(app: str, environ: Mapping[str, str] | None = None) -> Iterator[tuple[int, Callable[[], float]]]:
    """gunicorn on a free port; gives the port and a reading of the CPU seconds its processes have used.

    `environ`: variables that differ from those of this process.
    """
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *GUNICORN, WORKERS.get(app, "gthread")]
    command += ["--bind", f"127.0.0.1:{port}", app]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, env={**os.environ, **(environ or {})})
    try:
        _wait(port)
        yield port, lambda: cpu_seconds(process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait(port: int) -> None:
    for _ in range(START_TRIES):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("gunicorn does not answer")


def cpu_seconds(parent: int) -> float:
    """User and system time of a process and its children."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(stat.parent.name) == parent or int(fields[1]) == parent:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def session_headers(client: Client) -> str:
    """The headers of a signed-in person."""
    cookies = "; ".join(f"{k}={m.value}" for k, m in client.cookies.items())
    return f"Cookie: {cookies}\r\nX-CSRFToken: {client.cookies['csrftoken'].value}"


def get(path: str, headers: str) -> bytes:
    """A raw GET."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n\r\n".encode()
