"""Every kind of target and limit against trying every choice of work, and against a solver that shares nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from math import prod
from random import Random

import pytest

from scoring.engine.aggregates import aggregate_scores
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.rules import evaluate_kpi
from scoring.kpi.types import (
    AttainmentLevel,
    KpiMeasure,
    KpiPart,
    KpiResult,
    KpiScheme,
    ProvinceGroup,
    ProvinceResult,
    TargetCondition,
)
from scoring.planning.optimum.optimizer import list_step_combinations
from scoring.planning.optimum.piece_rules import WorkLimits
from scoring.planning.optimum.plan import propose_plan
from scoring.planning.optimum.plan_types import PlanningCase, PlanNotPossible, PlanProposal, PlanTarget
from scoring.planning.optimum.work import WorkUnit, sum_effort
from scoring.planning.what_if.changes import merge_changes
from scoring.scheme.sourced import NO_TEXT, SourcedNumber
from tests.scoring.planning.test_brute import SCHEME, cut_down, menus
from tests.scoring.planning.test_plan import case
from tests.scoring.worlds import full_answers

pytestmark = [pytest.mark.slow, pytest.mark.once]

MOST = 700  # choices of a case that are tried
READINGS = {"below": 0, "base": 50, "standard": 75, "advanced": 100}


def sourced(number: int | Decimal) -> SourcedNumber:
    return SourcedNumber(Decimal(number), "official", NO_TEXT)


def make_kpi(pillars: Sequence[int], totals: Sequence[Decimal], level: int = 4) -> Callable[[ScoreSheet], KpiResult]:
    """A KPI of two parts of 5 points: pillars at a level, and the total."""

    def part(key: str, measure: KpiMeasure, values: Sequence[int | Decimal]) -> KpiPart:
        conditions = zip(("base", "standard", "advanced"), values, strict=True)
        targets = {key: (TargetCondition("fixed", Decimal(value)),) for key, value in conditions}
        return KpiPart(key, NO_TEXT, NO_TEXT, sourced(5), measure, {"all": targets})

    scheme = KpiScheme(
        "made", 2568, 2568, NO_TEXT, sourced(10), (), "official", NO_TEXT,
        {key: AttainmentLevel(NO_TEXT, sourced(value)) for key, value in READINGS.items()},
        (part("pillars", KpiMeasure(level), pillars), part("total", KpiMeasure(None), totals)),
        None,
        (ProvinceGroup("all", NO_TEXT, None, None, frozenset({"TH-43"})),),
    )  # fmt: skip

    def judge(sheet: ScoreSheet) -> KpiResult:
        levels = tuple(p.level for p in sheet.pillars if p.level is not None)
        return evaluate_kpi(scheme, "TH-43", ProvinceResult(sheet.total, levels), {})

    return judge


@dataclass(frozen=True)
class Tried:
    """A choice of work: what it costs and leads to."""

    effort: int
    sheet: ScoreSheet
    keys: frozenset[str]
    risen: frozenset[str]

    @property
    def total(self) -> Decimal:
        return self.sheet.total or Decimal(0)


def tried(some: PlanningCase, all_: Sequence[Sequence[WorkUnit]]) -> list[Tried]:
    before = {c.id: c.points or Decimal(0) for c in some.sheet.criteria}
    out = []
    for picked in product(*([None, *menu] for menu in all_)):
        units = [u for u in picked if u is not None]
        sheet = some.score_changes(merge_changes(c for u in units for c in u.changes))[1]
        pieces = [p for u in units for p in u.pieces]
        risen = frozenset(c.id for c in sheet.criteria if (c.points or Decimal(0)) > before[c.id])
        out.append(Tried(sum_effort(pieces), sheet, frozenset(p.key for p in pieces), risen))
    return out


def drawn(seed: int) -> tuple[PlanningCase, list[list[WorkUnit]], list[Tried]] | None:
    some = cut_down(Random(seed))
    all_ = menus(some)
    if not all_ or prod(len(m) + 1 for m in all_) > MOST:
        return None
    total = some.sheet.total or Decimal(0)
    steps = [total + Decimal("0.4"), total + Decimal("0.9"), total + Decimal("1.6")]
    some = replace(some, evaluate_kpi=make_kpi([some.sheet.pillars_at(4), 6, 7], steps))
    return some, all_, tried(some, all_)


def least(every: Sequence[Tried], fits: Callable[[Tried], bool]) -> int | None:
    return min((t.effort for t in every if fits(t)), default=None)


def check(some: PlanningCase, target: PlanTarget, wanted: int | None) -> PlanProposal | None:
    """The plan for a target costs as much as the best choice of all."""
    try:
        found = propose_plan(some, target)
    except PlanNotPossible:
        assert wanted is None, target
        return None
    assert (found.effort if found.reached else None) == wanted, target
    return found


SEEDS = [503, 507, 512, 519, 526]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_target_is_reached_in_the_cheapest_way(seed: int) -> None:
    if (one := drawn(seed)) is None:
        pytest.skip("too much to try it all")
    some, _all, every = one
    for points in (Decimal("2.5"), Decimal("3.75"), Decimal(5), Decimal("6.25"), Decimal("7.5"), Decimal(10)):
        wanted = least(every, lambda t, p=points: (some.evaluate_kpi(t.sheet).points or 0) >= p)
        check(some, PlanTarget(kpi_points=points), wanted)
        if wanted:
            assert not propose_plan(some, PlanTarget(kpi_points=points, effort=wanted - 1)).reached
            assert propose_plan(some, PlanTarget(kpi_points=points, effort=wanted)).effort == wanted
    for pillar in some.sheet.pillars:
        for level in (3, 4, 5):
            reached = least(
                every,
                lambda t, n=pillar.number, x=level: next(p.level or 0 for p in t.sheet.pillars if p.number == n) >= x,
            )
            check(some, PlanTarget(pillar=pillar.number, level=level), reached)
    frontier = propose_plan(some, PlanTarget(effort=0)).frontier
    for effort in sorted({t.effort for t in every}):
        best = max(t.total for t in every if t.effort <= effort)
        assert max(total for spent, total in frontier if spent <= effort) == pytest.approx(best, abs=Decimal("1e-9"))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_must_and_must_not_be_done(seed: int) -> None:
    if (one := drawn(seed)) is None:
        pytest.skip("too much to try it all")
    some, all_, every = one
    random = Random(seed)
    total = random.choice(sorted({t.total for t in every}))
    own = [menu[0].pieces[0].key for menu in all_ if len(menu) == 1]
    for key in random.sample(own, min(3, len(own))):
        wanted = least(every, lambda t, k=key: k in t.keys and t.total >= total)
        found = check(some, PlanTarget(total=total, limits=WorkLimits(must=frozenset({key}))), wanted)
        assert found is None or not found.reached or key in {p.key for a in found.actions for p in a.pieces}
        barred = PlanTarget(total=total, limits=WorkLimits(must_not=frozenset({key})))
        check(some, barred, least(every, lambda t, k=key: k not in t.keys and t.total >= total))
    risen = sorted(set().union(*(t.risen for t in every)))
    for ident in random.sample(risen, min(2, len(risen))):
        wanted = least(every, lambda t, i=ident: i in t.risen and t.total >= total)
        check(some, PlanTarget(total=total, limits=WorkLimits(must=frozenset({ident}))), wanted)
        barred = propose_plan(some, PlanTarget(total=Decimal(100), limits=WorkLimits(must_not=frozenset({ident}))))
        assert ident not in {a.criterion for a in barred.actions}
    with pytest.raises(PlanNotPossible):
        propose_plan(some, PlanTarget(effort=9, limits=WorkLimits(must=frozenset({"no such work"}))))


# -- the whole form, by a solver of another kind ---------------------------------------------------------------


def solve(some: PlanningCase, fits: Callable[[Decimal, Sequence[int]], bool], most: int) -> int | None:
    """The least effort by branch and bound over whole pillars, levels and totals by the engine's own aggregation."""
    combinations = list_step_combinations(some)
    now = {s.code: s.score or Decimal(0) for s in some.sheet.sub_pillars}
    menus_: list[list[tuple[int, Decimal, int]]] = []
    for at, pillar in enumerate(some.sheet.pillars):
        codes = [s.code for s in pillar.sub_pillars]
        rows: dict[tuple[Decimal, int], int] = {}
        for picked in product(*(combinations[code] for code in codes)):
            scores = now | {code: score for code, (_way, score) in zip(codes, picked, strict=True)}
            judged = aggregate_scores(SCHEME, scores).pillars[at]
            assert judged.score is not None
            key = (judged.score * pillar.weight.value / 100, judged.level or 0)
            effort = sum(way.effort for way, _score in picked)
            rows[key] = min(effort, rows.get(key, effort))
        flat = [(effort, gain, level) for (gain, level), effort in rows.items()]
        kept = [a for a in flat if not any(b != a and b[0] <= a[0] and b[1] >= a[1] and b[2] >= a[2] for b in flat)]
        menus_.append(sorted(kept))
    best: list[int | None] = [None]
    top = [max(gain for _e, gain, _l in menu) for menu in menus_]
    high = [max(level for _e, _g, level in menu) for menu in menus_]

    def go(at: int, effort: int, total: Decimal, levels: tuple[int, ...]) -> None:
        limit = most if best[0] is None else best[0] - 1
        if effort > limit or not fits(total + sum(top[at:]), (*levels, *high[at:])):
            return
        if at == len(menus_):
            best[0] = effort
            return
        for spent, gain, level in menus_[at]:
            go(at + 1, effort + spent, total + gain, (*levels, level))

    go(0, 0, Decimal(0), ())
    return best[0]


