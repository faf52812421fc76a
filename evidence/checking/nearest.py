"""Where a quote stands instead, or what in its file is most like it: what a person is offered. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dgready.thai_repair import find_key, repair_text
from dgready.typed.pages import page_numbers
from evidence.reading.approximate import find_approximate
from evidence.reading.pages import DocumentText, PageText, Rectangle
from evidence.reading.quotes import find_quote
from evidence.reading.searching import search

MOST_OFFERS: Final = 3
_LETTERS_PER_EDIT: Final = 3  # of a quote, for each letter by which a passage may differ and still be like it
_SHORTEST: Final = 8  # letters; whatever is shorter is like everything
_LEAST_SCORE: Final = 0.2  # of a search: less is chance
_SEARCHED_PAGES: Final = 120  # those nearest to the page that was named


_LINE_END_IN_THAI: Final = re.compile(r"(?<=[ก-๎])\s*\n\s*(?=[ก-๎])")  # Thai goes on without a blank


@dataclass(frozen=True, slots=True)
class Offer:
    """A passage to take over. `is_same`: the quote itself, which stands on this page."""

    page: int
    quote: str
    rectangles: tuple[Rectangle, ...]
    is_same: bool


def find_offers(document: DocumentText, quote: str, pages: str) -> list[Offer]:
    """The pages on which the quote stands instead; else the passage that is most like it; none where nothing is."""
    named = page_numbers(pages, last=max((page.number for page in document.pages), default=0))
    found = find_quote(document, quote, named or [0])
    if found.elsewhere:
        return [Offer(place.page, quote, place.rectangles, True) for place in found.elsewhere[:MOST_OFFERS]]
    if found.state.is_found or len(find_key(quote)) < _SHORTEST:
        return []
    near = sorted(document.pages, key=lambda page: (_distance(page, named), page.number))[:_SEARCHED_PAGES]
    best = next(_alike(near, quote, named), None) or _search(near, quote)
    return [best] if best is not None else []


def _distance(page: PageText, named: list[int]) -> int:
    return min((abs(page.number - number) for number in named), default=0)


def _alike(pages: list[PageText], quote: str, named: list[int]) -> Iterator[Offer]:
    """Passages of the pages named and those beside them that differ by few letters."""
    key = find_key(repair_text(quote))
    for page in pages:
        if _distance(page, named) > 1:
            return
        hit = find_approximate(page.key, key, len(key) // _LETTERS_PER_EDIT)
        if hit is not None and hit.end > hit.start:
            origins = page.key_origins
            end = origins[hit.end] if hit.end < len(origins) else len(page.text)
            yield _offer(page, origins[hit.start], end)


def _search(pages: list[PageText], quote: str) -> Offer | None:
    """The passage with most of the words of the quote."""
    hits = search(" ".join(quote.translate(str.maketrans("“”\"'", "    ")).split()), {0: DocumentText(tuple(pages))}, 1)
    if not hits or hits[0].score < _LEAST_SCORE:
        return None
    page = next(page for page in pages if page.number == hits[0].page)
    return _offer(page, hits[0].start, hits[0].end)


def _offer(page: PageText, start: int, end: int) -> Offer:
    text = " ".join(_LINE_END_IN_THAI.sub("", page.text[start:end]).split())
    return Offer(page.number, text, tuple(page.rectangles(start, end)), False)
