"""Who answers what in a play: the reviewed list where it fits, nothing twice, nothing without anybody."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from demo import province as demo
from demo.play.plan import entries, named
from survey.assigning.assignment_list import Entry
from survey.assigning.targets import Target, columns, covered
from survey.instrument.check import check
from survey.instrument.schema import Instrument
from tests.trial import REAL, TRIAL

ROWS = demo.load()["assignments"]
CODES = ["PO", "SO", "PH", *(f"A{n}" for n in range(9))]
ANSWERS = ("R", "S")


@cache
def form(path: Path) -> Instrument:
    compiled, faults = check(path.read_text(encoding="utf8"))
    assert compiled, faults
    return compiled


def of(found: list[Entry], target: Target) -> dict[str, tuple[str, bool]]:
    return {e.agency: (e.role, e.if_any) for e in found if e.target == target}


def test_the_list_of_the_sample_province() -> None:
    found = entries(form(REAL), CODES, ROWS)
    assert named(ROWS) == ["PO", "SO", "PH"]
    assert of(found, Target("1.4")) == {"SO": ("R", False), "PO": ("A", False)}
    assert of(found, Target("1.1"))["PH"] == ("R", False)
    assert of(found, Target("1.1"))["A3"] == ("S", True)
    assert of(found, Target(question="P6.2.1", item="P6.2.1.2a")) == {"PH": ("R", False)}
    # A group leaves out those who are named for any part of the question.
    assert set(of(found, Target(question="P6.2.1"))) == set(CODES) - {"PO", "PH"}
    assert of(found, Target("8.1"))["SO"] == ("R", False)


def test_other_offices_do_the_work_of_those_that_are_not_there() -> None:
    found = entries(form(REAL), ["X", "PH", "Y"], ROWS)
    assert of(found, Target("1.4")) == {"Y": ("R", False), "X": ("A", False)}
    assert of(found, Target(question="P6.2.1", item="P6.2.1.2a")) == {"PH": ("R", False)}


@pytest.mark.parametrize("path", [TRIAL, REAL], ids=lambda p: p.stem)
@pytest.mark.parametrize("number", [1, 2, 3, 12])
def test_nothing_twice_and_nothing_left_out(path: Path, number: int) -> None:
    instrument = form(path)
    found = entries(instrument, CODES[:number], ROWS)
    assert len({e.key for e in found}) == len(found)
    assert {e.agency for e in found} == set(CODES[:number])
    given = {q for e in found for q in covered(instrument, e.target)}
    assert given == {q for code in columns(instrument) if code for q in covered(instrument, Target(code))}
    if number > 1:
        answered = {q for e in found if e.role in ANSWERS for q in covered(instrument, e.target)}
        assert answered == given


def test_a_form_the_list_does_not_know_is_spread_evenly() -> None:
    found = entries(form(TRIAL), CODES[:4], ROWS)
    assert {e.role for e in found} == {"R", "A", "S"}
    first, second = (of(found, Target(code)) for code in columns(form(TRIAL))[:2])
    assert set(first.values()) == {("R", False)}
    assert second == {"SO": ("R", False), "PH": ("A", False), "A0": ("S", True), "PO": ("S", True)}
