"""What a plan tells those who decide: this year or next, ask or do, when it is done, how sure it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.planning.charts import build_frontier_chart, build_tornado_chart, build_weeks_chart
from scoring.planning.optimum import likely_plans
from scoring.planning.optimum.chances import OptionChances, draw_outcomes, judge_outcomes, list_reading_stakes
from scoring.planning.optimum.likely_plans import find_likely_plan
from scoring.planning.optimum.optimizer import PlanOptimizer
from scoring.planning.optimum.piece_rules import PlanCalendar, WorkLimits
from scoring.planning.optimum.plan import propose_plan
from scoring.planning.optimum.plan_types import PlanningCase, PlanTarget
from scoring.planning.optimum.questions import list_questions
from scoring.planning.optimum.schedule import (
    PlanCapacity,
    add_work_days,
    count_work_days,
    list_weeks,
    schedule_efforts,
)
from scoring.planning.optimum.sensitivity import list_assumption_stakes, list_question_stakes
from tests.scoring.planning.test_brute import cut_down
from tests.scoring.planning.test_limits_brute import check, drawn, least
from tests.scoring.planning.test_plan import case
from tests.scoring.worlds import full_answers

pytestmark = [pytest.mark.once]

PERIOD = (date(2024, 6, 12), date(2025, 5, 30))
OVER = PlanCalendar(date(2025, 6, 10), PERIOD, date(2025, 7, 31))
OPEN = PlanCalendar(date(2025, 4, 1), PERIOD, date(2025, 7, 31))


def half_done() -> PlanningCase:
    """Half of the form answered, half of that proven."""
    random = Random(7)
    values = {a: v for a, v in full_answers("real").items() if random.random() < 0.6}
    some = case("real", values)
    return case("real", values, frozenset(p for p in sorted(some.facts.marked) if random.random() < 0.5))


# -- this year or the next ---------------------------------------------------------------------------


def test_proof_counts_after_the_period_and_new_work_builds_the_next_year() -> None:
    some = replace(half_done(), calendar=OVER)
    pieces = [p for a in propose_plan(some, PlanTarget(total=Decimal(90))).actions for p in a.pieces]
    assert {p.this_year for p in pieces if p.kind == "evidence"} == {True}
    assert {p.this_year for p in pieces if p.kind != "evidence"} == {False}
    still = propose_plan(replace(some, calendar=OPEN), PlanTarget(total=Decimal(90))).actions
    assert all(a.this_year for a in still)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [507, 512])
def test_only_what_counts_this_year_against_trying_everything(seed: int) -> None:
    one = drawn(seed)
    assert one is not None
    some, all_, every = replace(one[0], calendar=OVER), one[1], one[2]
    later = {p.key for menu in all_ for u in menu for p in u.pieces if p.kind != "evidence"}
    now = [t for t in every if not t.keys & later]
    for total in sorted({t.total for t in every})[:4]:
        wanted = least(now, lambda t, x=total: t.total >= x)
        check(some, PlanTarget(total=total, limits=WorkLimits(this_year=True)), wanted)


def test_the_plan_says_what_this_year_brings() -> None:
    plan = propose_plan(replace(half_done(), calendar=OVER), PlanTarget(total=Decimal(90)))
    only_now = replace(plan.target, limits=WorkLimits(this_year=True))
    assert plan.before.low < plan.this_year.sheet.low < plan.after.low
    assert plan.this_year.effort == sum(a.effort for a in plan.actions if a.this_year)
    limited = propose_plan(replace(half_done(), calendar=OVER), only_now)
    assert not limited.reached
    assert all(p.this_year for a in limited.actions for p in a.pieces)


# -- ask before doing --------------------------------------------------------------------------------


def test_what_nobody_answered_is_asked_first() -> None:
    some = replace(half_done(), asks=True, calendar=OVER)
    plan = propose_plan(some, PlanTarget(total=Decimal(85)))
    asked = [p for a in plan.actions for p in a.questions]
    assert asked
    assert all(p.effort == 1 and p.this_year for p in asked)
    for action in plan.actions:
        changed = set(action.changes.values)
        if not action.works:
            assert not changed & some.values.keys(), "what is answered is no question"
    questions = list_questions(some.instrument, plan.actions)
    assert sorted(p.key for q in questions for p in q.pieces) == sorted(p.key for p in asked)
    asking = sum((a.gain for a in plan.actions if not a.works), Decimal(0))
    assert sum((q.gain for q in questions), Decimal(0)) == asking
    kinds = [bool(a.works) for a in plan.actions]
    assert kinds == sorted(kinds), "questions come first"


def test_the_plan_says_what_it_is_worth_when_nothing_asked_about_is_there() -> None:
    some = replace(half_done(), asks=True, calendar=OVER)
    target = PlanTarget(total=Decimal(85))
    plan = propose_plan(some, target)
    assert plan.without_answers.sheet.low < plan.after.low
    as_work = propose_plan(some, replace(target, limits=WorkLimits(unanswered_is_work=True)))
    assert as_work.effort == plan.effort_if_missing
    assert as_work.effort > plan.effort
    assert not as_work.asks
    assert as_work.effort == propose_plan(replace(some, asks=False), target).effort


# -- when it is done ---------------------------------------------------------------------------------


@given(
    st.lists(st.integers(0, 40), max_size=12), st.integers(1, 4), st.integers(0, 60),
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
)  # fmt: skip
def test_a_plan_fits_when_its_effort_does(efforts: list[int], people: int, days: int, start: date) -> None:
    works = schedule_efforts(efforts, PlanCapacity(people, days, start))
    assert all(w.fits for w in works) == (sum(efforts) <= people * days or not efforts)
    assert all(day.weekday() < 5 and day >= start for w in works for day in (w.first, w.last))
    assert all(a.last <= b.last for a, b in pairwise(works))
    if works and all(w.fits for w in works) and sum(efforts):
        assert works[-1].last <= add_work_days(start, days - 1)
    weeks = list_weeks(works)
    assert {at for week in weeks for at in week.works} == set(range(len(works)))
    for week in weeks:
        assert week.first.weekday() == 0
        assert all(works[at].first <= week.last and works[at].last >= week.first for at in week.works)


@given(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.integers(0, 400))
def test_work_days_are_counted_one_by_one(first: date, more: int) -> None:
    last = first + timedelta(days=more)
    days = [first + timedelta(days=n) for n in range(more + 1)]
    assert count_work_days(first, last) == sum(day.weekday() < 5 for day in days)
    assert count_work_days(last + timedelta(days=1), last) == 0


def test_a_plan_that_must_fit_does() -> None:
    some = half_done()
    whole = propose_plan(some, PlanTarget(total=Decimal(80)))
    tight = propose_plan(some, PlanTarget(total=Decimal(80), effort=whole.effort - 1))
    assert not tight.reached
    assert tight.effort <= whole.effort - 1
    assert tight.reachable is not None
    assert tight.reachable.total == tight.after.total
    assert propose_plan(some, PlanTarget(total=Decimal(80), effort=whole.effort)).effort == whole.effort


# -- what it hangs on --------------------------------------------------------------------------------


def test_stakes_add_up_to_the_whole_score() -> None:
    some = half_done()
    stakes = list_question_stakes(some.instrument, some.scheme, some.sheet)
    assert sum(s.down for s in stakes) == some.sheet.low
    assert sum(s.width for s in stakes) == some.sheet.known_weight
    assert [s.width for s in stakes] == sorted((s.width for s in stakes), reverse=True)
    assumed = list_assumption_stakes(some.instrument, some.scheme, some.facts, some.sheet)
    assert assumed
    assert all(s.down >= 0 and s.up >= 0 for s in assumed)
    by_reading = list_reading_stakes(some, some.facts, some.sheet)
    assert by_reading
    assert all(s.width > 0 for s in by_reading)
    assert {s.key for s in by_reading} <= {s.code for s in some.sheet.sub_pillars}
    chart = build_tornado_chart(stakes)
    assert chart is not None
    assert all(b.down_x + b.down_width == chart.middle for b in chart.bars)


def test_pictures_stay_inside_their_frame() -> None:
    plan = propose_plan(half_done(), PlanTarget(total=Decimal(85)))
    works = schedule_efforts([a.effort for a in plan.actions], PlanCapacity(2, 20, date(2025, 6, 11)))
    labels = [str(n) for n, _a in enumerate(works)]
    weeks = build_weeks_chart(works, labels, labels, date(2025, 7, 8))
    assert weeks is not None
    assert all(b.x >= 40 and b.x + b.width <= 395 and b.y < weeks.height for b in weeks.bars)
    frontier = build_frontier_chart(plan.frontier, plan.effort, plan.after.low)
    assert frontier is not None
    assert frontier.rows[0][0] == 0
    assert frontier.rows[-1][0] == plan.frontier[-1][0]
    assert [row[1] for row in frontier.rows] == sorted(row[1] for row in frontier.rows)
    assert build_weeks_chart([], [], [], None) is None


# -- how sure it is ----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("seed", [503, 512])
def test_the_likely_plan_against_trying_everything(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    some = cut_down(Random(seed))
    target = PlanTarget(total=(some.sheet.total or Decimal(0)) + Decimal("0.5"))
    board = PlanOptimizer(some)
    chances = OptionChances(some, board.combinations)
    for wanted in (0.3, 0.6, 0.9):
        exact = find_likely_plan(board, target, wanted)
        monkeypatch.setattr(likely_plans, "MAX_TRIED", 0)
        found = find_likely_plan(board, target, wanted)
        monkeypatch.undo()
        assert found.chance == pytest.approx(chances.chance(found.picks, target))
        assert (found.chance >= wanted - 1e-9) == (exact.chance >= wanted - 1e-9)
        if exact.chance >= wanted:
            assert exact.effort <= found.effort <= exact.effort * 1.5 + 1
        else:
            assert found.chance == pytest.approx(exact.chance, abs=0.01)


@pytest.mark.slow
def test_a_surer_plan_keeps_its_promise() -> None:
    some = half_done()
    plain = propose_plan(some, PlanTarget(total=Decimal(75)))
    efforts = [plain.effort]
    for wanted in ("0.6", "0.95"):
        plan = propose_plan(some, PlanTarget(total=Decimal(75), probability=Decimal(wanted)))
        assert plan.reached
        assert plan.chance is not None
        assert plan.chance >= Decimal(wanted)
        judged = judge_outcomes(some, plan.target, draw_outcomes(some, plan.facts_after, plan.after))
        assert float(plan.chance) == pytest.approx(judged, abs=1e-4)
        assert plan.likely.low <= plan.likely.median <= plan.likely.high
        efforts.append(plan.effort)
    assert efforts == sorted(efforts)
    assert plain.chance is not None
    assert plain.chance < Decimal("0.9"), "the plan at the best estimate is no sure one"
    never = propose_plan(some, PlanTarget(total=Decimal("99.99"), probability=Decimal("0.9")))
    assert not never.reached
