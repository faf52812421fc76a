"""A small load generator: a fixed number of keep-alive connections, each sending its next request at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

Make = Callable[[int, bytes | None], bytes]


def run(port: int, make: Make, *, connections: int, seconds: float) -> list[float]:
    """Loads 127.0.0.1:port for a while; the time of each answer in seconds.

    `make(connection, last body)` gives the next raw request of a connection.
    """
    # In a thread of its own: a browser that was used before in this process leaves its loop running in the main one.
    with ThreadPoolExecutor(1) as own:
        return own.submit(lambda: asyncio.run(_run(port, make, connections, seconds))).result()


async def _run(port: int, make: Make, connections: int, seconds: float) -> list[float]:
    end = time.perf_counter() + seconds
    found = await asyncio.gather(*(_connection(n, port, make, end) for n in range(connections)))
    return [t for some in found for t in some]


async def _connection(number: int, port: int, make: Make, end: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    times: list[float] = []
    body: bytes | None = None
    while (now := time.perf_counter()) < end:
        writer.write(make(number, body))
        status, body = await read_answer(reader)
        if status != 200:
            raise RuntimeError(f"status {status}: {body[:300]!r}")
        times.append(time.perf_counter() - now)
    writer.close()
    return times


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of one answer."""
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