@pytest.mark.parametrize("seed", [1])
def test_the_whole_form_against_another_solver(seed: int) -> None:
    random = Random(seed)
    values = {a: v for a, v in full_answers("real").items() if random.random() < 0.75}
    some = case("real", values)
    marked = frozenset(p for p in sorted(some.facts.marked) if random.random() < 0.6)
    some = case("real", values, marked)
    total = (some.sheet.total or Decimal(0)).quantize(Decimal(1))
    bounds = [total + 6, total + 12, total + 20]
    some = replace(some, evaluate_kpi=make_kpi([some.sheet.pillars_at(3) + n for n in (1, 2, 3)], bounds, 3))
    for points in (Decimal("3.75"), Decimal("6.25"), Decimal("7.5")):
        found = propose_plan(some, PlanTarget(kpi_points=points))

        def fits(total: Decimal, levels: Sequence[int], points: Decimal = points) -> bool:
            high = sum(level >= 3 for level in levels) - some.sheet.pillars_at(3)
            read = (0, 50, 75, 100)
            steps = sum(round(total, 2) >= bound for bound in bounds)
            return Decimal(5 * (read[min(max(high, 0), 3)] + read[steps])) / 100 >= points

        assert solve(some, fits, 10_000) == (found.effort if found.reached else None)
