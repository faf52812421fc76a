"""A small load generator: a fixed number of keep-alive connections, each sending its next request at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Make = Callable[[int, bytes | None], bytes]


@dataclass(frozen=True, slots=True)
class Result:
    """Requests per second, and latencies in milliseconds."""

    rate: float
    p50: float
    p95: float
    count: int


def run(port: int, make: Make, *, connections: int = 8, seconds: float = 6.0, warm: float = 1.5) -> Result:
    """Loads 127.0.0.1:port. `make(connection, last body)` gives the next raw request of a connection."""
    return asyncio.run(_run(port, make, connections, seconds, warm))


async def _run(port: int, make: Make, connections: int, seconds: float, warm: float) -> Result:
    start = time.perf_counter()
    begin, end = start + warm, start + warm + seconds
    found = await asyncio.gather(*(_connection(n, port, make, begin, end) for n in range(connections)))
    times = sorted(t for some in found for t in some)
    return Result(len(times) / seconds, _at(times, 0.5), _at(times, 0.95), len(times))


def _at(times: Sequence[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))] * 1000 if times else 0.0


async def _connection(number: int, port: int, make: Make, begin: float, end: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    times: list[float] = []
    body: bytes | None = None
    while (now := time.perf_counter()) < end:
        writer.write(make(number, body))
        status, body = await _answer(reader)
        if status != 200:
            raise RuntimeError(f"status {status}: {body[:300]!r}")
        if now >= begin:
            times.append(time.perf_counter() - now)
    writer.close()
    return times


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at >= 0:
        length = int(lower[at + 15 : lower.index(b"\r\n", at)])
        return status, await reader.readexactly(length)
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return status, body
