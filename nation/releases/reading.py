"""Reading figures back from the JSON of a release. PURE."""

from __future__ import annotations

from decimal import Decimal


def decimal_of(told: str | None) -> Decimal | None:
    """A number as the JSON tells it; None for none."""
    return None if told is None else Decimal(told)
