"""Unfinished apart from uncertain: the readings stand in a row, and what is lost has its reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.planning.outlook import compute_outlook
from tests.scoring.planning.test_plan import both, case, drawn
from tests.scoring.worlds import full_answers

NONE: frozenset[str] = frozenset()


def test_an_empty_form_loses_everything_by_not_being_answered() -> None:
    outlook = compute_outlook(case("real", {}), NONE)
    assert outlook.lost is not None
    assert outlook.now.total == outlook.proven.total
    assert outlook.finished.total == 100 - outlook.lost.external
    assert outlook.lost.not_answered == 100 - outlook.lost.external - outlook.now.total
    assert (outlook.lost.no_evidence, outlook.lost.answered_no) == (0, 0)


def test_a_full_form_without_proof_loses_everything_by_that() -> None:
    bare = case("real", full_answers("real"), NONE)
    lost = compute_outlook(bare, NONE).lost
    assert lost is not None
    assert lost.no_evidence == 100 - lost.external - bare.sheet.total
    assert (lost.rejected, lost.not_answered, lost.answered_no) == (0, 0, 0)


def test_what_a_reviewer_rejected_is_a_reason_of_its_own() -> None:
    bare = case("real", full_answers("real"), NONE)
    lost = compute_outlook(bare, frozenset(bare.facts.path.places)).lost
    assert lost is not None
    assert (lost.rejected, lost.no_evidence) == (100 - lost.external - bare.sheet.total, 0)


def test_an_answer_of_no_is_not_an_open_question() -> None:
    outlook = compute_outlook(case("real", {"P1.3": "none"}), NONE)
    assert outlook.lost is not None
    assert outlook.lost.answered_no > 0
    assert outlook.finished.total == 100 - outlook.lost.external - outlook.lost.answered_no


def test_without_a_total_nothing_is_said_to_be_lost() -> None:
    empty = case("real", {})
    unknown = replace(empty, sheet=replace(empty.sheet, total=None))
    assert compute_outlook(unknown, NONE).lost is None


@pytest.mark.slow
@both
@settings(max_examples=25)
@given(data=st.data())
def test_the_readings_stand_in_a_row_and_add_up(name: str, data: st.DataObject) -> None:
    some = drawn(name, data)
    outlook = compute_outlook(some, NONE)
    totals = [s.total for s in (outlook.now, outlook.claimed, outlook.proven, outlook.finished)]
    assert totals == sorted(totals)
    lost = outlook.lost
    assert lost is not None
    parts = (lost.rejected, lost.no_evidence, lost.not_answered, lost.answered_no, lost.external)
    assert all(part >= 0 for part in parts)
    assert abs(sum(parts, outlook.now.total or Decimal(0)) - 100) < Decimal("0.0000001")
