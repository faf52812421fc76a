"""Actions and plans: every step is proven by the engine, every plan is the best of all there are."""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from itertools import product

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.facts import ResponseFacts
from scoring.engine.score import compute_score_sheet
from scoring.planning.optimum.as_json import serialize_plan
from scoring.planning.optimum.optimizer import list_step_combinations
from scoring.planning.optimum.plan import propose_plan
from scoring.planning.optimum.plan_types import PlanningCase, PlanTarget
from scoring.planning.what_if.changes import ScenarioChanges, apply_changes, merge_changes, parse_changes
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue
from tests.factories import ProvinceFactory
from tests.scoring.engine.test_properties import answers, full_places, some_of
from tests.scoring.published import load_published_results
from tests.scoring.worlds import full_answers, world
from tests.trial import REAL, make_trial

pytestmark = [pytest.mark.slow, pytest.mark.once]

ALL = {"3.3": Decimal("49.83"), "4.2": Decimal("69.52"), "4.3": Decimal("49.52"), "2.2": Decimal("33.33")}
both = pytest.mark.parametrize("name", ["real", "trial"])


def case(name: str, values: Mapping[str, AnswerValue], marked: frozenset[str] | None = None) -> PlanningCase:
    instrument, scheme = world(name)
    path = resolve_path(instrument, values)
    facts = ResponseFacts(path, frozenset(path.places) if marked is None else marked, ALL)
    efforts = {kind: int(work.effort.value) for kind, work in scheme.work_kinds.items()}
    return PlanningCase(instrument, scheme, values, facts, compute_score_sheet(instrument, scheme, facts), efforts)


def drawn(name: str, data: st.DataObject) -> PlanningCase:
    return case(name, data.draw(answers(name)), some_of(data, full_places(name))).with_contradictions_held()


@pytest.mark.slow
@both
@settings(max_examples=15)
@given(data=st.data())
def test_every_way_scores_as_it_promises(name: str, data: st.DataObject) -> None:
    some = drawn(name, data)
    for code, ways in list_step_combinations(some).items():
        assert ways[0][0].effort == 0, "doing nothing is a way"
        for way, promised in ways:
            after = some.score_changes(merge_changes(s.changes for s in way.steps))[1]
            assert next(s.score for s in after.sub_pillars if s.code == code) == promised


@pytest.mark.slow
@both
@settings(max_examples=15)
@given(data=st.data())
def test_actions_add_up_to_the_result(name: str, data: st.DataObject) -> None:
    some = drawn(name, data)
    found = propose_plan(
        some, data.draw(st.sampled_from([PlanTarget(total=Decimal(70)), PlanTarget(pillars=2), PlanTarget(effort=25)]))
    )
    assert sum((a.gain for a in found.actions), Decimal(0)) == found.after.low - found.before.low
    assert sum(a.effort for a in found.actions) == found.effort
    assert found.target.effort is None or found.effort <= found.target.effort
    assert found.ranges.total.low <= found.after.low <= found.ranges.total.high
    if found.reached:
        assert found.target.total is None or (found.after.total or 0) >= found.target.total
        assert found.target.pillars is None or found.after.pillars_at(3) >= found.target.pillars
    keys = [p.key for a in found.actions for p in a.pieces]
    assert len(keys) == len(set(keys)), "nothing is asked for twice"
    json.dumps(serialize_plan(found, some.scheme))


@pytest.mark.slow
@settings(max_examples=40)
@given(data=st.data())
def test_no_other_choice_of_ways_is_less_work(data: st.DataObject) -> None:
    some = drawn("trial", data)
    ways = list_step_combinations(some)
    wanted = data.draw(st.decimals(0, 100, places=1))
    budget = data.draw(st.integers(0, 30))
    cheapest: int | None = None
    most = Decimal(-1)
    for picked in product(*ways.values()):
        steps = [s for way, _score in picked for s in way.steps]
        effort = sum(way.effort for way, _score in picked)
        total = some.score_changes(merge_changes(s.changes for s in steps))[1].total or Decimal(0)
        if total >= wanted:
            cheapest = effort if cheapest is None else min(cheapest, effort)
        if effort <= budget:
            most = max(most, total)
    found = propose_plan(some, PlanTarget(total=wanted))
    assert found.reached == (cheapest is not None)
    # Not always the same: what serves two ways is done once.
    assert cheapest is None or found.effort <= cheapest
    assert (propose_plan(some, PlanTarget(effort=budget)).after.total or Decimal(0)) >= most


