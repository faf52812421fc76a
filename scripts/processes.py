"""Starting, awaiting and stopping the programs that tests and measurements run beside them. Standard library only."""

import contextlib
import ctypes
import itertools
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

START_TIMEOUT = 60.0  # seconds until a service must answer
STOP_TIMEOUT = 20.0  # seconds it has to end by itself
PORTS = range(11_000, 32_000)  # below those for outgoing connections; browsers refuse some below these
_PR_SET_PDEATHSIG = 1
_turns = itertools.count(random.SystemRandom().randrange(len(PORTS)))  # processes at the same time begin far apart


class ServiceError(RuntimeError):
    """A service is not installed or does not start."""


def free_port() -> int:
    """A loopback port nobody uses now, and that nobody gets before the program which is told of it listens.

    Not one of those that the system gives to outgoing connections and to whoever asks for any port: between asking and
    listening another process might be given it. The same process gives each port once.
    """
    while True:
        port = PORTS[next(_turns) % len(PORTS)]
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def find_program(name: str, package: str) -> str:
    """The path of a program. Raises ServiceError that names the Debian or Python package."""
    places = ("/usr/sbin", "/usr/local/sbin", "/sbin")
    found = shutil.which(name) or next((str(Path(p, name)) for p in places if Path(p, name).exists()), None)
    if found is None:
        raise ServiceError(f"{name} is not installed (package {package})")
    return found


def die_with_parent() -> None:
    """Of a child before it runs its program: it is killed when whoever started it is killed."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def wait_for_port(process: subprocess.Popen[bytes], port: int, name: str, log: Path) -> None:
    """Waits until a port takes connections. Raises ServiceError with the end of the log."""

    def connects() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        return False

    wait_until(connects, name, log, process)


def wait_until(ready: Callable[[], bool], name: str, log: Path, process: subprocess.Popen[bytes] | None = None) -> None:
    """Waits until a service is ready. Raises ServiceError with the end of its log when it ends or takes too long."""
    end = time.monotonic() + START_TIMEOUT
    while time.monotonic() < end and (process is None or process.poll() is None):
        if ready():
            return
        time.sleep(0.05)
    raise ServiceError(f"{name} does not start:\n{log.read_text(errors='replace')[-2000:]}")


def stop_process(process: subprocess.Popen[bytes], how: signal.Signals, patience: float = STOP_TIMEOUT) -> None:
    """Ends a process, at last by force."""
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def running(
    command: Sequence[object],
    folder: Path,
    log: Path,
    *,
    stop: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    **options: Any,
) -> Iterator[subprocess.Popen[bytes]]:
    """A program for the length of the block, its output in a log; it does not outlive a killed parent."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env=None if environment is None else dict(environment),
            stdout=out,
            stderr=out,
            start_new_session=True,
            **options,
        )
    try:
        yield process
    finally:
        stop_process(process, stop)
