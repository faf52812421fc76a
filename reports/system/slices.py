"""Long checks in slices: one after the other until the time is up, and on from there the next time. PURE."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT")
FaultT = TypeVar("FaultT")


@dataclass(slots=True)
class Slice(Generic[KeyT, FaultT]):
    """What one slice did. `last`: the newest key that was checked; `complete`: nothing is left after it.

    `error`: what stopped it before its time; the key at which it happened counts as not checked.
    """

    last: KeyT | None = None
    checked: int = 0
    complete: bool = False
    error: Exception | None = None
    faults: list[FaultT] = field(default_factory=list)


def run_slice(
    keys: Iterable[KeyT],
    check: Callable[[KeyT], Iterable[FaultT]],
    *,
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> Slice[KeyT, FaultT]:
    """Check the keys in their order until `seconds` are over; at least one, so that every slice comes further."""
    done: Slice[KeyT, FaultT] = Slice()
    until = clock() + seconds
    for key in keys:
        if done.checked and clock() >= until:
            return done
        try:
            done.faults.extend(check(key))
        except Exception as error:
            done.error = error
            return done
        done.last = key
        done.checked += 1
    done.complete = True
    return done
