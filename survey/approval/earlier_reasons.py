"""Reasons that were given earlier for points still open: at the last submission, and in the year before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.models import Response


@dataclass(frozen=True, slots=True)
class EarlierReason:
    """A reason and when it was first given. `year`: of the earlier round, None for this round's last submission."""

    text: str
    at: datetime | None
    year: int | None = None


def read_earlier_reasons(response: Response) -> Mapping[str, EarlierReason]:
    """The earlier reasons by key of the point; this round's before last year's. One query, none without a year before.

    A question that is asked again has the same address in both years.
    """
    reasons: dict[str, EarlierReason] = {}
    previous = response.round.previous_id
    if previous is not None:
        rows = Response.objects.filter(round=previous, agency=None)
        fields = ("open_points", "submitted_at", "round__year")
        for points, at, year in rows.values_list(*fields):
            reasons |= _reasons_of(points, at, year)
    return reasons | _reasons_of(response.open_points, response.submitted_at, None)


def _reasons_of(points: Iterable[Mapping[str, Any]], at: datetime | None, year: int | None) -> dict[str, EarlierReason]:
    return {
        f"{p['kind']}:{p['address']}": EarlierReason(p["reason"], _first_given(p, at), year)
        for p in points
        if p.get("reason")
    }


def _first_given(point: Mapping[str, Any], at: datetime | None) -> datetime | None:
    return datetime.fromisoformat(point["since"]) if point.get("since") else at
