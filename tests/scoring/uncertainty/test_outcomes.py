"""Every drawn reading, scored in arrays, is what the exact engine gives for that reading."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from scoring.engine.facts import ResponseFacts
from scoring.engine.levels import round_score
from scoring.engine.score import compute_score_sheet
from scoring.uncertainty.draws import draw_readings
from scoring.uncertainty.outcomes import Outcomes, compute_outcomes
from scoring.uncertainty.reading_schemes import build_reading_scheme
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue
from tests.scoring.uncertainty.made_up import EXTERNALS, make_answers
from tests.scoring.worlds import full_answers, world


def facts_of(name: str, values: dict[str, AnswerValue]) -> ResponseFacts:
    path = resolve_path(world(name)[0], values)
    return ResponseFacts(path, frozenset(path.places), EXTERNALS)


def outcomes_of(name: str, facts: ResponseFacts, count: int) -> Outcomes:
    instrument, scheme = world(name)
    draws = draw_readings(instrument, scheme, seed=1, count=count)
    return compute_outcomes(instrument, scheme, facts, compute_score_sheet(instrument, scheme, facts), draws)


@pytest.mark.parametrize("name", ["real", "trial"])
def test_arrays_give_what_the_exact_engine_gives(name: str) -> None:
    instrument, scheme = world(name)
    draws = draw_readings(instrument, scheme, seed=1, count=60)
    for number in range(4):
        facts = facts_of(name, make_answers(name, number) if number else dict(full_answers(name)))
        found = outcomes_of(name, facts, 60)
        for row in range(0, 60, 3):
            sheet = compute_score_sheet(instrument, build_reading_scheme(scheme, draws, row), facts)
            assert sheet.total is not None
            assert round(Decimal(found.total[row]), 2) == round_score(sheet.total)
            assert found.level[row] == sheet.level
            for sub in sheet.sub_pillars:
                if sub.score is not None:
                    assert round(Decimal(found.sub_pillars[sub.code][row]), 2) == sub.score, sub.code
            for pillar in sheet.pillars:
                if pillar.level is not None:
                    assert found.pillar_levels[pillar.number][row] == pillar.level


def test_draws_are_the_same_for_the_same_seed() -> None:
    facts = facts_of("real", make_answers("real", 1))
    first = outcomes_of("real", facts, 100)
    world("real")[1].compiled.clear()
    second = outcomes_of("real", facts, 100)
    assert np.array_equal(first.total, second.total)
    assert first.weights.sum() == pytest.approx(1)
    assert len(set(first.total)) > 50
