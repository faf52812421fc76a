"""Child processes within limits of time, processor time, memory and output. PURE.

A shell puts the limits on itself and becomes the program: code between fork and exec is not safe in a process with
threads, which a web process is, and limits put on from outside come late on a busy machine. A child sees none of our
environment, so none of our keys.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Final

from dgready.limits import ChildLimits

CHUNK: Final = 1 << 16
_KEPT: Final = ("PATH", "TMPDIR")  # of our environment
_SET_LIMITS: Final = (
    'ulimit -c 0 && ulimit -t "$1" && ulimit -v "$2" && ulimit -f "$3" && shift 3 && unset PWD && exec "$@"'
)


class ChildFault(Exception):
    """The child ran against a limit, or did not do what it was for."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A child that ended by itself, or by the signal -`code`."""

    code: int
    output: bytes
    errors: bytes


def run_limited_child(
    command: Sequence[str],
    limits: ChildLimits,
    *,
    given: IO[bytes] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Finished:
    """Runs a program on the open file `given` as its standard input. Raises ChildFault and kills it past a limit.

    `environment`: variables that it sees besides the few it gets anyway.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    process = subprocess.Popen(
        _limited(command, limits),
        stdin=given or subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={"LANG": "C.UTF-8", **kept, **(environment or {})},
    )
    end = time.monotonic() + limits.seconds
    with process:
        try:
            output, errors = _collect(process, limits.output, end)
            return Finished(process.wait(max(end - time.monotonic(), 0.1)), output, errors)
        except BaseException as fault:
            # Not waited for yet, so the number is still its own; the group is all that it has started.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if isinstance(fault, subprocess.TimeoutExpired):
                raise ChildFault("time") from None
            raise


def _limited(command: Sequence[str], limits: ChildLimits) -> list[str]:
    """The command behind a shell that sets its limits first: in seconds, KiB and blocks of 512 bytes."""
    values = (limits.processor_seconds, limits.memory // 1024, -(-limits.file_bytes // 512))
    return ["/bin/sh", "-c", _SET_LIMITS, "sh", *map(str, values), *command]


def _collect(process: subprocess.Popen[bytes], most: int, end: float) -> tuple[bytes, bytes]:
    """What it prints until it closes both outputs. Raises ChildFault."""
    output, errors = bytearray(), bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ, output)  # type: ignore[arg-type]
        waiting.register(process.stderr, selectors.EVENT_READ, errors)  # type: ignore[arg-type]
        while waiting.get_map():
            left = end - time.monotonic()
            if left <= 0:
                raise ChildFault("time")
            for key, _events in waiting.select(left):
                piece = os.read(key.fd, CHUNK)
                if not piece:
                    waiting.unregister(key.fileobj)
                key.data.extend(piece)
            if len(output) + len(errors) > most:
                raise ChildFault("output")
    return bytes(output), bytes(errors)