def test_an_empty_form_can_reach_what_the_form_asks() -> None:
    some = case("real", {})
    found = propose_plan(some, PlanTarget(pillars=6))
    assert found.reached
    assert found.after.pillars_at(3) >= 6
    everything = propose_plan(some, PlanTarget(total=Decimal(100)))
    assert not everything.reached
    low = [s.code for s in everything.after.sub_pillars if not s.external and s.score != 100]
    assert low == ["4.1"], "only the share of services cannot be planned before they are counted"


def test_what_is_not_planned_is_said() -> None:
    found = propose_plan(case("real", {}), PlanTarget(total=Decimal(80)))
    why = {one.criterion: one for one in found.left_out}
    assert set(why) == {"competency", "digital-share", "usage", "usability"}
    assert why["digital-share"].asks == ("P4.2.count", "P4.2.1.count")
    assert (
        sum(one.lost or 0 for one in found.left_out)
        + propose_plan(case("real", {}), PlanTarget(total=Decimal(100))).after.low
        == 100
    )


@pytest.mark.parametrize(
    ("counts", "expected", "effort"),
    [
        ({}, {"P4.2.count": 6, "P4.2.1.count": 2}, 4 * 10 + 5),  # four services, and counting them
        ({}, {"P4.2.count": 6, "P4.2.1.count": 6}, 5 + 5),  # only counting, all of them and the digital ones
        ({}, {"P4.2.count": 3}, 3 * 10 + 5),
        ({"P4.2": "count", "P4.2.count": "0"}, {}, 10),  # the first one is the whole
        ({"P4.2": "count", "P4.2.count": "4"}, {"P4.2.1.count": 3}, 10),
        ({"P4.2": "count", "P4.2.count": "4"}, {}, 4 * 10),
    ],
)
def test_a_share_is_planned_with_what_is_expected(counts: dict, expected: dict, effort: int) -> None:
    some = replace(case("real", counts), expected={a: Decimal(n) for a, n in expected.items()})
    found = propose_plan(some, PlanTarget(total=Decimal(100)))
    action = next(a for a in found.actions if a.criterion == "digital-share")
    assert action.points[1] == 100
    assert action.effort == effort
    assert "digital-share" not in {one.criterion for one in found.left_out}
    assert found.expected == {a: Decimal(n) for a, n in expected.items()}


def test_an_unreachable_target_names_the_best_there_is() -> None:
    some = case("real", {})
    total = propose_plan(some, PlanTarget(total=Decimal(100)))
    assert not total.reached
    assert total.reachable == PlanTarget(total=total.after.total)
    low = replace(
        some,
        facts=ResponseFacts(some.facts.path, frozenset(), {"3.3": Decimal(0), "4.2": Decimal(0), "4.3": Decimal(0)}),
    )
    low = replace(low, sheet=compute_score_sheet(low.instrument, low.scheme, low.facts))
    many = propose_plan(low, PlanTarget(pillars=9))
    assert not many.reached
    assert many.reachable == PlanTarget(pillars=6)
    assert many.effort == propose_plan(low, PlanTarget(pillars=6)).effort


def test_missing_marks_alone_are_evidence_work() -> None:
    some = case("real", full_answers("real"), frozenset())
    found = propose_plan(some, PlanTarget(effort=3))
    assert {p.kind for a in found.actions for p in a.pieces} == {"evidence"}
    assert found.effort == 3


def test_a_plan_is_made_in_a_second() -> None:
    values = {k: v for at, (k, v) in enumerate(full_answers("real").items()) if at % 3}
    some = case("real", values, frozenset())
    propose_plan(some, PlanTarget(total=Decimal(80)))
    best = 9.0
    for _attempt in range(3):
        began = time.process_time()
        propose_plan(some, PlanTarget(total=Decimal(80)))
        best = min(best, time.process_time() - began)
    assert best < 1


