"""Limits of requests: by whole periods, for each key; they hold while Redis is away."""

from __future__ import annotations

from typing import Any

import pytest

from dgready import rate_limit
from dgready.rate_limit import seconds_to_wait


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The time of day, which stands still."""

    class Moment:
        now = 1_800_000_000.0  # a whole minute begins

    monkeypatch.setattr(rate_limit.time, "time", lambda: Moment.now)
    return Moment


def test_the_first_ones_pass_and_the_next_period_begins_anew(moment: Any) -> None:
    moment.now += 15
    assert [seconds_to_wait(key="a", limit=2) for _ in range(3)] == [0, 0, 45]
    assert seconds_to_wait(key="b", limit=2) == 0
    moment.now += 45
    assert seconds_to_wait(key="a", limit=2) == 0


def test_it_holds_while_redis_is_away(moment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def add(self, *args: Any, **more: Any) -> bool:
            return True

        def incr(self, key: str) -> int:
            raise ValueError(key)

    monkeypatch.setattr(rate_limit, "cache", Away())
    assert [seconds_to_wait(key="away", limit=2) for _ in range(3)] == [0, 0, 60]
