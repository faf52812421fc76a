"""Who has not begun, who is late, who needs help: the rules by their numbers."""

from __future__ import annotations

from typing import Any

import pytest

from nation.desk.attention import Standing, find_concerns

# Half of the time has passed, so has half of the work, with proof of all of it: nobody needs to look.
FINE: dict[str, Any] = {
    "has_round": True,
    "is_open": True,
    "is_with_province": True,
    "days_open": 30,
    "days_left": 30,
    "passed": 50,
    "asked": 100,
    "answered": 50,
    "places": 20,
}


def reasons(*, running: bool = True, **changed: Any) -> list[tuple[str, str]]:
    standing = Standing(**{**FINE, **changed})
    return [(concern.kind.value, concern.reason) for concern in find_concerns(standing, is_year_running=running)]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"has_round": False}, [("not_begun", "no_round")]),
        ({"has_round": False, "running": False}, []),
        ({"answered": 0}, [("not_begun", "nothing_answered")]),
        ({"asked": None, "answered": 0}, []),  # not counted yet is not "nothing answered"
        ({"answered": 25}, [("late", "behind_time")]),
        ({"answered": 26}, []),
        ({"overdue": 1, "days_left": 15}, []),
        ({"overdue": 1, "days_left": 14}, [("late", "parts_overdue")]),
        ({"overdue": 1, "days_left": 14, "answered": 1}, [("late", "parts_overdue")]),  # one reason of a kind
        ({"open_points": 19, "days_left": 7}, []),
        ({"open_points": 20, "days_left": 8}, []),
        ({"open_points": 20, "days_left": 7}, [("help", "many_open_points")]),
        ({"unproven": 9}, []),
        ({"unproven": 10}, [("help", "evidence_behind")]),
        ({"unproven": 20, "passed": 49}, []),
        ({"unproven": 20, "answered": 49}, []),
        ({"answered": 25, "open_points": 20, "days_left": 7}, [("late", "behind_time"), ("help", "many_open_points")]),
        ({"is_with_province": False, "answered": 0, "overdue": 9, "days_left": 1}, []),
        ({"is_open": False, "days_left": -3}, [("late", "closed")]),
        ({"is_open": False, "days_left": -3, "running": False}, []),
        ({"is_open": False, "days_left": 60, "answered": 0}, []),  # not opened yet
    ],
)
def test_each_rule_at_its_edge(changed: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert reasons(**changed) == expected


def test_a_reason_tells_its_numbers() -> None:
    standing = Standing(**{**FINE, "answered": 10})
    [concern] = find_concerns(standing, is_year_running=True)
    assert concern.numbers == {"passed": 50, "progress": 10}
