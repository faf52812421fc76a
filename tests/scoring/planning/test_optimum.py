"""The optimal plan against brute force: every choice tried."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.levels import compute_index, round_to_level
from scoring.planning.optimum.search import BestChoice, EffortOption, PlanGoal, search_best_choice
from scoring.scheme.sourced import SourcedRule
from scoring.scheme.types import LevelBand, LevelRule
from survey.instrument.schema import LocalizedText

NO = LocalizedText()
BANDS = tuple(LevelBand(n, Decimal(20 * n) if n < 5 else None, True) for n in range(1, 6))
rules = st.builds(
    lambda index, rounding: LevelRule(
        BANDS, SourcedRule(index, "assumed", NO), SourcedRule(rounding, "assumed", NO), "assumed", NO
    ),
    st.sampled_from(["mean", "min"]),
    st.sampled_from(["floor", "nearest", "ceiling"]),
)
options = st.builds(EffortOption, st.integers(0, 6), st.integers(0, 20), st.integers(1, 5))
subs = st.lists(options, min_size=1, max_size=3)
pillars = st.lists(st.lists(subs, min_size=1, max_size=2), min_size=1, max_size=3)
goals = st.builds(
    PlanGoal,
    st.integers(0, 60),
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3)), max_size=2).map(tuple),
    st.integers(0, 3),
    st.none() | st.integers(0, 20),
)


def brute(some: list[list[list[EffortOption]]], rule: LevelRule, goal: PlanGoal) -> tuple[int, int] | None:
    found = []
    flat = [options for pillar in some for options in pillar]
    for picks in product(*flat):
        effort, gain = sum(p.effort for p in picks), sum(p.gain for p in picks)
        rest, levels = list(picks), []
        for pillar in some:
            own, rest = rest[: len(pillar)], rest[len(pillar) :]
            levels.append(round_to_level(rule, compute_index(rule, [p.level for p in own])))
        enough = all(sum(x >= level for x in levels) >= n for level, n in goal.pillars)
        fits = goal.budget is None or effort <= goal.budget
        if gain >= goal.gain and enough and min(levels) >= goal.floor and fits:
            found.append((effort, gain))
    if goal.budget is None:
        return min(found, key=lambda f: (f[0], -f[1]), default=None)
    return max(found, key=lambda f: (f[1], -f[0]), default=None)


def check(some: list[list[list[EffortOption]]], found: BestChoice) -> None:
    chosen = [
        options[at]
        for pillar, picks in zip(some, found.picks, strict=True)
        for options, at in zip(pillar, picks, strict=True)
    ]
    assert found.effort == sum(o.effort for o in chosen)
    assert found.gain == sum(o.gain for o in chosen)


@pytest.mark.slow
@settings(max_examples=400)
@given(pillars, rules, goals)
def test_it_is_as_good_as_trying_everything(
    some: list[list[list[EffortOption]]], rule: LevelRule, goal: PlanGoal
) -> None:
    wanted, found = brute(some, rule, goal), search_best_choice(some, rule, goal)
    assert (found and (found.effort, found.gain)) == wanted
    if found:
        check(some, found)