def test_changes_come_back_as_stored() -> None:
    made = ScenarioChanges(
        {"P1.1": "done", "P1.2": None}, frozenset({"P1.1=done"}), frozenset(), {"3.3": Decimal("49.5")}
    )
    assert parse_changes(json.loads(json.dumps(made.json()))) == made
    for bad in ({"values": {"a b": "x"}}, {"values": {"P1.1": 3}}, {"externals": {"3.3": "x"}}, {"values": [1]}):
        with pytest.raises(ValueError):
            parse_changes(bad)


def test_changes_never_touch_the_facts() -> None:
    some = case("real", {})
    after = apply_changes(
        some.instrument, some.values, some.facts, ScenarioChanges({"G1": "yes"}, frozenset({"G1=yes"}))
    )
    assert "G1" in after.path.values
    assert some.values == {}
    assert some.facts.path.values == {}


@pytest.mark.django_db
class TestCommand:
    def run(self, *args: str, province: str = "TH-43") -> dict:
        out = StringIO()
        call_command("score", "plan", "--province", province, "--year", "2568", "--format", "json", *args, stdout=out)
        return json.loads(out.getvalue())

    def test_a_plan_as_json(self) -> None:
        make_trial(REAL, ProvinceFactory(code="TH-43"))
        load_published_results()
        found = self.run("--target-kpi", "50")
        assert found["reached"]
        assert found["result"]["kpi"]["parts"] == {"pillars": 50, "total": 50}
        assert Decimal(found["result"]["low"]) <= Decimal(found["result"]["best"]) <= Decimal(found["result"]["high"])
        assert sum(a["effort"] for a in found["actions"]) == found["effort"]
        few = self.run("--effort", "10")
        assert few["effort"] <= 10
        assert {"actions", "points", "effort", "result"} <= set(few)
        with pytest.raises(CommandError, match="name a target"):
            self.run()

    @pytest.mark.parametrize(
        ("args", "said"),
        [
            (["--target-total", "x"], "'x' is not a number"),
            (["--target-total", "120"], "120 is not between 0 and 100"),
            (["--target-kpi", "60"], "60 is not one of 50, 75, 100"),
            (["--effort", "-3"], "is not a whole number"),
            (["--target-kpi", "75", "--effort", "3"], "not allowed with"),
            (["--effort", "3", "--expect", "P4.2.count"], "is not ADDRESS=NUMBER"),
        ],
    )
    def test_a_wrong_argument_is_said(self, args: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as stopped:
            self.run(*args)
        assert stopped.value.code
        assert said in capsys.readouterr().err

    def test_what_is_not_there_is_said(self) -> None:
        with pytest.raises(CommandError, match="TH-43 has no round of 2568"):
            self.run("--effort", "3")
        make_trial(REAL, ProvinceFactory(code="TH-43"))
        with pytest.raises(
            CommandError, match=r"P1\.1: not a number that is missing; missing is P4\.2\.1\.count, P4\.2\.count"
        ):
            self.run("--effort", "3", "--expect", "P1.1=3")

    def test_a_kpi_that_rests_on_a_result_nobody_entered(self) -> None:
        make_trial(REAL, ProvinceFactory(code="TH-42"))
        with pytest.raises(CommandError, match="KPI target is not known"):
            self.run("--target-kpi", "75", province="TH-42")

    def test_expected_numbers_and_what_is_left_out(self) -> None:
        make_trial(REAL, ProvinceFactory(code="TH-43"))
        found = self.run("--target-total", "100")
        assert "digital-share" in {one["criterion"] for one in found["not_planned"]}
        more = self.run("--target-total", "100", "--expect", "P4.2.count=3", "--expect", "P4.2.1.count=1")
        assert more["expected"] == {"P4.2.count": "3", "P4.2.1.count": "1"}
        assert "digital-share" not in {one["criterion"] for one in more["not_planned"]}

    def test_recommendations_in_the_json_of_a_score(self) -> None:
        make_trial(REAL, ProvinceFactory(code="TH-43"))
        out = StringIO()
        call_command("score", "response", "--province", "TH-43", "--year", "2568", "--format", "json", stdout=out)
        advice = json.loads(out.getvalue())["recommendations"]
        assert set(advice["1.1"][0]) == {"th", "en", "source"}
