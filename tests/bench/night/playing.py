"""Plays a drawn night, or steady saves, at a server: the clients are a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.load import run
from tests.bench.night.arrivals import Press
from tests.bench.night.outcome import Night
from tests.bench.night.world import PASSWORD, NightWorld, plan_press

ROOT = Path(__file__).parents[3]
START_UP = 3.0  # seconds for the clients' process
WARMING, WARMING_SECONDS = 8, 6.0
PER_ROUND = 0.1  # seconds for moving the end of one round


@dataclass
class Stage:
    """A server with its world. `revisions`: what the people's pages know, from one play to the next."""

    port: int
    world: NightWorld
    folder: Path
    revisions: dict[str, int] = field(default_factory=dict)

    def warm_up(self) -> None:
        """Each process compiles the form and reads the scheme: pages are looked at, nothing is saved."""
        looks = [(person, "fill/6.2/") for person in self.world.people[:WARMING]]
        looks += [(person, "approve/") for person in self.world.governors[:WARMING]]
        requests = [
            f"GET /r/{person.response}/{page} HTTP/1.1\r\nHost: 127.0.0.1\r\n{person.headers}\r\n\r\n".encode()
            for person, page in looks
        ]
        run(self.port, lambda number, _body: requests[number], connections=len(requests), seconds=WARMING_SECONDS)

    def play_night(self, presses: Sequence[Press], *, seconds: float, speed: float) -> Night:
        """The last minutes, `speed` times as fast, to the moment when all rounds close and some time after."""
        allowed = START_UP + PER_ROUND * (len(self.world.filling) + len(self.world.approving))
        while True:
            start = time.time() + allowed
            closes = datetime.fromtimestamp(start + seconds / speed, UTC)
            self.world.close_at(closes)
            if time.time() < start - 1:
                break
            allowed *= 2  # moving the ends, each with its notices, took longer than that
        found = self._send(presses, start, speed)
        return Night(found["presses"], closes.timestamp(), found["lines"], found["retried"])

    def play_steady(self, presses: Sequence[Press]) -> list[Mapping[str, Any]]:
        """Saves at their times; the answers."""
        return list(self._send(presses, time.time() + START_UP, 1.0)["presses"])

    def _send(self, presses: Sequence[Press], start: float, speed: float) -> dict[str, Any]:
        people = [*self.world.people, *self.world.governors]
        plan = {
            "port": self.port,
            "start": start,
            "password": PASSWORD,
            "people": [person.headers for person in people],
            "revisions": self.revisions,
            "presses": sorted((plan_press(self.world, p, speed) for p in presses), key=lambda planned: planned["at"]),
        }
        given, out = self.folder / "plan.json", self.folder / "outcome.json"
        given.write_text(json.dumps(plan), encoding="utf8")
        command = [sys.executable, "-m", "tests.bench.night.client", str(given), str(out)]
        subprocess.run(command, cwd=ROOT, check=True)
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf8"))
        self.revisions = found["revisions"]
        return found
