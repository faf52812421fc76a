"""When the work of a plan is done: so many people, working day by working day, and what does not fit. PURE.

Everybody works on one thing after the other, in the order of the plan; work is shared out in days of one person, so
that a plan fits exactly when its effort is no more than people × days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WORK_WEEK = 5  # days, Monday to Friday


@dataclass(frozen=True, slots=True)
class PlanCapacity:
    """Who can work on a plan: how many people, for how many working days (None: as long as it takes), from when."""

    people: int
    days: int | None
    start: date

    @property
    def effort(self) -> int | None:
        """The person-days there are."""
        return None if self.days is None else self.people * self.days


@dataclass(frozen=True, slots=True)
class ScheduledWork:
    """When one work of a plan is done. `fits`: whether it is done within the days there are."""

    first: date
    last: date
    first_week: int
    last_week: int
    fits: bool


@dataclass(frozen=True, slots=True)
class ScheduleWeek:
    """A week of a plan, and the works done in it by their place in the plan."""

    number: int
    first: date
    last: date
    works: tuple[int, ...]


def schedule_efforts(efforts: Sequence[int], capacity: PlanCapacity) -> list[ScheduledWork]:
    """When each of some works is done, one after the other."""
    start, monday = next_work_day(capacity.start), _monday(next_work_day(capacity.start))
    scheduled = []
    spent = 0
    for effort in efforts:
        full_days = spent // capacity.people
        spent += effort
        last_day = max(0, -(-spent // capacity.people) - 1)
        # What takes no time is done on the day the work before it ends.
        first, last = add_work_days(start, min(full_days, last_day)), add_work_days(start, last_day)
        first_week, last_week = (_count_weeks(monday, day) for day in (first, last))
        fits = capacity.effort is None or spent <= capacity.effort
        scheduled.append(ScheduledWork(first, max(first, last), first_week, max(first_week, last_week), fits))
    return scheduled


def work_until(work: ScheduledWork, due: date | None, start: date) -> ScheduledWork:
    """A work that is to be done by a day somebody set: it ends then, as long as that day lies ahead."""
    if due is None or due < start:
        return work
    monday = _monday(next_work_day(start))
    first = min(work.first, due)
    weeks = _count_weeks(monday, first), _count_weeks(monday, due)
    return ScheduledWork(first, due, max(1, weeks[0]), max(1, weeks[1]), work.last <= due)


def list_weeks(works: Sequence[ScheduledWork]) -> list[ScheduleWeek]:
    """The weeks from the first work to the last."""
    if not works:
        return []
    monday = _monday(min(w.first for w in works))
    weeks = []
    for number in range(1, max(w.last_week for w in works) + 1):
        first = monday + timedelta(weeks=number - 1)
        busy = tuple(at for at, w in enumerate(works) if w.first_week <= number <= w.last_week)
        weeks.append(ScheduleWeek(number, first, first + timedelta(days=WORK_WEEK - 1), busy))
    return weeks


def count_work_days(first: date, last: date) -> int:
    """The working days from one day to another, both included; 0 when the other is earlier. Holidays are not known."""
    if last < first:
        return 0
    weeks, rest = divmod((last - first).days + 1, 7)
    return weeks * WORK_WEEK + sum((first.weekday() + n) % 7 < WORK_WEEK for n in range(rest))


def next_work_day(day: date) -> date:
    """The day itself, or the Monday after it."""
    return day if day.weekday() < WORK_WEEK else day + timedelta(days=7 - day.weekday())


def add_work_days(day: date, count: int) -> date:
    """The working day so many working days later."""
    weeks, rest = divmod(next_work_day(day).weekday() + count, WORK_WEEK)
    return _monday(next_work_day(day)) + timedelta(weeks=weeks, days=rest)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _count_weeks(monday: date, day: date) -> int:
    return (day - monday).days // 7 + 1
