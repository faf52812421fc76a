"""Searching the best choice of steps: exact, by dynamic programming over Pareto fronts of effort and gain. PURE.

Sub-pillars are independent choices; a pillar's level follows from the levels of its sub-pillars, the total from the
gains. For every pillar the fronts are kept apart by what its level means for the goal, then pillars are joined with
the number of pillars at each wanted level as the state. Nothing is rounded: gains and efforts are whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    """An option for a sub-pillar: effort, gain to the total, its level (0: none)."""

    effort: int
    gain: int
    level: int


@dataclass(frozen=True, slots=True)
class PlanGoal:
    """What to reach. `gain`: at least so much in all; `pillars`: (level, how many at it or above).

    `floor`: no pillar below that level; `budget`: at most so much effort, then as much gain as possible; `floors`:
    (position of a pillar, its own least level).
    """

    gain: int = 0
    pillars: tuple[tuple[int, int], ...] = ()
    floor: int = 0
    budget: int | None = None
    floors: tuple[tuple[int, int], ...] = ()


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
    points = [p for p in _search_front(pillars, rule, goal) if p[1] >= goal.gain]
    if not points:
        return None
    if goal.budget is None:
        effort, gain, link = min(points, key=lambda p: (p[0], -p[1]))
    else:
        effort, gain, link = max(points, key=lambda p: (p[1], -p[0]))
    return BestChoice(effort, gain, _unlink_picks(link, [len(subs) for subs in pillars]))


def search_frontier(
    pillars: Sequence[Sequence[Sequence[EffortOption]]], rule: LevelRule | None
) -> list[tuple[int, int]]:
    """Efforts with the most gain each can bring: every point at which more effort brings more."""
    return [(effort, gain) for effort, gain, _link in _search_front(pillars, rule, PlanGoal())]


def _search_front(
    pillars: Sequence[Sequence[Sequence[EffortOption]]], rule: LevelRule | None, goal: PlanGoal
) -> ParetoFront:
    """The front of the choices that meet what the goal says of levels."""
    states: dict[GoalState, ParetoFront] = {(0,) * len(goal.pillars): [(0, 0, None)]}
    floors = dict(goal.floors)
    for position, subs in enumerate(pillars):
        floor = max(goal.floor, floors.get(position, 0))
        states = _join_pillar(states, _build_pillar_fronts(subs, rule, replace(goal, floor=floor)), goal)
    return states.get(tuple(n for _, n in goal.pillars), [])


def _build_pillar_fronts(
    subs: Sequence[Sequence[EffortOption]], rule: LevelRule | None, goal: PlanGoal
) -> dict[GoalState, ParetoFront]:
    """The fronts of a pillar by what its level means: 1 for each wanted level that it reaches."""
    is_minimum = rule is not None and rule.index.value == "min"
    fronts: dict[int, ParetoFront] = {-1 if is_minimum else 0: [(0, 0, None)]}
    for options in subs:
        grown_fronts: dict[int, list[FrontPoint]] = {}
        for level_sum, front in fronts.items():
            for index, option in enumerate(options):
                level = (
                    (option.level if level_sum < 0 else min(level_sum, option.level))
                    if is_minimum
                    else level_sum + option.level
                )
                grown_fronts.setdefault(level, []).extend(
                    (e + option.effort, g + option.gain, (link, index)) for e, g, link in front
                )
        fronts = {level_sum: _keep_pareto_front(points, goal.budget) for level_sum, points in grown_fronts.items()}
    fronts_by_state: dict[GoalState, list[FrontPoint]] = {}
    for level_sum, front in fronts.items():
        level = _compute_pillar_level(level_sum, len(subs), rule, is_minimum)
        if level >= goal.floor:
            fronts_by_state.setdefault(tuple(int(level >= x) for x, _ in goal.pillars), []).extend(front)
    return {state: _keep_pareto_front(points, goal.budget) for state, points in fronts_by_state.items()}


def _compute_pillar_level(level_sum: int, count: int, rule: LevelRule | None, is_minimum: bool) -> int:
    if rule is None or not count:
        return 0
    index = Fraction(level_sum) if is_minimum else Fraction(level_sum, count)
    return round_to_level(rule, compute_index(rule, [index]))


def _join_pillar(
    states: Mapping[GoalState, ParetoFront], pillar_fronts: Mapping[GoalState, ParetoFront], goal: PlanGoal
) -> dict[GoalState, ParetoFront]:
    wanted_counts = tuple(n for _, n in goal.pillars)
    grown_fronts: dict[GoalState, list[FrontPoint]] = {}
    for state, front in states.items():
        for flags, pillar_front in pillar_fronts.items():
            new = tuple(min(a + b, n) for a, b, n in zip(state, flags, wanted_counts, strict=True))
            grown_fronts.setdefault(new, []).extend(
                (e + f, g + h, (link, pillar_link)) for f, h, pillar_link in pillar_front for e, g, link in front
            )
    return {state: _keep_pareto_front(points, goal.budget) for state, points in grown_fronts.items()}


def _keep_pareto_front(points: Iterable[FrontPoint], budget: int | None) -> ParetoFront:
    """The points that no other beats in both effort and gain, by effort."""
    best_by_effort: dict[int, FrontPoint] = {}
    for point in points:
        effort = point[0]
        if budget is not None and effort > budget:
            continue
        known = best_by_effort.get(effort)
        if known is None or point[1] > known[1]:
            best_by_effort[effort] = point
    front: ParetoFront = []
    for effort in sorted(best_by_effort):
        if not front or best_by_effort[effort][1] > front[-1][1]:
            front.append(best_by_effort[effort])
    return front


def _unlink_picks(link: ChoiceLink, sizes: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """The options taken, pillar by pillar."""
    picks = []
    for _size in reversed(sizes):
        assert link is not None
        link, pillar_link = link
        picks.append(_unlink(pillar_link))
    return tuple(reversed(picks))


def _unlink(link: ChoiceLink) -> tuple[int, ...]:
    picks = []
    while link is not None:
        link, index = link
        picks.append(index)
    return tuple(reversed(picks))
