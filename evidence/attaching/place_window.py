"""The days from which an evidence place of a response asks its documents."""

from __future__ import annotations

from survey.instrument.place_windows import window_at
from survey.instrument.queries import compiled_instrument
from survey.instrument.windows import Period
from survey.models import Response


def place_window(response: Response, address: str) -> Period | None:
    """The first and the last day that count at the place in this round; None where any day will do."""
    round_ = response.round
    window = window_at(compiled_instrument(round_.instrument), address)
    return window.span((round_.period_from, round_.period_to))
