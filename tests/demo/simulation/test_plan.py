"""Who answers what in a play: the reviewed list where it fits, nothing twice, nothing without anybody."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from demo.sample_file import load_sample
from demo.simulation.assignment_plan import named_agencies, simulated_assignments
from survey.assigning.assignment_list import AssignmentEntry
from survey.assigning.targets import AssignmentTarget, assignable_sub_pillars, covered_questions
from survey.instrument.check import check_instrument
from survey.instrument.schema import CompiledInstrument
from tests.trial import REAL, TRIAL

ROWS = load_sample()["assignments"]
CODES = ["PO", "SO", "PH", *(f"A{n}" for n in range(9))]
ANSWERS = ("R", "S")


@cache
def form(path: Path) -> CompiledInstrument:
    compiled, faults = check_instrument(path.read_text(encoding="utf8"))
    assert compiled, faults
    return compiled


def of(found: list[AssignmentEntry], target: AssignmentTarget) -> dict[str, tuple[str, bool]]:
    return {e.agency: (e.role, e.if_any) for e in found if e.target == target}


def test_the_list_of_the_sample_province() -> None:
    found = simulated_assignments(form(REAL), CODES, ROWS)
    assert named_agencies(ROWS) == ["PO", "SO", "PH"]
    assert of(found, AssignmentTarget("1.4")) == {"SO": ("R", False), "PO": ("A", False)}
    assert of(found, AssignmentTarget("1.1"))["PH"] == ("R", False)
    assert of(found, AssignmentTarget("1.1"))["A3"] == ("S", True)
    assert of(found, AssignmentTarget(question="P6.2.1", item="P6.2.1.2a")) == {"PH": ("R", False)}
    # A group leaves out those who are named for any part of the question.
    assert set(of(found, AssignmentTarget(question="P6.2.1"))) == set(CODES) - {"PO", "PH"}
    assert of(found, AssignmentTarget("8.1"))["SO"] == ("R", False)


def test_other_offices_do_the_work_of_those_that_are_not_there() -> None:
    found = simulated_assignments(form(REAL), ["X", "PH", "Y"], ROWS)
    assert of(found, AssignmentTarget("1.4")) == {"Y": ("R", False), "X": ("A", False)}
    assert of(found, AssignmentTarget(question="P6.2.1", item="P6.2.1.2a")) == {"PH": ("R", False)}


@pytest.mark.parametrize("path", [TRIAL, REAL], ids=lambda p: p.stem)
@pytest.mark.parametrize("number", [1, 2, 3, 12])
def test_nothing_twice_and_nothing_left_out(path: Path, number: int) -> None:
    instrument = form(path)
    found = simulated_assignments(instrument, CODES[:number], ROWS)
    assert len({e.key for e in found}) == len(found)
    assert {e.agency for e in found} == set(CODES[:number])
    given = {q for e in found for q in covered_questions(instrument, e.target)}
    assert given == {
        q
        for code in assignable_sub_pillars(instrument)
        if code
        for q in covered_questions(instrument, AssignmentTarget(code))
    }
    if number > 1:
        answered = {q for e in found if e.role in ANSWERS for q in covered_questions(instrument, e.target)}
        assert answered == given


def test_a_form_the_list_does_not_know_is_spread_evenly() -> None:
    found = simulated_assignments(form(TRIAL), CODES[:4], ROWS)
    assert {e.role for e in found} == {"R", "A", "S"}
    first, second = (of(found, AssignmentTarget(code)) for code in assignable_sub_pillars(form(TRIAL))[:2])
    assert set(first.values()) == {("R", False)}
    assert second == {"SO": ("R", False), "PH": ("A", False), "A0": ("S", True), "PO": ("S", True)}
