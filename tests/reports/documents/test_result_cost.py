"""What a result report costs: flat memory over many provinces, and little more time than WeasyPrint alone.

DGREADY_PROVINCES=76 measures what is promised; `make bench` prints the time.
"""

from __future__ import annotations

import ctypes
import gc
import os
from pathlib import Path

import pytest

from reports.jobs.making.answers import make_result
from survey.answering import actions as answers
from tests.bench.result_cost import measure_result
from tests.factories import ProvinceFactory
from tests.reports.handover.conftest import quiet
from tests.reports.handover.test_memory import memory
from tests.trial import REAL, Trial, make_trial

PROVINCES = int(os.environ.get("DGREADY_PROVINCES", "6"))
FIRST = 2  # provinces after which all caches that do not grow are full
GROWTH_MB = 1.0  # a province; a paper has about a megabyte of objects


def answered_round(number: int) -> Trial:
    """The real year of another made-up province with an answer of its own."""
    trial = make_trial(REAL, ProvinceFactory(code=f"TH-{number}"))
    row = trial.question("P1.3")
    value = {"P1.3": "doing"}
    answers.save_answer(by=trial.secretariat, response=trial.response, question=row, value=value, base_revision=0)
    return trial


def resident() -> float:
    """Memory in use once what is free went back to the system, in megabytes."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return memory("VmRSS")


@pytest.mark.slow
@pytest.mark.once
def test_reports_of_many_provinces_take_the_memory_of_one(db: None, tmp_path: Path) -> None:
    seen = []
    for number in range(PROVINCES):
        trial = answered_round(10 + number)
        make_result(trial.province, trial.round.year, "th", tmp_path / "result.pdf", quiet)
        seen.append(resident())
    print("MB after each province:", " ".join(f"{one:.0f}" for one in seen))
    growth = (seen[-1] - seen[FIRST - 1]) / (PROVINCES - FIRST)
    assert growth < GROWTH_MB


@pytest.mark.slow
@pytest.mark.once
def test_a_report_costs_little_more_than_weasyprint_alone(db: None, tmp_path: Path) -> None:
    """Reading, scoring, drawing charts, laying out and mending the text layer, against laying out alone."""
    trial = answered_round(10)
    cost = measure_result(trial.province, trial.round.year, tmp_path, turns=3)
    print(f"ours {cost.ours:.2f} s, WeasyPrint alone {cost.raw:.2f} s: {cost.ratio:.2f}")
    assert cost.ratio <= 1.5
