"""What the editions of a published result are called. PURE."""

from __future__ import annotations


def name_edition(edition: int) -> str:
    """Edition 0 is result 1.0, as first published; each later one is the next after the point."""
    return f"1.{edition}"
