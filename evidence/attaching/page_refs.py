"""Page references of a mark: "3", "3-5, 8". PURE."""

from __future__ import annotations

import re

from dgready.thai import arabic_digits, normalise

MAX_PAGE = 100_000
MAX_LENGTH = 200  # characters of the reference in its one spelling
_PART = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?\Z", re.ASCII)
_DASHES = re.compile(r"\s*(?:[-‐‑‒–—−~]|ถึง|to)\s*")
_COMMAS = re.compile(r"\s*(?:[,;،、]|และ|and)\s*|\s+")


class PagesError(ValueError):
    """Not a page reference; `reason` is "form", "order" or "beyond"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse(text: str, last: int | None = None) -> str:
    """The reference in one spelling. `last`: the number of pages if known. Raises PagesError."""
    text = arabic_digits(normalise(text)).strip().removeprefix("หน้า").strip()
    parts = [p for p in _COMMAS.split(_DASHES.sub("-", text)) if p]
    pages = ", ".join(_part(p, last or MAX_PAGE) for p in parts)
    if not pages or len(pages) > MAX_LENGTH:
        raise PagesError("form")
    return pages


def _part(part: str, last: int) -> str:
    match = _PART.match(part)
    if match is None:
        raise PagesError("form")
    first, end = int(match[1]), int(match[2] or match[1])
    if first < 1 or end < first:
        raise PagesError("order")
    if end > last:
        raise PagesError("beyond")
    return f"{first}-{end}" if end > first else str(first)
