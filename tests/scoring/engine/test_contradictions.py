"""An answer that another answer contradicts earns nothing until one of them is mended, and says so."""

from __future__ import annotations

from typing import Any

from scoring.engine.sheet import CriterionScore
from tests.scoring.worlds import criterion, sheet_of

TAUGHT = {f"P3.1/{row}/taught": "yes" for row in range(1, 8)}
MEASURED = {f"P3.1/{row}/measured": "yes" for row in range(1, 8)}


def counted(values: dict[str, Any], ident: str) -> CriterionScore:
    """A criterion of the real form with these answers, all proven."""
    return criterion(sheet_of("real", values), ident)


def test_a_row_that_another_answer_contradicts_is_not_counted() -> None:
    whole = counted(TAUGHT | MEASURED, "skills-measured")
    assert whole.value == 7
    one = counted(TAUGHT | MEASURED | {"P3.1/3/taught": "no"}, "skills-measured")
    assert one.value == 6
    assert [leaf.answer_address for leaf in one.missing if leaf.state == "contradicts"] == ["P3.1/3/measured=yes"]
    assert "ขัดกับคำตอบอื่น" in one.reason.th
    assert "contradict other answers" in one.reason.en


def test_a_choice_that_another_answer_contradicts_earns_nothing() -> None:
    agreed = {"P2.1.1": "done", "P2.1.3.1": "done", "P2.1.3.2": "done"}
    assert counted(agreed, "governance-monitoring").value == 2
    contradicted = counted(agreed | {"P2.1.1": "doing"}, "governance-monitoring")
    assert contradicted.value == 1
    assert (contradicted.points or 0) < (counted(agreed, "governance-monitoring").points or 0)
