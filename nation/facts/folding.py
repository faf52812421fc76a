"""Free texts as they are compared: those that say the same in another spelling are one. PURE."""

from __future__ import annotations

from typing import Final

from dgready.thai import fold_text

LONGEST: Final = 400  # a longer reason is told apart by its beginning


def fold_reason(text: str) -> str:
    """A text as reasons are compared and coded."""
    return fold_text(text)[:LONGEST]
