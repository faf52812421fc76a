"""Faults of a year's files in the reader's language; names and keys stay as in the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from survey.instrument.source import Fault
from survey.publishing.reading import PlacedFault, place_faults


def localized_faults(text: str, faults: Iterable[Fault]) -> Sequence[PlacedFault]:
    """The faults with the text of their lines."""
    return place_faults(text, faults)
