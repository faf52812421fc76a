"""When a request arrived: by our web server alone, counted back from now, and not without end."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from dgready.arrival import ARRIVED, LONGEST, deadline_now, keep_arrival


def waited(**environ: Any) -> float:
    """By how many seconds what answers the request looks back."""
    seen: list[float] = []

    def answer(_request: HttpRequest) -> HttpResponse:
        seen.append((timezone.now() - deadline_now()).total_seconds())
        return HttpResponse()

    keep_arrival(answer)(RequestFactory().post("/", **environ))
    return seen[0]


@pytest.mark.parametrize("seconds", [0, 30, LONGEST.total_seconds() - 5])
def test_it_is_counted_back_by_the_time_it_waited(seconds: float) -> None:
    assert waited(**{ARRIVED: time.monotonic() - seconds}) == pytest.approx(seconds, abs=1)


@pytest.mark.parametrize(
    "begun",
    [
        lambda: time.monotonic() - LONGEST.total_seconds() - 5,
        lambda: time.monotonic() + 60,
        lambda: str(time.monotonic() - 30),
        lambda: None,
    ],
    ids=["too old", "to come", "no number", "not told"],
)
def test_what_is_not_believed_arrived_now(begun: Any) -> None:
    assert waited(**{ARRIVED: begun()}) == pytest.approx(0, abs=1)


def test_no_header_of_a_client_tells_it() -> None:
    headers = {f"HTTP_{name}": str(time.monotonic() - 30) for name in ("DGREADY_ARRIVED", "DGREADY.ARRIVED", "DATE")}
    assert waited(**headers) == pytest.approx(0, abs=1)


def test_the_next_one_and_a_task_have_times_of_their_own() -> None:
    waited(**{ARRIVED: time.monotonic() - 30})
    assert timezone.now() - deadline_now() < timedelta(seconds=1)
    assert waited() == pytest.approx(0, abs=1)
