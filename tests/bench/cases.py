"""What is loaded and measured: a request by its name, what it cost, the saves of one question."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.bench.load import Make, run


@dataclass(slots=True)
class Case:
    """Something measured: where it is asked, how, and what has been seen so far."""

    name: str
    port: int
    cpu: Callable[[], float]
    make: Make
    connections: int
    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    used: float = 0.0
    rounds: list[float] = field(default_factory=list)  # CPU-ms of a request, by round

    def warm(self, seconds: float = 1.0) -> float:
        """Asks for a while without counting; the seconds of the quickest request."""
        return min(run(self.port, self.make, connections=self.connections, seconds=seconds))

    def round(self, seconds: float) -> None:
        """Loads it for a while."""
        before = self.cpu()
        times = run(self.port, self.make, connections=self.connections, seconds=seconds)
        used = self.cpu() - before
        self.times += times
        self.used += used
        self.seconds += seconds
        self.rounds.append(used / len(times) * 1000)

    @property
    def cpu_ms(self) -> float:
        """Processor time of a request in the web processes."""
        return self.used / len(self.times) * 1000

    @property
    def least_cpu_ms(self) -> float:
        """The same in the cheapest round: what else the machine does makes a request dearer, never cheaper."""
        return min(self.rounds)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.times) / self.seconds

    def quantile(self, share: float) -> float:
        """Within how many milliseconds this share of the requests was answered."""
        return sorted(self.times)[int(len(self.times) * share)] * 1000

    def line(self, bare: float | None) -> float:
        """Prints what was seen; the rate."""
        share = f"{self.rate / bare:7.1%}" if bare else "   100 %"
        p50, p95 = self.quantile(0.5), self.quantile(0.95)
        print(
            f"{self.name:<30}{self.rate:8.0f}/s {self.cpu_ms:7.2f} CPU-ms  p50 {p50:6.1f} ms  p95 {p95:6.1f} ms {share}"
        )
        return self.rate


@dataclass(slots=True)
class SavedAnswer:
    """The answer that a connection saves again and again; `number`: the field in which it writes another number."""

    response: int
    revision: int
    headers: str
    number: str


def save_requests(question: str, saved: Sequence[SavedAnswer]) -> Make:
    """Saves of one question, an answer for each connection, each with the revision the last one returned."""

    def make(number: int, body: bytes | None) -> bytes:
        one = saved[number]
        if found := re.search(rb'"revision": (\d+)', body or b""):
            one.revision = int(found.group(1))
        form = urlencode({"_revision": one.revision, question: "count", one.number: 10 + one.revision % 90})
        one.revision += 1
        head = (
            f"POST /r/{one.response}/answer/{question}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
            f"{one.headers}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(form)}\r\n\r\n"
        )
        return head.encode() + form.encode()

    return make
