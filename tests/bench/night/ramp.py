"""The rate at which saves begin to wait: steady Poisson arrivals, faster by steps, until the server falls behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.night.arrivals import draw_steady
from tests.bench.night.outcome import waiting
from tests.bench.night.playing import Stage

STEP_SECONDS = 10.0
PATIENCE = 1.0  # seconds; saves wait when 5 of 100 are not answered within
FIRST_SHARE = 0.06  # of the bare view's rate
FASTER = 1.25
HALVINGS = 2  # between the last rate that held and the first that did not


@dataclass(frozen=True, slots=True)
class Step:
    """Saves at one rate. `holds`: all taken, 95 of 100 within PATIENCE, no more left over than come in that time."""

    rate: float
    holds: bool
    text: str


def climb(stage: Stage, bare: float, seed: int, seconds: float = STEP_SECONDS) -> Iterator[Step]:
    """The steps, as they are measured; the fastest that holds is the rate looked for."""
    counted = Counter[int]()
    low, rate, high = 0.0, bare * FIRST_SHARE, 0.0
    halvings = HALVINGS
    while True:
        step = _measure(stage, rate, seed, seconds, counted)
        yield step
        low, high = (rate, high) if step.holds else (low, rate)
        if not high:
            rate *= FASTER
            continue
        if not low:
            rate /= 2
        elif not halvings:
            return
        else:
            halvings -= 1
            rate = (low + high) / 2


def _measure(stage: Stage, rate: float, seed: int, seconds: float, counted: Counter[int]) -> Step:
    presses = draw_steady(
        seed + len(counted), people=range(len(stage.world.people)), rate=rate, seconds=seconds, counted=counted
    )
    answered = stage.play_steady(presses)
    taken = [p for p in answered if p["status"] == 200]
    others = Counter(p["status"] for p in answered if p["status"] != 200)
    last = max(p["pressed"] for p in answered)
    left = sum(p["answered"] > last for p in answered)
    times = sorted(p["answered"] - p["pressed"] for p in taken)
    p95 = times[int(len(times) * 0.95)] if times else float("inf")
    holds = p95 <= PATIENCE and left <= rate * PATIENCE and not set(others) - {409}
    told = f", not taken {dict(others)}" if others else ""
    return Step(rate, holds, f"{rate:6.1f} saves/s: {waiting(taken)}; {left} left at the end{told}")
