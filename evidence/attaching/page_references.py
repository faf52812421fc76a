"""Page references of marks, such as "3" or "3-5, 8". PURE."""

from __future__ import annotations

import re

from dgready.thai import arabic_digits, normalise_text

MAX_PAGE_NUMBER = 100_000
MAX_REFERENCE_LENGTH = 200  # characters of the reference in its one spelling
_PART = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?\Z", re.ASCII)
_DASHES = re.compile(r"\s*(?:[-‐‑‒–—−~]|ถึง|to)\s*")
_COMMAS = re.compile(r"\s*(?:[,;،、]|และ|and)\s*|\s+")


class PageReferenceError(ValueError):
    """Not a page reference; `reason` is "form", "order" or "beyond"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_page_reference(text: str, last: int | None = None) -> str:
    """The reference in one spelling. `last`: the number of pages if known. Raises PagesError."""
    text = arabic_digits(normalise_text(text)).strip().removeprefix("หน้า").strip()
    parts = [p for p in _COMMAS.split(_DASHES.sub("-", text)) if p]
    reference = ", ".join(_clean_range(p, last or MAX_PAGE_NUMBER) for p in parts)
    if not reference or len(reference) > MAX_REFERENCE_LENGTH:
        raise PageReferenceError("form")
    return reference


def _clean_range(part: str, last: int) -> str:
    match = _PART.match(part)
    if match is None:
        raise PageReferenceError("form")
    first, end = int(match[1]), int(match[2] or match[1])
    if first < 1 or end < first:
        raise PageReferenceError("order")
    if end > last:
        raise PageReferenceError("beyond")
    return f"{first}-{end}" if end > first else str(first)
