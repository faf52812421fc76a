"""Totals and targets are judged on the two places that are shown: by the KPI, by levels, by the planner alike."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.levels import find_level, round_score
from scoring.kpi.load import parse_kpi
from scoring.kpi.rules import evaluate_kpi
from scoring.kpi.types import ProvinceResult
from scoring.planning.optimum.goals import least_gain
from scoring.scheme.registry import get_scheme_by_year
from tests.scoring.worlds import text

KPI, _FAULTS = parse_kpi(text("fixtures/kpi/fiscal-2568.yaml"))
NEAR = st.integers(-120, 120).map(lambda n: Decimal(n) / 10_000)  # around a boundary, in ten-thousandths


@pytest.mark.parametrize(("at", "reading"), [("60.93", 50), ("70.93", 75), ("75.93", 100)])
@given(offset=NEAR)
def test_a_kpi_target_is_reached_when_the_total_shown_is(at: str, reading: int, offset: Decimal) -> None:
    assert KPI is not None
    total = Decimal(at) + offset
    part = evaluate_kpi(KPI, "TH-43", ProvinceResult(total, (1,) * 7), {}).parts[1]
    target = next(t for t in part.targets if t.reading == reading)
    assert part.current == round_score(total)
    assert target.reached == (round_score(total) >= Decimal(at))
    assert (target.distance == 0) == target.reached


@given(
    target=st.decimals(0, 100, places=2),
    weight=st.sampled_from([Fraction(100), Fraction("76.5"), Fraction(85)]),
    scale=st.sampled_from([1, 2, 20]),
)
def test_the_planner_asks_for_exactly_what_reads_as_the_target(target: Decimal, weight: Fraction, scale: int) -> None:
    per_point = weight * 100 * scale
    gain = least_gain(target, per_point)

    def shown(amount: int) -> Decimal:
        exact = Fraction(amount) / per_point
        return round_score(Decimal(exact.numerator) / Decimal(exact.denominator))

    assert shown(gain) >= target
    assert gain == 0 or shown(gain - 1) < target


@given(edge=st.sampled_from([20, 40, 60, 80]), offset=NEAR)
def test_a_level_is_that_of_the_score_shown(edge: int, offset: Decimal) -> None:
    rule = get_scheme_by_year(2568).scheme.levels
    assert rule is not None
    score = Decimal(edge) + offset
    assert find_level(rule, score) == find_level(rule, round_score(score))
