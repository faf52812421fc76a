"""Scores that know where they come from, so that one that is not official is marked wherever it is shown. PURE."""

from __future__ import annotations

from decimal import Decimal

OFFICIAL = "official"


class MarkedScore(Decimal):
    """A score that was not published as such: recovered or assumed. What is computed with it is a plain number."""

    origin: str = OFFICIAL


def mark_score(value: Decimal, origin: str) -> Decimal:
    """The score with its origin; an official one is the plain number."""
    if origin in ("", OFFICIAL):
        return value
    marked = MarkedScore(value)
    marked.origin = origin
    return marked


def origin_of(value: Decimal | None) -> str:
    """Where a score comes from: "official" for every plain number."""
    return value.origin if isinstance(value, MarkedScore) else OFFICIAL
