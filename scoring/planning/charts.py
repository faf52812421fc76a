"""Geometry of the pictures of a plan: its weeks, what each day buys, what the score hangs on. Whole numbers. PURE."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scoring.planning.optimum.schedule import ScheduledWork, ScheduleWeek, list_weeks
from scoring.planning.optimum.sensitivity import Stake

WIDTH = 400  # of every picture, so that its letters are read on a phone
LEFT, RIGHT, ROW = 40, 390, 22
TOP, BOTTOM = 16, 200
FRONTIER_TOP = 30  # below the name of the axis
MAX_TICKS = 8
FRONTIER_MARKS = (0, 2, 4, 7, 10, 15, 20, 30, 50, 75, 100)  # per cent of all effort; the first days buy most
MAX_STAKES = 8


@dataclass(frozen=True, slots=True)
class WeekBar:
    """A work of the plan in its weeks."""

    label: str
    name: str
    x: int
    width: int
    y: int
    text_y: int
    first: date
    last: date
    fits: bool


@dataclass(frozen=True, slots=True)
class WeekTick:
    """The beginning of a week."""

    x: int
    number: int
    first: date


@dataclass(frozen=True, slots=True)
class WeeksChart:
    """Works as bars over weeks. `end`: where the days there are end, if that lies in the picture."""

    bars: tuple[WeekBar, ...]
    ticks: tuple[WeekTick, ...]
    height: int
    end: int | None


@dataclass(frozen=True, slots=True)
class FrontierChart:
    """What effort buys as a path, with some of its points in figures, and where the plan stands."""

    path: str
    x_ticks: tuple[tuple[int, int], ...]
    y_ticks: tuple[tuple[int, int], ...]
    plan: tuple[int, int]
    rows: tuple[tuple[int, Decimal, Decimal], ...]  # effort, total, points for each day since the row before


@dataclass(frozen=True, slots=True)
class StakeBar:
    """A stake as a bar to both sides of the total."""

    stake: Stake
    y: int
    text_y: int
    down_x: int
    down_width: int
    up_width: int


@dataclass(frozen=True, slots=True)
class TornadoChart:
    """Stakes as bars; the widest first."""

    bars: tuple[StakeBar, ...]
    middle: int
    height: int


def build_weeks_chart(
    works: Sequence[ScheduledWork], labels: Sequence[str], names: Sequence[str], deadline: date | None
) -> WeeksChart | None:
    """The picture of the weeks of some works; None without any."""
    weeks = list_weeks(works)
    if not weeks:
        return None
    origin, days = weeks[0].first, len(weeks) * 7

    def place(day: date, *, after: bool = False) -> int:
        return LEFT + (RIGHT - LEFT) * min((day - origin).days + after, days) // days

    bars = []
    for at, (work, label, name) in enumerate(zip(works, labels, names, strict=True)):
        x, y = place(work.first), TOP + 8 + at * ROW
        width = max(4, place(work.last, after=True) - x)
        bars.append(WeekBar(label, name, x, width, y, y + 12, work.first, work.last, work.fits))
    end = place(deadline, after=True) if deadline is not None and origin <= deadline <= weeks[-1].last else None
    return WeeksChart(tuple(bars), _thin_weeks(weeks, place), TOP + 12 + len(works) * ROW, end)


def _thin_weeks(weeks: Sequence[ScheduleWeek], place: Callable[[date], int]) -> tuple[WeekTick, ...]:
    step = math.ceil(len(weeks) / MAX_TICKS)
    return tuple(WeekTick(place(w.first), w.number, w.first) for w in weeks[::step])


def build_frontier_chart(frontier: Sequence[tuple[int, Decimal]], effort: int, total: Decimal) -> FrontierChart | None:
    """The picture of what each day buys; None where nothing can be bought. `effort`, `total`: the plan's own."""
    if len(frontier) < 2:
        return None
    most, low = max(frontier[-1][0], effort, 1), math.floor(frontier[0][1] / 10) * 10
    high = max(low + 10, math.ceil(frontier[-1][1] / 10) * 10)

    def x(days: int) -> int:
        return LEFT + (RIGHT - LEFT) * days // most

    def y(points: Decimal) -> int:
        return BOTTOM - int((BOTTOM - FRONTIER_TOP) * (points - low) / (high - low))

    path = f"M{x(frontier[0][0])} {y(frontier[0][1])}"
    path += "".join(f"H{x(days)}V{y(points)}" for days, points in frontier[1:])
    step = max(1, math.ceil(most / 5 / 10) * 10 if most > 50 else math.ceil(most / 5))
    x_ticks = tuple((x(days), days) for days in range(0, most + 1, step))
    y_ticks = tuple((y(Decimal(p)), p) for p in range(low, high + 1, 10 if high - low <= 60 else 20))
    return FrontierChart(path, x_ticks, y_ticks, (x(effort), y(total)), _frontier_rows(frontier))


def _frontier_rows(frontier: Sequence[tuple[int, Decimal]]) -> tuple[tuple[int, Decimal, Decimal], ...]:
    """A few points of the frontier, each with what a day brought since the one before."""
    last = frontier[-1][0]
    marks = [last * percent // 100 for percent in FRONTIER_MARKS]
    kept = dict.fromkeys(max(at for at, (days, _p) in enumerate(frontier) if days <= mark or at == 0) for mark in marks)
    rows: list[tuple[int, Decimal, Decimal]] = []
    for at in kept:
        days, points = frontier[at]
        gained = (points - rows[-1][1]) / max(1, days - rows[-1][0]) if rows else Decimal(0)
        rows.append((days, points, gained))
    return tuple(rows)


def build_tornado_chart(stakes: Sequence[Stake]) -> TornadoChart | None:
    """The picture of what a score hangs on; None where it hangs on nothing."""
    shown = stakes[:MAX_STAKES]
    if not shown:
        return None
    label_width, room = 70, RIGHT - 70
    most_down, most_up = max(s.down for s in shown), max(s.up for s in shown)
    unit = room / (most_down + most_up)
    middle = label_width + int(most_down * unit)
    bars = []
    for at, stake in enumerate(shown):
        down, up = int(stake.down * unit), int(stake.up * unit)
        y = TOP + at * ROW
        bars.append(StakeBar(stake, y, y + 13, middle - down, down, up))
    return TornadoChart(tuple(bars), middle, TOP + 4 + len(shown) * ROW)
