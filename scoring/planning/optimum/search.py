"""The best choice of steps: exact, by dynamic programming over Pareto fronts of effort and gain. PURE.

Sub-pillars are independent choices; a pillar's level follows from the levels of its sub-pillars, the total from the
gains. For every pillar the fronts are kept apart by what its level means for the goal, then pillars are joined with
the number of pillars at each wanted level as the state. Nothing is rounded: gains and efforts are whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scoring.engine.levels import compute_index, round_to_level
from scoring.scheme.types import LevelRule

GoalState = tuple[int, ...]
ChoiceLink = Any  # the choices made so far: (those before, the newest), or None
FrontPoint = tuple[int, int, ChoiceLink]  # effort, gain, choices
ParetoFront = list[FrontPoint]


@dataclass(frozen=True, slots=True)
class EffortOption:
    """A way to leave a sub-pillar: effort, what it gives to the total, its level (0: none)."""

    effort: int
    gain: int
    level: int


@dataclass(frozen=True, slots=True)
class PlanGoal:
    """What to reach. `gain`: at least so much in all; `pillars`: (level, how many at it or above).

    `floor`: no pillar below that level; `budget`: at most so much effort, then as much gain as possible.
    """

    gain: int = 0
    pillars: tuple[tuple[int, int], ...] = ()
    floor: int = 0
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class BestChoice:
    """The best plan: effort, gain, and the option taken for every sub-pillar of every pillar, in order."""

    effort: int
    gain: int
    picks: tuple[tuple[int, ...], ...]


def search_best_choice(
    pillars: Sequence[Sequence[Sequence[EffortOption]]], rule: LevelRule | None, goal: PlanGoal
) -> BestChoice | None:
    """The plan of least effort that reaches the goal (with a budget: of most gain); None: it cannot be reached.

    `pillars`: for each pillar its sub-pillars, for each of these its options. Equal plans: more gain, less effort.
    """
    states: dict[GoalState, ParetoFront] = {(0,) * len(goal.pillars): [(0, 0, None)]}
    for subs in pillars:
        states = _join_pillar(states, _build_pillar_fronts(subs, rule, goal), goal)
        if not states:
            return None
    wanted = tuple(n for _, n in goal.pillars)
    points = [p for state, front in states.items() if state == wanted for p in front if p[1] >= goal.gain]
    if not points:
        return None
    if goal.budget is None:
        effort, gain, link = min(points, key=lambda p: (p[0], -p[1]))
    else:
        effort, gain, link = max(points, key=lambda p: (p[1], -p[0]))
    return BestChoice(effort, gain, _unlink_picks(link, [len(subs) for subs in pillars]))


def _build_pillar_fronts(
    subs: Sequence[Sequence[EffortOption]], rule: LevelRule | None, goal: PlanGoal
) -> dict[GoalState, ParetoFront]:
    """The fronts of a pillar by what its level means: 1 for each wanted level that it reaches."""
    smallest = rule is not None and rule.index.value == "min"
    fronts: dict[int, ParetoFront] = {-1 if smallest else 0: [(0, 0, None)]}
    for options in subs:
        grown: dict[int, list[FrontPoint]] = {}
        for acc, front in fronts.items():
            for at, option in enumerate(options):
                level = (option.level if acc < 0 else min(acc, option.level)) if smallest else acc + option.level
                grown.setdefault(level, []).extend(
                    (e + option.effort, g + option.gain, (link, at)) for e, g, link in front
                )
        fronts = {acc: _keep_pareto_front(points, goal.budget) for acc, points in grown.items()}
    out: dict[GoalState, list[FrontPoint]] = {}
    for acc, front in fronts.items():
        level = _compute_pillar_level(acc, len(subs), rule, smallest)
        if level >= goal.floor:
            out.setdefault(tuple(int(level >= x) for x, _ in goal.pillars), []).extend(front)
    return {state: _keep_pareto_front(points, goal.budget) for state, points in out.items()}


def _compute_pillar_level(acc: int, count: int, rule: LevelRule | None, smallest: bool) -> int:
    if rule is None or not count:
        return 0
    index = Fraction(acc) if smallest else Fraction(acc, count)
    return round_to_level(rule, compute_index(rule, [index]))


def _join_pillar(
    states: Mapping[GoalState, ParetoFront], more: Mapping[GoalState, ParetoFront], goal: PlanGoal
) -> dict[GoalState, ParetoFront]:
    wanted = tuple(n for _, n in goal.pillars)
    grown: dict[GoalState, list[FrontPoint]] = {}
    for state, front in states.items():
        for flags, own in more.items():
            new = tuple(min(a + b, n) for a, b, n in zip(state, flags, wanted, strict=True))
            grown.setdefault(new, []).extend((e + f, g + h, (link, mine)) for f, h, mine in own for e, g, link in front)
    return {state: _keep_pareto_front(points, goal.budget) for state, points in grown.items()}


def _keep_pareto_front(points: Iterable[FrontPoint], budget: int | None) -> ParetoFront:
    """The points that no other beats in both effort and gain, by effort."""
    top: dict[int, FrontPoint] = {}
    for point in points:
        effort = point[0]
        if budget is not None and effort > budget:
            continue
        known = top.get(effort)
        if known is None or point[1] > known[1]:
            top[effort] = point
    out: ParetoFront = []
    for effort in sorted(top):
        if not out or top[effort][1] > out[-1][1]:
            out.append(top[effort])
    return out


def _unlink_picks(link: ChoiceLink, sizes: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """The options taken, pillar by pillar."""
    out = []
    for _size in reversed(sizes):
        assert link is not None
        link, mine = link
        out.append(_unlink(mine))
    return tuple(reversed(out))


def _unlink(link: ChoiceLink) -> tuple[int, ...]:
    out = []
    while link is not None:
        link, at = link
        out.append(at)
    return tuple(reversed(out))
