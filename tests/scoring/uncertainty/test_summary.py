"""Intervals, probabilities and the KPI of drawn readings; the section of the scheme file and its faults."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from scoring.engine.score import compute_score_sheet
from scoring.kpi.registry import get_kpi_scheme
from scoring.kpi.types import ProvinceResult
from scoring.scheme.load import parse_scheme
from scoring.uncertainty.as_json import serialize_uncertainty
from scoring.uncertainty.draws import draw_readings
from scoring.uncertainty.kpi_chances import compute_kpi_points
from scoring.uncertainty.outcomes import spread_triangle
from scoring.uncertainty.summary import find_interval, summarize_outcomes
from tests.scoring.uncertainty.made_up import make_answers
from tests.scoring.uncertainty.test_outcomes import facts_of, outcomes_of
from tests.scoring.worlds import text, world

PAST = {
    2566: ProvinceResult(Decimal("39.78"), (1, 1, 1, 1, 1, 1, 3)),
    2567: ProvinceResult(Decimal("35.00"), (3, 2, 3, 3, 2, 2, 3)),
}


def test_an_interval_goes_by_the_weights() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0])
    even = find_interval(values, np.full(4, 0.25))
    assert (even.low, even.median, even.high) == (1, 2, 4)
    skewed = find_interval(values, np.array([0.01, 0.01, 0.97, 0.01]))
    assert (skewed.low, skewed.median, skewed.high) == (3, 3, 3)


def test_an_estimate_is_spread_between_its_bounds() -> None:
    places = (np.arange(1000) + 0.5) / 1000
    found = spread_triangle(places, 30.0, 50.0, 60.0)
    assert found.min() >= 30
    assert found.max() <= 60
    assert found.mean() == pytest.approx((30 + 50 + 60) / 3, abs=0.05)


def test_chances_add_up_and_a_target_passed_is_reached() -> None:
    facts = facts_of("real", make_answers("real", 6))
    outcomes = outcomes_of("real", facts, 300)
    draws = draw_readings(*world("real"), seed=1, count=300)
    kpi = get_kpi_scheme(2568)
    assert kpi is not None
    found = summarize_outcomes(outcomes, draws, compute_kpi_points(kpi, "TH-43", outcomes, PAST))
    assert sum(found.level_chances.values()) == pytest.approx(1, abs=Decimal("0.001"))
    assert found.kpi is not None
    assert found.kpi.points is not None
    assert sum(found.kpi.points_chances.values()) == pytest.approx(1, abs=Decimal("0.001"))
    for chances in found.kpi.parts.values():
        assert chances["base"] >= chances["standard"] >= chances["advanced"]
    sheet = compute_score_sheet(*world("real"), facts)
    assert sheet.total is not None
    assert found.total.low <= found.total.median <= found.total.high
    assert found.total.low - 5 <= sheet.total <= found.total.high + 5
    data = serialize_uncertainty(found)
    assert set(data["total"]) == {"low", "median", "high"}
    assert data["draws"] == 300


def test_a_target_that_rests_on_an_unknown_result_is_not_told() -> None:
    outcomes = outcomes_of("real", facts_of("real", make_answers("real", 2)), 100)
    kpi = get_kpi_scheme(2568)
    assert kpi is not None
    found = compute_kpi_points(kpi, "TH-99", outcomes, {})
    assert found.points is None
    assert all(not targets for targets in found.reached.values())


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("grid: 10", "grid: 0", "`grid` is above 0"),
        ("decay: 0.3", "decay: 3", "between 0 and 1"),
        ("{exempt: 0.4}", "{nobody: 0.4}", "no reading of this kind"),
        ("edge-60: 0.25", "edge-60: 0.95", "add up to more than 1"),
        ("shares: [2, 1, 1], chance: 0.2", "shares: [2, 1], chance: 0.2", "`weighted` has 3 `shares`"),
        ("      option: doing", "      option: nothing", "no option 'nothing'"),
        ("    work-anywhere:\n      count", "    nobody:\n      count", "is no criterion of the scheme"),
        ("    tolerance: 0.5", "    tolerance: 0", "`tolerance` above 0"),
        ("    kept: 0.8 ", "    keep: 0.8 ", "unknown key 'keep'"),
    ],
)
def test_faults_of_the_section_are_named(old: str, new: str, fault: str) -> None:
    content = text("fixtures/schemes/dg-province-2568.v3.yaml")
    assert old in content
    _, faults = parse_scheme(content.replace(old, new, 1))
    assert any(fault in str(f) for f in faults), faults


def test_a_score_that_nobody_knows_is_left_out_of_every_reading() -> None:
    facts = facts_of("real", make_answers("real", 3))
    outcomes = outcomes_of("real", type(facts)(facts.path, facts.marked, {}), 100)
    assert "3.3" not in outcomes.sub_pillars
    assert outcomes.total.max() <= 100
