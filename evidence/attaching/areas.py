"""Rectangles on pages, as marks keep them: "2:1200,300,8000,350 3:0,0,5000,900". PURE.

A rectangle is its page and left, top, right and bottom in ten-thousandths of the page as it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

PARTS: Final = 10_000
MOST_AREAS: Final = 60  # of one mark
_AREA: Final = re.compile(r"(\d{1,5}):(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})", re.ASCII)


class Area(NamedTuple):
    """A rectangle on a page; edges in 0 … PARTS, left < right and top < bottom."""

    page: int
    left: int
    top: int
    right: int
    bottom: int

    def __str__(self) -> str:
        return f"{self.page}:{self.left},{self.top},{self.right},{self.bottom}"


def read_areas(text: str) -> list[Area]:
    """The rectangles, each once, in order of page, from above to below. Raises ValueError."""
    found = set()
    for word in text.split():
        parts = _AREA.fullmatch(word)
        if parts is None:
            raise ValueError(f"not a rectangle: {word[:40]}")
        area = Area(*map(int, parts.groups()))
        if not (area.page > 0 and area.left < area.right <= PARTS and area.top < area.bottom <= PARTS):
            raise ValueError(f"not a rectangle on a page: {area}")
        found.add(area)
    if len(found) > MOST_AREAS:
        raise ValueError(f"more than {MOST_AREAS} rectangles")
    return sorted(found, key=lambda area: (area.page, area.top, area.left))


def write_areas(areas: Iterable[Area]) -> str:
    """The rectangles as `read_areas` reads them."""
    return " ".join(map(str, areas))
