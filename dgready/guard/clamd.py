"""The virus scanner clamd, asked by its INSTREAM command: it gets the bytes, never a path. PURE."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from dgready.limits import CallTimes

PIECE: Final = 1 << 17  # bytes sent at once
_ANSWER: Final = 4096  # bytes of the longest answer
_SESSION_SECONDS: Final = 600  # of one file, whatever the pace


class ScannerAway(Exception):
    """The scanner cannot be reached, or did not answer in time; to be asked again."""


class ScanRefused(Exception):
    """The scanner answered that it does not scan this; the words are its own."""


def scan(address: str, pieces: Iterable[bytes], times: CallTimes) -> str:
    """The name of the virus in a content, empty where there is none. Raises ScannerAway, ScanRefused.

    `address`: host:port, or the path of a socket.
    """
    try:
        with _connect(address, times) as line:
            line.settimeout(times.answer)
            # A scanner that has enough says so and hangs up in the middle: its answer is read all the same.
            with suppress(BrokenPipeError, ConnectionResetError):
                _send(line, pieces)
            answer = _receive(line)
    except (OSError, ValueError) as fault:  # ValueError: no port in the address
        raise ScannerAway(str(fault) or type(fault).__name__) from fault
    return _read_answer(answer)


def _connect(address: str, times: CallTimes) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(times.connect)
        try:
            line.connect(address)
        except BaseException:
            line.close()
            raise
        return line
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=times.connect)


def _send(line: socket.socket, pieces: Iterable[bytes]) -> None:
    end = time.monotonic() + _SESSION_SECONDS
    line.sendall(b"zINSTREAM\0")
    for piece in pieces:
        if time.monotonic() > end:
            raise TimeoutError("the scanner takes the file too slowly")
        if piece:
            line.sendall(len(piece).to_bytes(4, "big") + piece)
    line.sendall(bytes(4))


def _receive(line: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _ANSWER:
        piece = line.recv(_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _read_answer(answer: str) -> str:
    """Answers are "stream: OK", "stream: NAME FOUND", or a fault that ends with ERROR."""
    words = answer.removeprefix("stream: ")
    if words == "OK":
        return ""
    if words.endswith(" FOUND"):
        return words.removesuffix(" FOUND")[:200]
    if words.endswith("ERROR"):
        raise ScanRefused(words[:200])
    raise ScannerAway(f"no answer: {answer[:100]!r}")
