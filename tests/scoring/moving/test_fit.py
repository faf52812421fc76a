"""Fitting answers to another version: every answer is either in its place or named as aside, never lost."""

from __future__ import annotations

import pytest

from scoring.moving.fit import fit_values
from survey.instrument.check import check_instrument
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue, CompiledInstrument
from tests.scoring.moving.conftest import COURSES, second_text
from tests.scoring.worlds import full_answers, text, world

FIRST = "fixtures/instruments/dg-province-2568.yaml"


def form(content: str) -> CompiledInstrument:
    compiled, faults = check_instrument(content)
    assert compiled is not None, faults
    return compiled


def flat(values: dict[str, AnswerValue], target: CompiledInstrument) -> dict[str, AnswerValue]:
    fit = fit_values(target, values)
    placed = {address: value for some in fit.values.values() for address, value in some.items()}
    assert not placed.keys() & fit.aside.keys()
    assert placed | dict(fit.aside) == values
    assert fit.gone_options.keys() <= placed.keys()
    return placed


@pytest.mark.parametrize("name", ["real", "trial"])
def test_every_answer_has_its_place_in_its_own_form(name: str) -> None:
    values = full_answers(name)
    assert flat(values, world(name)[0]) == values


def test_answers_of_the_real_form_are_kept_or_named_in_its_first_version() -> None:
    first, values = form(text(FIRST)), full_answers("real")
    placed = flat(values, first)
    assert len(placed) > len(values) * 0.8
    resolve_path(first, placed)


def test_what_has_no_place_is_named() -> None:
    second = form(second_text())
    fit = fit_values(second, COURSES)
    assert list(fit.aside) == ["T6#r1/T6.rounds#r2/T6.full"]
    assert fit.gone_options == {"T6#r1/T6.form": ("room",)}


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("T1", ["done"]),  # a list where one is chosen
        ("T2", "evening"),  # one where several are
        ("T9x", "a"),
        ("T6#r1/T6.name", "in no listed row"),
        ("T4/boat/state", "yes"),
        ("T4/kiosk/colour", "red"),
        ("T4/kiosk", "yes"),
    ],
)
def test_a_value_of_another_shape_or_place_is_aside(address: str, value: AnswerValue) -> None:
    fit = fit_values(form(second_text()), {address: value})
    assert (fit.values, fit.aside) == ({}, {address: value})
