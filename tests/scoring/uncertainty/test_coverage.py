"""Hidden truths: the 90 % interval holds the true score about as often as it says, and is much narrower than a range.

The truths are drawn by other means than the sampler's (hidden.py) and scored by the exact engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random

import pytest

from scoring.engine.facts import ResponseFacts
from scoring.engine.score import compute_score_sheet
from scoring.engine.score_range import compute_sheet_ranges
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.registry import get_kpi_scheme
from scoring.kpi.rules import evaluate_kpi
from scoring.kpi.types import ProvinceResult
from scoring.uncertainty.draws import draw_readings
from scoring.uncertainty.kpi_chances import compute_kpi_points
from scoring.uncertainty.outcomes import compute_outcomes
from scoring.uncertainty.summary import ScoreUncertainty, summarize_outcomes
from survey.instrument.path import resolve_path
from tests.scoring.uncertainty.hidden import make_truth
from tests.scoring.uncertainty.made_up import EXTERNALS, make_answers
from tests.scoring.worlds import world

pytestmark = [pytest.mark.slow, pytest.mark.once]

TRUTHS, PROVINCES = 200, 40
KEPT = (1.0, 0.8)  # every second truth agrees with all that is published, the others mostly
PAST = {
    2566: ProvinceResult(Decimal("39.78"), (1,) * 6 + (3,)),
    2567: ProvinceResult(Decimal("41.50"), (3, 2, 3, 3, 2, 3, 1)),
}


@dataclass(frozen=True)
class Case:
    """A made-up province: what is said of its score, and its score by each of some truths."""

    found: ScoreUncertainty
    width_of_range: Decimal
    truths: Sequence[ScoreSheet]


@cache
def cases() -> tuple[Case, ...]:
    """Every province with the truths it is scored by; each truth scores two provinces."""
    instrument, scheme = world("real")
    draws = draw_readings(instrument, scheme)
    truths = [make_truth(scheme, Random(10_000 + n), kept=KEPT[n % 2]) for n in range(TRUTHS)]
    kpi = get_kpi_scheme(scheme.year)
    assert kpi is not None
    found = []
    for number in range(PROVINCES):
        path = resolve_path(instrument, make_answers("real", number + 1))
        facts = ResponseFacts(path, frozenset(path.places), EXTERNALS)
        sheet = compute_score_sheet(instrument, scheme, facts)
        outcomes = compute_outcomes(instrument, scheme, facts, sheet, draws)
        points = compute_kpi_points(kpi, "TH-43", outcomes, PAST)
        span = compute_sheet_ranges(instrument, scheme, facts, sheet).total
        mine = truths[number % 20 :: 20]
        sheets = [compute_score_sheet(instrument, truth, facts) for truth in mine]
        found.append(Case(summarize_outcomes(outcomes, draws, points), span.high - span.low, sheets))
    return tuple(found)


def share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags)


def test_the_interval_holds_the_true_total_nine_times_in_ten() -> None:
    assert sum(len(c.truths) for c in cases()) == 2 * TRUTHS
    inside = [c.found.total.low <= t.total <= c.found.total.high for c in cases() for t in c.truths]
    assert 0.85 <= share(inside) <= 0.95, share(inside)


def test_it_is_at_least_a_third_narrower_than_the_range() -> None:
    widths = [(c.found.total.high - c.found.total.low) / c.width_of_range for c in cases()]
    assert sum(widths) / len(widths) <= Decimal(2) / 3


def test_the_intervals_of_pillars_hold_theirs() -> None:
    for position, number in enumerate("1234567"):
        inside = [
            c.found.pillars[number].low - Decimal("0.01")
            <= t.pillars[position].score
            <= c.found.pillars[number].high + Decimal("0.01")
            for c in cases()
            for t in c.truths
        ]
        # A pillar's score takes few values, so its interval holds rather more than nine in ten.
        assert 0.8 <= share(inside) <= 1, (number, share(inside))


def test_chances_of_levels_come_true_as_often_as_they_say() -> None:
    said = [
        (float(chance), (t.pillars[position].level or 0) >= level)
        for c in cases()
        for t in c.truths
        for position, number in enumerate("1234567")
        for level in (2, 3, 4, 5)
        for chance in [sum(v for k, v in c.found.pillar_level_chances[number].items() if k >= level)]
    ]
    assert reliability_gap(said) < 0.1


def test_chances_of_kpi_targets_come_true_as_often_as_they_say() -> None:
    kpi = get_kpi_scheme(world("real")[1].year)
    assert kpi is not None
    said = []
    for c in cases():
        assert c.found.kpi is not None
        for t in c.truths:
            now = ProvinceResult(t.total, tuple(p.level for p in t.pillars if p.level is not None))
            for part in evaluate_kpi(kpi, "TH-43", now, PAST).parts:
                for target in part.targets:
                    passed = part.reading is not None and part.reading >= target.reading
                    said.append((float(c.found.kpi.parts[part.key][target.key]), passed))
    assert reliability_gap(said) < 0.15


def reliability_gap(said: Sequence[tuple[float, bool]]) -> float:
    """The largest difference between what was said and what came true, over fifths of the probability."""
    gaps = []
    for low in (0, 0.2, 0.4, 0.6, 0.8):
        bin_ = [(p, came) for p, came in said if low <= p <= low + 0.2 and (p < low + 0.2 or low == 0.8)]
        if len(bin_) >= 60:
            gaps.append(abs(sum(p for p, _ in bin_) / len(bin_) - share([came for _, came in bin_])))
    assert gaps
    return max(gaps)
