"""When people press in the last minutes: drawn first, from a seed, so that a run can be repeated and told.

PURE. Times are seconds from the beginning of the last minutes; the round closes at their end.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

RISE = 3.0  # the rate grows e^3, some twenty times, from the first moment to the last
APPROVING = 180.0  # seconds before the close in which governors approve
LATE = 20.0  # seconds after the close in which some still press
LATE_SHARE = 0.03  # of the people


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody presses: `number` counts the presses of that person; `kind` is "save" or "approve"."""

    at: float
    kind: str
    person: int
    number: int


def draw_night(seed: int, *, people: int, governors: int, seconds: float, saves: float) -> list[Press]:
    """The presses of a night in their order, those after the close too.

    Every person saves once at a moment of a Poisson process whose rate rises as e^(3t), and then by a process of the
    same shape, `saves` times each in the mean.
    """
    random = Random(seed)
    moments = [(_rising(random, 0, seconds), person) for person in range(people)]
    extra = _poisson_count(random, people * max(saves - 1, 0))
    moments += [(_rising(random, 0, seconds), random.randrange(people)) for _ in range(extra)]
    late = random.sample(range(people), round(people * LATE_SHARE))
    moments += [(seconds + random.uniform(0.5, LATE), person) for person in late]
    counted = Counter[int]()
    presses = []
    for at, person in sorted(moments):
        presses.append(Press(at, "save", person, counted[person]))
        counted[person] += 1
    first = max(0.0, seconds - APPROVING)
    presses += [Press(_rising(random, first, seconds), "approve", one, 0) for one in range(governors)]
    return sorted(presses, key=lambda press: press.at)


def draw_steady(seed: int, *, people: Sequence[int], rate: float, seconds: float, counted: Counter[int]) -> list[Press]:
    """Saves at a steady rate as a Poisson process; `counted` goes on counting the presses of each person."""
    random = Random(seed)
    presses, at = [], random.expovariate(rate)
    while at < seconds:
        person = people[random.randrange(len(people))]
        presses.append(Press(at, "save", person, counted[person]))
        counted[person] += 1
        at += random.expovariate(rate)
    return presses


def _rising(random: Random, first: float, last: float) -> float:
    """A moment between two whose density grows as e^(RISE·t); by its distribution turned round."""
    share = math.log1p(random.random() * math.expm1(RISE)) / RISE
    return first + share * (last - first)


def _poisson_count(random: Random, mean: float) -> int:
    """How many arrivals a Poisson process has where `mean` are expected."""
    count, left = 0, mean
    while (left := left - random.expovariate(1.0)) > 0:
        count += 1
    return count


def describe(presses: Sequence[Press], seconds: float) -> str:
    """How many presses fall into each tenth of the time, and into the busiest second."""
    saves = [press.at for press in presses if press.kind == "save"]
    in_time = [at for at in saves if at < seconds]
    tenths = Counter(int(at * 10 / seconds) for at in in_time)
    busiest = max(Counter(map(int, in_time)).values(), default=0)
    approvals = len(presses) - len(saves)
    by_tenth = " ".join(str(tenths[n]) for n in range(10))
    return (
        f"{len(in_time)} saves in {seconds:g} s, by tenths: {by_tenth}; {busiest} in the busiest second; "
        f"{approvals} approvals; {len(saves) - len(in_time)} saves after the close"
    )
